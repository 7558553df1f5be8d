# SPDX-License-Identifier: LGPL-2.1-or-later
"""Stands between a client and a server on loopback and keeps what the client sent."""
import selectors
import socket
import threading


class Recorder:
    """`with Recorder(host, port) as r:` connect to 127.0.0.1:r.port; r.sent is what was said."""

    def __init__(self, host, port):
        self.target, self.sent = (host, port), bytearray()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client, socket.create_connection(self.target) as server:
                self._pass_on(client, server)

    def _pass_on(self, client, server):
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in selector.select():
                    try:
                        piece = key.fileobj.recv(65536)
                        if not piece:
                            return
                        if key.fileobj is client:
                            self.sent += piece
                        key.data.sendall(piece)
                    except OSError:
                        return
