#include "wire.h"

#include "failure.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

const char *origin_read(struct origin *origin, const char *url, size_t length) {
    const char *end = url + length;
    const char *host = memmem(url, length, "://", 3);
    if (host == NULL)
        fail("a url without a scheme");
    host += 3;
    const char *path = memchr(host, '/', (size_t)(end - host));
    const char *colon = path == NULL ? NULL : memchr(host, ':', (size_t)(path - host));
    if (colon == NULL || (size_t)(path - url) >= sizeof origin->text || (size_t)(colon - host) >= sizeof origin->host)
        fail("a url without a port or a path");
    snprintf(origin->text, sizeof origin->text, "%.*s", (int)(path - url), url);
    origin->authority = origin->text + (host - url);
    snprintf(origin->host, sizeof origin->host, "%.*s", (int)(colon - host), host);
    origin->tls = memcmp(url, "https:", 6) == 0;
    char port[6];
    snprintf(port, sizeof port, "%.*s", (int)(path - colon - 1), colon + 1);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    if (getaddrinfo(origin->host, port, &hints, &origin->address) != 0)
        fail("a host that has no address");
    return path;
}

SSL_CTX *wire_trust(const char *ca_file) {
    SSL_CTX *trust = SSL_CTX_new(TLS_client_method());
    static const unsigned char http11[] = "\x08http/1.1";
    if (trust == NULL || SSL_CTX_load_verify_locations(trust, ca_file, NULL) != 1 ||
        SSL_CTX_set_alpn_protos(trust, http11, sizeof http11 - 1) != 0)
        fail("the certificate of the authority cannot be used");
    SSL_CTX_set_verify(trust, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(trust, SSL_MODE_ENABLE_PARTIAL_WRITE);
    // Several records by one call of the system, rather than head and content of each by one of its own.
    SSL_CTX_set_read_ahead(trust, 1);
    SSL_CTX_set_default_read_buffer_len(trust, 128 * 1024);
    return trust;
}

void wire_open(struct wire *wire, const struct origin *origin, SSL_CTX *trust) {
    // Loopback connects at once, so that this is the only call that waits.
    for (struct addrinfo *at = origin->address; at != NULL; at = at->ai_next) {
        wire->fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (wire->fd >= 0 && connect(wire->fd, at->ai_addr, at->ai_addrlen) == 0)
            break;
        if (wire->fd < 0 || at->ai_next == NULL)
            fail_system("connect");
        close(wire->fd);
    }
    int on = 1;
    if (setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        fail_system("setsockopt");
    if (fcntl(wire->fd, F_SETFL, O_NONBLOCK) != 0)
        fail_system("fcntl");
    if (!origin->tls)
        return;
    if (trust == NULL)
        fail("https without an authority");
    wire->session = SSL_new(trust);
    if (wire->session == NULL || SSL_set_fd(wire->session, wire->fd) != 1 ||
        SSL_set_tlsext_host_name(wire->session, origin->host) != 1 || SSL_set1_host(wire->session, origin->host) != 1)
        fail("TLS");
    SSL_set_connect_state(wire->session);
}

/// Whether a session only waits for the other side; any other error ends the program.
static bool only_waits(const struct wire *wire, int result) {
    if (SSL_get_error(wire->session, result) == SSL_ERROR_WANT_READ)
        return true;
    ERR_print_errors_fp(stderr);
    fail("TLS");
}

/// Sends what waited, if the handshake is done.
static void flush(struct wire *wire) {
    if (wire->unsent == NULL)
        return;
    int sent = SSL_write(wire->session, wire->unsent, (int)wire->unsent_length);
    if (sent <= 0 && only_waits(wire, sent))
        return;
    if ((size_t)sent != wire->unsent_length)
        fail("a request that does not fit the socket");
    wire->unsent = NULL;
}

void wire_send(struct wire *wire, const char *request, size_t length) {
    if (wire->session != NULL) {
        wire->unsent = request;
        wire->unsent_length = length;
        flush(wire);
    } else if (write(wire->fd, request, length) != (ssize_t)length) {
        fail_system("write of a request");
    }
}

bool wire_read(struct wire *wire, unsigned char *bytes, size_t room, size_t *count) {
    *count = 0;
    if (wire->session == NULL) {
        ssize_t got = read(wire->fd, bytes, room);
        if (got == 0)
            fail("the server has closed a connection");
        if (got < 0 && errno != EAGAIN)
            fail_system("read");
        if (got > 0)
            *count = (size_t)got;
        return *count == room;
    }
    flush(wire);
    while (*count < room) {
        int got = SSL_read(wire->session, bytes + *count, (int)(room - *count));
        if (got <= 0 && only_waits(wire, got))
            return false;
        *count += (size_t)got;
    }
    return true;
}
