#pragma once

#include <netdb.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

/// Scheme, host and port of a url, and the address they have.
struct origin {
    char text[300];
    char host[256];
    /// Host and port, as they stand in the text.
    const char *authority;
    bool tls;
    struct addrinfo *address;
};

/// Reads an origin from the front of a url, and returns where its path begins.
const char *origin_read(struct origin *origin, const char *url, size_t length);

/// A connection that is not waited for: plain, or TLS when it has a session.
struct wire {
    int fd;
    SSL *session;
    /// A request that waits for the handshake.
    const char *unsent;
    size_t unsent_length;
};

/// What TLS sessions share: HTTP/1.1, and a trust in the given authority alone.
SSL_CTX *wire_trust(const char *ca_file);
void wire_open(struct wire *wire, const struct origin *origin, SSL_CTX *trust);
/// Sends a request, which must stay where it is until the reply begins.
void wire_send(struct wire *wire, const char *request, size_t length);
/// Reads what is there, at most `room` bytes. Returns whether there may be more.
bool wire_read(struct wire *wire, unsigned char *bytes, size_t room, size_t *count);
