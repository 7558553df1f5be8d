#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The worst that a server may legally ask for: each call of the library stays short, however long
the whole takes (in the optimised build under 50 ms of CPU: hostile.py). One after the other, so
that they are not measured against each other."""
import itertools

from chain import Chain
from hostile import STATE, Scenario, context, failed, fields, main
from login import DOMAIN, Ladder, Scram

LIMIT = 524288  # bytes of a stanza
CLOSED = "</stream:stream>"
ROUNDS, SLICE = 500000, 4096


def scram(stage, expect, **options):
    """SCRAM-SHA-512 with as many rounds as are allowed, computed in slices."""
    def server(peer):
        ladder = Ladder(stage.context, Scram("sha512", ROUNDS), "SCRAM-SHA-512")
        ladder.climb(peer)
        peer.hear(CLOSED)
        peer.say(CLOSED)
    return Scenario(f"{ROUNDS} rounds of SHA-512" + (", left in the middle" if options.get(
        "leave_turns") else ""), server, expect, turns=ROUNDS // SLICE * 2 + 60,
        options={"leave_state": STATE["online"], **options})


def scrams(stage):
    def in_slices(result):
        yield from fields(result, {"error": None, "mechanism": "SCRAM-SHA-512",
                                   "turns": lambda turns: turns > ROUNDS // SLICE})
    return [scram(stage, in_slices),
            scram(stage, lambda result: fields(result, {"error": None, "mechanism":
                                                        "SCRAM-SHA-512",
                                                        "turns": lambda turns: turns < 60}),
                  leave_state=STATE["authenticating"], leave_turns=20)]


def filled(head, piece, tail):
    """A stanza of just the size that is allowed, of pieces that are all different: `piece(n)`."""
    parts, size = [head], len(head) + len(tail)
    for n in itertools.count():
        part = piece(n)
        if size + len(part) > LIMIT:
            break
        parts.append(part)
        size += len(part)
    return "".join(parts) + tail


def letters(n):
    """A short name of its own for each number."""
    name = "abcdefghijklmnopqrstuvwxyz"[n % 26]
    while n := n // 26:
        name += "abcdefghijklmnopqrstuvwxyz"[n % 26]
    return name


def attributes(n, prefix=""):
    return "".join(f" {prefix}{letters(i)}=''" for i in range(n))


def declared(depth, width, start=0):
    """Elements inside each other, each declaring as many prefixes as it may have attributes."""
    return "".join("<a" + "".join(f" xmlns:{letters(width * level + i + start)}='u'"
                                  for i in range(width)) + ">" for level in range(depth))


def namespaces(depth, width, piece):
    head = "<message>" + declared(depth, width)
    return filled(head, piece, "</a>" * depth + "</message>")


MESSAGE = "<message from='bob@hostile.test'><body>"
STANZAS = {
    "one text": MESSAGE + "x" * (LIMIT - 56) + "</body></message>",
    "references": filled(MESSAGE, lambda n: "&lt;", "</body></message>"),
    "letters that are references": filled(MESSAGE, lambda n: "&#x10ffff;", "</body></message>"),
    "line ends": MESSAGE + "\r\n" * 250000 + "</body></message>",
    "empty elements": filled("<message>", lambda n: "<a/>", "</message>"),
    "elements of different names": filled("<message>", lambda n: f"<{letters(n)}/>", "</message>"),
    "elements of different namespaces":
        filled("<message>", lambda n: f"<a xmlns='{letters(n)}'/>", "</message>"),
    "bodies": filled("<message>", lambda n: f"<body xml:lang='{letters(n)}'/>", "</message>"),
    "256 attributes in every element":
        filled("<message>", lambda n: f"<a{attributes(256)}/>", "</message>"),
    "256 long attributes": filled(
        "<message><a", lambda n: f" {letters(n)}='{'x' * 2036}'", "/></message>"),
    "256 attributes with prefixes":
        filled("<message xmlns:u='u'>", lambda n: f"<a{attributes(255, 'u:')}/>", "</message>"),
    "elements inside each other":
        filled("<message>", lambda n: "<a>" * 98 + "</a>" * 98, "</message>"),
    "prefixes in every element":
        filled("<message>", lambda n: "<a" + "".join(
            f" xmlns:{letters(i)}='u'" for i in range(256)) + "/>", "</message>"),
    "elements below a thousand prefixes": namespaces(4, 255, lambda n: "<b:a/>"),
    "attributes below a thousand prefixes": namespaces(
        4, 255, lambda n: f"<a{attributes(255, 'b:')}/>"),
    "other prefixes below a thousand prefixes": namespaces(
        4, 250, lambda n: f"<{letters(n % 1000)}:a/>"),
    "a deep stanza of prefixes": namespaces(90, 11, lambda n: "<b:a/>"),
}
TOO_BIG = {
    "thousands of prefixes": namespaces(5, 250, lambda n: "<b:a/>"),
    "257 attributes": f"<message><a{attributes(257)}/></message>",
    "101 elements inside each other": "<a>" * 101,
    "a byte too much": MESSAGE + "x" * (LIMIT - 55) + "</body></message>",
}


def stanza(stage, name, text):
    """Online, a stanza of half a megabyte; the next one finds all as it was."""
    small = "<message from='bob@hostile.test'><body>hello</body></message>"

    def server(peer):
        Ladder(stage.context).climb(peer)
        peer.say(text + small)
        peer.say(CLOSED)
        peer.rest()
    return Scenario(f"a stanza of {len(text)} bytes: {name}", server,
                    failed("XMPP_E_CLOSED", "session", messages=2), turns=300, heap=64 << 20)


def too_big(stage, name, text):
    def server(peer):
        Ladder(stage.context).climb(peer)
        peer.say(text)
        peer.rest()
    return Scenario(f"more than is allowed: {name}", server,
                    failed("XMPP_E_TOO_BIG", "session", condition=None), turns=300)


# Within the bounds of a handshake's size: a TLS server needs no more, and could ask for no more.
CHAINS = {
    "ten certificates with keys of 4096 bits": {"bits": 4096, "names": 100},
    "ten certificates, 1250 names, 1250 constraints": {"names": 1250, "constraints": 125},
    "a certificate of 1950 names": {"length": 1, "names": 1950},
    "three certificates, 750 names, 1500 constraints":
        {"length": 3, "names": 750, "constraints": 750},
}
BAD_CHAINS = {
    "eleven certificates": {"length": 11},
    "a certificate of 3900 names": {"length": 1, "names": 3900},
    "certificates of 40,000 bytes": {"constraints": 500},
}


def chain(stage, number, name, expect, **shape):
    made = Chain(stage.authority, f"chain{number}", DOMAIN, **shape)
    secured = context(made.file, made.key)

    def server(peer):
        Ladder(secured).climb(peer)
        peer.say(CLOSED)
        peer.rest()
    return Scenario(name, server, expect, turns=100, heap=8 << 20)


def chains(stage):
    good, bad = failed("XMPP_E_CLOSED", "session"), failed("XMPP_E_CERT_BAD", "tls")
    shapes = [(one, good) for one in CHAINS.items()] + [(one, bad) for one in BAD_CHAINS.items()]
    return [chain(stage, number, name, expect, **shape)
            for number, ((name, shape), expect) in enumerate(shapes)]


def system_store(stage):
    """The system's authorities are loaded when first needed; ours is not among them."""
    def server(peer):
        Ladder(stage.context).climb(peer, "secured")
    return Scenario("the system's store is loaded", server,
                    failed("XMPP_E_CERT_UNTRUSTED", "tls"), turns=60, heap=16 << 20,
                    options={"ca": None})


def scenarios(stage):
    return [*scrams(stage), *(stanza(stage, *one) for one in STANZAS.items()),
            *(too_big(stage, *one) for one in TOO_BIG.items()), *chains(stage),
            system_store(stage)]


if __name__ == "__main__":
    main(scenarios, workers=1)
