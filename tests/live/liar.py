# SPDX-License-Identifier: LGPL-2.1-or-later
"""A nameserver on loopback that lies, in the ways of lies.py. One thread for each question; keeps
what it was asked."""
import contextlib
import selectors
import socket
import threading

from lies import LIES, Elsewhere, Pause, Pieces, Question
from wire import framed, read_framed


class Liar:
    """`with Liar(records, lies) as liar:` answers on liar.server, an (address, port).

    records  {(name without dot, type): [text, ...]}
    lies     the name of a lie, or {a label or a type: name of a lie} for some questions only
    more     lies besides those of lies.py, in the same form
    asked    the Questions so far
    """

    def __init__(self, records, lies, address="127.0.0.1", more=None):
        self.book = {**LIES, **(more or {})}
        for name in [lies] if isinstance(lies, str) else lies.values():
            assert name in self.book, name
        self.records, self.lies, self.address = records, lies, address
        self.asked, self.lock, self.closed = [], threading.Lock(), threading.Event()
        self.server = self.datagrams = self.listener = self.thread = None
        self.wake, self.woken = socket.socketpair()

    def __enter__(self):
        for _ in range(50):  # the port may be taken for the other protocol
            self.listener = socket.create_server((self.address, 0))
            self.server = self.listener.getsockname()[:2]
            self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                self.datagrams.bind(self.server)
                break
            except OSError:
                self.listener.close()
                self.datagrams.close()
        self.thread = self._start(self._serve)
        return self

    def __exit__(self, *_):
        self.closed.set()
        self.wake.send(b"!")
        self.thread.join()
        for sock in (self.listener, self.datagrams, self.wake, self.woken):
            sock.close()

    @staticmethod
    def _start(function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        thread.start()
        return thread

    def count(self, name=None, kind=None, over=None):
        """How often that was asked."""
        return sum((name is None or one.name.lower() == name + ".") and kind in (None, one.type)
                   and over in (None, one.over) for one in self.asked)

    def _read(self, octets, over):
        with self.lock:
            question = Question(octets, over, self.records)
            question.before = self.count(question.name.lower()[:-1], question.type)
            self.asked.append(question)
        return question

    def _lie(self, question):
        name = self.lies
        if not isinstance(name, str):
            parts = question.name.lower().split(".") + [question.type]
            name = next((lie for part, lie in name.items() if part in parts), "truth")
        return self.book[name][question.over == "tcp"](question)

    def _serve(self):
        with selectors.DefaultSelector() as selector:
            for sock in (self.listener, self.datagrams, self.woken):
                selector.register(sock, selectors.EVENT_READ)
            while not self.closed.is_set():
                for key, _ in selector.select():
                    if key.fileobj is self.listener:
                        self._start(self._serve_connection, self.listener.accept()[0])
                    elif key.fileobj is self.datagrams:
                        self._start(self._serve_datagram, *self.datagrams.recvfrom(65535))

    def _serve_datagram(self, octets, sender):
        with contextlib.suppress(OSError):  # it was closed in the middle
            self._answer(octets, sender)

    def _answer(self, octets, sender):
        for said in self._lie(self._read(octets, "udp")):
            if isinstance(said, Pause):
                if self.closed.wait(said.seconds):
                    return
            elif isinstance(said, Elsewhere):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                    other.bind((self.address, 0))
                    other.sendto(said.octets, sender)
            else:
                self.datagrams.sendto(said, sender)

    def _serve_connection(self, sock):
        with sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                while self._answer_by_tcp(sock, self._read(read_framed(sock), "tcp")):
                    pass
            except (OSError, EOFError, ValueError):
                pass  # the other side has gone, or says what is no question

    def _answer_by_tcp(self, sock, question):
        """Whether anything was said; else the connection is closed."""
        is_answered = False
        for said in self._lie(question):
            if isinstance(said, Pause):
                self.closed.wait(said.seconds)
            elif isinstance(said, Pieces):
                octets = framed(said.octets)
                for at in range(0, len(octets), said.size):
                    sock.sendall(octets[at:at + said.size])
                    if said.pause and self.closed.wait(said.pause):
                        return False
                is_answered = True
            else:
                sock.sendall(framed(said))
                is_answered = True
        return is_answered
