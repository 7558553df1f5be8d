# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server on loopback that has none of the domains that it is asked for, and says so."""
import socketserver
import threading

ANSWER = ("<?xml version='1.0'?><stream:stream id='1' version='1.0' xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams'><stream:error>"
          "<host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
          "</stream:stream>").encode()


class Unwelcome(socketserver.ThreadingTCPServer):
    """`with Unwelcome("127.0.0.1") as server:` it answers on server.port."""
    daemon_threads = True

    def __init__(self, address):
        super().__init__((address, 0), Turn)
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *arguments):
        self.shutdown()
        super().__exit__(*arguments)


class Turn(socketserver.BaseRequestHandler):
    """One who asks."""

    def handle(self):
        said = b""
        while b"<stream:stream" not in said or not said.endswith(b">"):
            piece = self.request.recv(4096)
            if not piece:
                return
            said += piece
        self.request.sendall(ANSWER)
