#pragma once

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What an image shows as it arrives: its SHA-256, and whether it is a PNG whose chunks are whole up to IEND.
struct proof {
    EVP_MD_CTX *digest;
    enum { SIGNATURE, HEAD, DATA, CHECKSUM, END } place;
    /// What has come of a signature, of a chunk's length and type, or of its CRC-32.
    unsigned char field[8];
    size_t filled;
    /// Bytes of the chunk's data that are still to come.
    size_t left;
    uint32_t checksum;
    bool last;
};

void proof_begin(struct proof *proof);
void proof_update(struct proof *proof, const unsigned char *bytes, size_t count);
/// Writes 64 hexadecimal digits and a NUL.
void proof_end(struct proof *proof, char hex[65]);
