#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server that says far too much, at every step: what it may say is received in memory that stays
flat, what it may not say ends the attempt at once; answers that it does not read are bounded."""
import socket
import struct

from hostile import STATE, Scenario, failed, fields, main
from login import DOMAIN, HEADER, Ladder, features, half, sasl
from openssl import Context, Session
from peer import Gone

CLOSED = "</stream:stream>"
SOME, MUCH = 5000, 3 << 20  # stanzas; bytes
FLAT = 1 << 20  # bytes of heap
QUEUE = 65536
XML, BIG, PROTOCOL = "XMPP_E_XML", "XMPP_E_TOO_BIG", "XMPP_E_PROTOCOL"


def said(stage, rung, text, times=1):
    """At that rung, so many times."""
    def server(peer):
        Ladder(stage.context).climb(peer, rung)
        for _ in range(times):
            peer.say(text)
        peer.rest()
    return server


# --- what a server may do ---------------------------------------------------------------------


def legal(stage, name, pieces, **wanted):
    """Online, all of it, then the end of the stream: received as it was sent."""
    def server(peer):
        Ladder(stage.context).climb(peer)
        for piece in pieces:
            peer.say(piece)
        peer.say(CLOSED)
        peer.rest()
    return Scenario(name, server, failed("XMPP_E_CLOSED", "session", **wanted), turns=4000,
                    heap=FLAT)


def batches(make, n=SOME, size=100):
    return ("".join(make(i) for i in range(start, start + size)) for start in range(0, n, size))


def floods(stage):
    presence = ("<presence from='room@hostile.test/{0}'><show>away</show><x xmlns='urn:x:{0}'/>"
                "</presence>")
    return [
        legal(stage, "presences", batches(presence.format), stanzas=SOME, answers=0),
        legal(stage, "elements that nobody knows, each of another name",
              batches(lambda n: f"<x{n} xmlns='urn:x:{n}' a{n}='{n}'/>"), stanzas=SOME, answers=0),
        legal(stage, "results and errors that nobody asked for",
              batches(lambda n: f"<iq type='{'result' if n % 2 else 'error'}' id='{n}'/>"),
              stanzas=SOME, answers=0),
        legal(stage, "messages, kept by nobody",
              batches(lambda n: f"<message><body>{'x' * 500}{n}</body></message>"), messages=SOME),
        legal(stage, "white space", (" \n\t " * 4096 for _ in range(MUCH // 16384)), stanzas=0),
        legal(stage, "queries, and the answers are read",
              batches(lambda n: f"<iq type='get' id='{n}'><q xmlns='urn:x'/></iq>", 1000),
              stanzas=1000, answers=1000),
        legal(stage, "a record for each byte of white space", (" " for _ in range(2000)),
              stanzas=0),
    ]


def updates(stage):
    """Records that are there for TLS alone."""
    certificate = stage.authority.server("openssl.test", [DOMAIN])
    new, old = Context(*certificate), Context(*certificate, tls12=True)

    def scenario(name, secured, times, expect, act, text=""):
        def server(peer):
            Ladder(secured).climb(peer)
            for _ in range(times):
                act(peer.tls)
                peer.say(text)
                peer.put(peer.outgoing.read())
            peer.say(CLOSED)
            peer.rest()
        return Scenario(name, server, expect, turns=400, heap=FLAT)
    closed, broken = (failed(error, "session") for error in ("XMPP_E_CLOSED", "XMPP_E_TLS"))
    return [
        scenario("five key updates", new, 5, closed, Session.key_update, "<message/>"),
        scenario("key updates for ever", new, SOME, broken, Session.key_update),
        scenario("key updates that want an answer, for ever", new, SOME, broken,
                 lambda tls: tls.key_update(is_answered=True), " "),
        scenario("a renegotiation", old, 1, failed("XMPP_E_TLS_RENEGOTIATION", "session"),
                 Session.renegotiate),
    ]


# --- answers that the server does not read ------------------------------------------------------


def deaf(stage, name, make, **more):
    """It asks and asks, and never reads what we answer: we stop reading, and wait. How much it
    could say is what the systems between us hold, and little more."""
    sent = []

    def server(peer):
        Ladder(stage.context).climb(peer)
        peer.sock.settimeout(1.0)
        sent[:] = [0]
        try:
            for batch in batches(make, 100000):
                sent[0] += len(batch)
                peer.say(batch)
        except Gone as error:
            if not isinstance(error.args[0], TimeoutError):
                raise AssertionError(f"not held back: {error.args[0]!r}") from error
        peer.outlast()

    def expect(result):
        yield from fields(result, {"error": None, "queue_max": lambda n: QUEUE // 2 < n < 4 * QUEUE,
                                   **more})
        if sent[0] > 50 << 20:
            yield f"the server could say {sent[0]} bytes"
    return Scenario(name, server, expect, turns=3000, heap=FLAT + 8 * QUEUE,
                    listen=narrow, limits={"queue_high": QUEUE, "queue_low": QUEUE // 4,
                                           "close": 200},
                    options={"leave_state": STATE["online"], "leave_after": 6000})


def narrow():
    """A listening socket whose connections hold little."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def never_reads(stage):
    """We send as much as the queue takes, until it is full; nothing is lost, nothing spins."""
    def server(peer):
        Ladder(stage.context).climb(peer)
        peer.outlast()
    return Scenario("a server that never reads what we send", server, lambda result: fields(
        result, {"error": None, "refused_full": lambda n: n > 0, "online_turns": lambda n: n < 60,
                 "queue_max": lambda n: n < 2 * QUEUE}), turns=200, heap=FLAT, listen=narrow,
        limits={"queue_high": QUEUE, "queue_low": QUEUE // 4, "close": 200},
        options={"chatter": 10000, "leave_state": STATE["online"], "leave_after": 1000})


def held_back(stage):
    """The application reads nothing for a while: the server waits, and all arrives afterwards."""
    def server(peer):
        Ladder(stage.context).climb(peer)
        for _ in range(SOME):
            peer.say(f"<message><body>{'x' * 500}</body></message>")
        peer.say(CLOSED)
        peer.rest()
    return Scenario("messages while the application does not receive", server, failed(
        "XMPP_E_CLOSED", "session", messages=SOME), turns=4000, heap=FLAT,
        options={"unread": 800})


# --- what a server may not do -----------------------------------------------------------------


def record(kind, body):
    return struct.pack(">BHH", kind, 0x0303, len(body)) + body


def in_handshake(stage, name, raw, error="XMPP_E_TLS"):
    """Raw bytes where TLS should be made."""
    def server(peer):
        Ladder(stage.context).climb(peer, "proceed")
        peer.get()
        for _ in range(20000):
            peer.put(raw)
    return Scenario(name, server, failed(error, "tls"), turns=10000, heap=FLAT)


def handshakes(stage):
    warning = record(21, b"\x01\x70")  # unrecognized_name
    return [in_handshake(stage, "warning alerts instead of a handshake", warning),
            in_handshake(stage, "empty records instead of a handshake", record(22, b"")),
            in_handshake(stage, "noise instead of a handshake", bytes(range(256))),
            in_handshake(stage, "a ServerHello without end", record(22, b"\2\xff\xff\xff" * 4)),
            in_handshake(stage, "a record of 64 KiB", b"\x16\x03\x03\xff\xff" + bytes(70000)),
            in_handshake(stage, "hello requests for ever", record(22, b"\0\0\0\0"))]


def endless(stage):
    """Things that never end, where they may begin: refused before they cost anything."""
    more = "x" * 65536
    first = [
        ("a header without end", HEADER[:-1], "".join(f" a{n}='b'" for n in range(5000))),
        ("an attribute of the header without end", HEADER[:-1] + " a='", more),
        ("a name of the header without end", "<?xml version='1.0'?><stream:str", more),
        ("a declaration without end", "<?xml version='1.0'", " " * 65536),
    ]
    online = [
        ("a stanza without end", "<message><body>", more),
        ("a name without end", "<mess", more),
        ("an attribute without end", "<message a='", more),
        ("attributes without end", "<message ", "".join(f" {c}x='y'" for c in "abcdefgh")),
        ("children without end", "<message>", "<a/>" * 1000),
        ("depth without end", "", "<a>" * 1000),
        ("white space in a tag without end", "<message", " " * 65536),
        ("a reference without end", "<message>&", more),
        ("an end tag without end", "<message></message", " " * 65536),
    ]

    def begin(start, rest):
        def server(peer):
            peer.hear("<stream:stream[^>]*>")
            peer.say(start)
            flood(peer, rest)
        return server

    def go_on(start, rest):
        def server(peer):
            Ladder(stage.context).climb(peer)
            peer.say(start)
            flood(peer, rest)
        return server
    return [*(Scenario(name, begin(start, rest), failed(BIG, "stream"), turns=300, heap=FLAT)
              for name, start, rest in first),
            *(Scenario(name, go_on(start, rest), failed(BIG, "session"), turns=300,
                       heap=16 * FLAT) for name, start, rest in online)]


def flood(peer, text):
    for _ in range(2 * MUCH // len(text)):
        peer.say(text)


def negotiations(stage):
    challenge = sasl("challenge", "r=a,s=YQ==,i=4096")
    many = "".join(f"<mechanism>X-{n}</mechanism>" for n in range(5000))
    offer = features(f"<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{many}</mechanisms>")
    unknown = features("".join(f"<f{n} xmlns='urn:f:{n}'/>" for n in range(5000)))
    return [
        Scenario("challenges", said(stage, "challenge", challenge, SOME),
                 failed("XMPP_E_AUTH_PROTOCOL", "sasl"), heap=FLAT),
        Scenario("five thousand mechanisms", said(stage, "second header", offer),
                 failed("XMPP_E_AUTH_MECHANISM", "sasl"), heap=8 * FLAT),
        Scenario("five thousand features", said(stage, "third header", unknown),
                 failed(PROTOCOL, "bind"), heap=8 * FLAT),
        Scenario("features again and again",
                 said(stage, "features", features("") * 1000), failed(PROTOCOL, "tls")),
        Scenario("iqs instead of the bind result",
                 said(stage, "bind offered", "<iq type='result' id='1'/>" * SOME),
                 failed(PROTOCOL, "bind")),
        Scenario("a message, half of a bind result", said(stage, "half of a bind result",
                                                          half("<message/>")[0] * 4),
                 failed(XML, "bind")),
    ]


def scenarios(stage):
    ask = "<iq type='get' id='{0}'><q xmlns='urn:x'/></iq>"
    long = "<iq type='get' id='{0}" + "x" * 5000 + "'><q xmlns='urn:x'/></iq>"
    return [deaf(stage, "queries, and the answers are not read", ask.format),
            deaf(stage, "queries with long ids, and the answers are not read", long.format),
            never_reads(stage), held_back(stage), *floods(stage), *updates(stage),
            *handshakes(stage), *endless(stage), *negotiations(stage)]


if __name__ == "__main__":
    main(scenarios)
