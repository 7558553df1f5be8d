# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server's end of one connection: text in and out, TLS made over it in the open, so that a test
can cut and delay every byte. Knows no XMPP."""
import re
import socket
import ssl
import struct
import time

PATIENCE = 40


class Gone(Exception):
    """The client has closed or cut the connection."""


class Peer:
    """What a server does to a client: say, hear, secure, and the ways to end it."""

    def __init__(self, sock, gone):
        """`gone` is the event that the client has ended."""
        self.gone = gone
        self.sock, self.tls, self.heard = sock, None, ""
        self.size, self.pause, self.is_over = 0, 0.0, False
        sock.settimeout(PATIENCE)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # --- bytes on the wire ---

    def put(self, raw):
        try:
            self.sock.sendall(raw)
        except OSError as error:
            raise Gone(error) from error

    def get(self):
        try:
            raw = self.sock.recv(65536)
        except OSError as error:
            raise Gone(error) from error
        if not raw:
            raise Gone("the end")
        return raw

    # --- what is said on the stream ---

    def wrap(self, raw):
        """The bytes on the wire that say this."""
        if not self.tls:
            return raw
        while raw:
            raw = raw[self.tls.write(raw):]
        return self.outgoing.read()

    def say(self, text):
        """In pieces of `size` bytes, each with a send and a TLS record of its own, `pause` seconds
        behind each; all at once where there is no size."""
        raw = text if isinstance(text, bytes) else text.encode()
        size = self.size or max(len(raw), 1)
        for i in range(0, len(raw), size):
            self.put(self.wrap(raw[i:i + size]))
            if self.pause:
                time.sleep(self.pause)

    def _listen(self):
        """Waits for more, which may be in the hands of TLS already."""
        raw = self._decrypted()
        while not raw:
            if self.is_over:
                raise Gone("the end of TLS")
            raw = self.get()
            if self.tls:
                self.incoming.write(raw)
                raw = self._decrypted()
        self.heard += raw.decode(errors="replace")

    def _decrypted(self):
        raw = b""
        while self.tls:
            try:
                piece = self.tls.read(65536)
            except ssl.SSLWantReadError:
                break
            except ssl.SSLError:
                piece = b""
            if not piece:  # its close_notify
                self.is_over = True
                break
            raw += piece
        return raw

    def hear(self, pattern):
        """Waits for it; what came up to its end is used up. The match."""
        while not (match := re.search(pattern, self.heard, re.S)):
            self._listen()
        self.heard = self.heard[match.end():]
        return match

    # --- TLS ---

    def secure(self, context, part=None):
        """The handshake; with `part`, only that many bytes of the first answer are sent."""
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        while True:
            try:
                tls.do_handshake()
                self.put(self.outgoing.read())
                self.tls = tls
                return
            except ssl.SSLWantReadError:
                flight = self.outgoing.read()
                if flight and part:
                    self.put(flight[:part])
                    return
                self.put(flight)
                self.incoming.write(self.get())
            except ssl.SSLError as error:
                self.put(self.outgoing.read())  # the alert
                raise Gone(error) from error

    # --- the ways to end it ---

    def rest(self):
        """Says nothing more; hears until the client has gone. What it said."""
        try:
            while True:
                self._listen()
        except Gone:
            return self.heard

    def outlast(self):
        """Waits until the client has gone, and reads nothing of what it says."""
        self.gone.wait(PATIENCE)

    def close_notify(self):
        """The end of TLS in order, without the end of what is inside."""
        try:
            self.tls.unwrap()
        except ssl.SSLError:
            pass  # the other side's is not waited for
        self.put(self.outgoing.read())
        self.rest()

    def finish(self):
        """A FIN behind what was said, without any form."""
        try:
            self.sock.shutdown(socket.SHUT_WR)
            while self.sock.recv(65536):
                pass
        except OSError:
            pass

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
