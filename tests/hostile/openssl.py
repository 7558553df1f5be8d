# SPDX-License-Identifier: LGPL-2.1-or-later
"""OpenSSL by ctypes, as far as a server needs it for what Python's ssl cannot be made to do: key
updates in TLS 1.3, and a renegotiation in TLS 1.2. It stands where ssl.SSLContext stands."""
import ctypes
import ssl

LIB = ctypes.CDLL("libssl.so.3")
CRYPTO = ctypes.CDLL("libcrypto.so.3")
WANT_READ, PEM, SET_MAX_VERSION, TLS12 = 2, 1, 124, 0x0303
POINTER, LONG, INT, TEXT = ctypes.c_void_p, ctypes.c_long, ctypes.c_int, ctypes.c_char_p
for library, name, result, *arguments in [
        (LIB, "TLS_server_method", POINTER), (LIB, "SSL_CTX_new", POINTER, POINTER),
        (LIB, "SSL_CTX_use_certificate_chain_file", INT, POINTER, TEXT),
        (LIB, "SSL_CTX_use_PrivateKey_file", INT, POINTER, TEXT, INT),
        (LIB, "SSL_CTX_ctrl", LONG, POINTER, INT, LONG, POINTER),
        (LIB, "SSL_new", POINTER, POINTER), (LIB, "SSL_free", None, POINTER),
        (LIB, "SSL_set_bio", None, POINTER, POINTER, POINTER),
        (LIB, "SSL_set_accept_state", None, POINTER), (LIB, "SSL_do_handshake", INT, POINTER),
        (LIB, "SSL_read", INT, POINTER, TEXT, INT), (LIB, "SSL_write", INT, POINTER, TEXT, INT),
        (LIB, "SSL_get_error", INT, POINTER, INT), (LIB, "SSL_key_update", INT, POINTER, INT),
        (LIB, "SSL_renegotiate", INT, POINTER), (CRYPTO, "BIO_s_mem", POINTER),
        (CRYPTO, "BIO_new", POINTER, POINTER), (CRYPTO, "BIO_read", INT, POINTER, TEXT, INT),
        (CRYPTO, "BIO_write", INT, POINTER, TEXT, INT)]:
    getattr(library, name).restype, getattr(library, name).argtypes = result, arguments


class Context:
    """Of a server with this certificate."""

    def __init__(self, certificate, key, tls12=False):
        self.raw = LIB.SSL_CTX_new(LIB.TLS_server_method())
        assert LIB.SSL_CTX_use_certificate_chain_file(self.raw, certificate.encode()) == 1
        assert LIB.SSL_CTX_use_PrivateKey_file(self.raw, key.encode(), PEM) == 1
        if tls12:
            assert LIB.SSL_CTX_ctrl(self.raw, SET_MAX_VERSION, TLS12, None) == 1

    def wrap_bio(self, incoming, outgoing, server_side):
        assert server_side
        return Session(self, incoming, outgoing)


class Session:
    """As ssl.SSLObject; what it wants to send is moved to `outgoing` behind every call."""

    def __init__(self, context, incoming, outgoing):
        self.context, self.incoming, self.outgoing = context, incoming, outgoing
        self.raw = LIB.SSL_new(context.raw)
        self.bio_in, self.bio_out = (CRYPTO.BIO_new(CRYPTO.BIO_s_mem()) for _ in range(2))
        LIB.SSL_set_bio(self.raw, self.bio_in, self.bio_out)
        LIB.SSL_set_accept_state(self.raw)

    def __del__(self):
        LIB.SSL_free(self.raw)

    def _call(self, function, *arguments):
        raw = self.incoming.read()
        if raw:
            CRYPTO.BIO_write(self.bio_in, raw, len(raw))
        result = function(self.raw, *arguments)
        room = ctypes.create_string_buffer(65536)
        while (n := CRYPTO.BIO_read(self.bio_out, room, len(room))) > 0:
            self.outgoing.write(room.raw[:n])
        if result > 0:
            return result
        if LIB.SSL_get_error(self.raw, result) == WANT_READ:
            raise ssl.SSLWantReadError()
        raise ssl.SSLError("OpenSSL failed")

    def do_handshake(self):
        self._call(LIB.SSL_do_handshake)

    def read(self, size):
        room = ctypes.create_string_buffer(size)
        got = self._call(LIB.SSL_read, room, size)
        return room.raw[:got]

    def write(self, raw):
        return self._call(LIB.SSL_write, raw, len(raw))

    def key_update(self, is_answered=False):
        """The next record is a key update, which the client must answer or not."""
        self._call(LIB.SSL_key_update, int(is_answered))
        self.do_handshake()

    def renegotiate(self):
        """Asks for a handshake in the handshake's channel."""
        self._call(LIB.SSL_renegotiate)
        self.do_handshake()
