# SPDX-License-Identifier: LGPL-2.1-or-later
"""A black hole on loopback: a listener that accepts nobody and whose backlog is full, so that the
system drops whoever knocks. A connect to it neither succeeds nor fails."""
import select
import socket

HANGS_S = 0.1  # on loopback a connect that would succeed has done so long before
ENOUGH = 64


class BlackHole:
    """`with BlackHole(address, port) as hole:` it swallows what goes to (hole.address, hole.port).
    Port 0: one that is free."""

    def __init__(self, address, port=0):
        self.address, self.asked, self.port, self.sockets = address, port, None, []

    def __enter__(self):
        try:
            listener = self._socket()
            listener.bind((self.address, self.asked))
            listener.listen(0)
            self.port = listener.getsockname()[1]
            while self._is_taken():
                assert len(self.sockets) < ENOUGH, "the backlog does not fill"
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for sock in self.sockets:
            sock.close()

    def _socket(self):
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self.sockets.append(socket.socket(family))
        return self.sockets[-1]

    def _is_taken(self):
        """Connects once more: whether there was room. What connected stays, to fill it."""
        sock = self._socket()
        sock.setblocking(False)
        sock.connect_ex((self.address, self.port))
        return bool(select.select([], [sock], [], HANGS_S)[1])
