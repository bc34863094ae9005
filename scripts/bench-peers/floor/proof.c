#include "proof.h"

#include "failure.h"

#include <libdeflate.h>
#include <string.h>

static uint32_t big_endian(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/// Acts on a field that is whole, and goes on to what follows it.
static void take_field(struct proof *proof) {
    switch (proof->place) {
    case SIGNATURE:
        if (memcmp(proof->field, "\x89PNG\r\n\x1a\n", 8) != 0)
            fail("no PNG");
        proof->place = HEAD;
        break;
    case HEAD:
        proof->left = big_endian(proof->field);
        proof->checksum = libdeflate_crc32(0, proof->field + 4, 4);
        proof->last = memcmp(proof->field + 4, "IEND", 4) == 0;
        proof->place = proof->left > 0 ? DATA : CHECKSUM;
        break;
    case CHECKSUM:
        if (big_endian(proof->field) != proof->checksum)
            fail("a chunk's CRC is wrong");
        proof->place = proof->last ? END : HEAD;
        break;
    case DATA:
    case END:
        fail("bytes after IEND");
    }
}

void proof_begin(struct proof *proof) {
    static EVP_MD *sha256;
    if (sha256 == NULL && (sha256 = EVP_MD_fetch(NULL, "SHA256", NULL)) == NULL)
        fail("OpenSSL knows no SHA-256");
    if (proof->digest == NULL && (proof->digest = EVP_MD_CTX_new()) == NULL)
        fail("no memory");
    if (EVP_DigestInit_ex2(proof->digest, sha256, NULL) != 1)
        fail("SHA-256");
    proof->place = SIGNATURE;
    proof->filled = 0;
}

void proof_update(struct proof *proof, const unsigned char *bytes, size_t count) {
    if (EVP_DigestUpdate(proof->digest, bytes, count) != 1)
        fail("SHA-256");
    while (count > 0) {
        size_t now;
        if (proof->place == DATA) {
            now = proof->left < count ? proof->left : count;
            proof->checksum = libdeflate_crc32(proof->checksum, bytes, now);
            proof->left -= now;
            if (proof->left == 0)
                proof->place = CHECKSUM;
        } else {
            size_t wanted = (proof->place == CHECKSUM ? 4 : 8) - proof->filled;
            now = wanted < count ? wanted : count;
            memcpy(proof->field + proof->filled, bytes, now);
            proof->filled += now;
            if (now == wanted) {
                proof->filled = 0;
                take_field(proof);
            }
        }
        bytes += now;
        count -= now;
    }
}

void proof_end(struct proof *proof, char hex[65]) {
    static const char digits[] = "0123456789abcdef";
    unsigned char sum[32];
    if (proof->place != END || proof->filled > 0)
        fail("the image ends before IEND, or goes on after it");
    if (EVP_DigestFinal_ex(proof->digest, sum, NULL) != 1)
        fail("SHA-256");
    for (int i = 0; i < 32; i++) {
        hex[2 * i] = digits[sum[i] >> 4];
        hex[2 * i + 1] = digits[sum[i] & 15];
    }
    hex[64] = '\0';
}
