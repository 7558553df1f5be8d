#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server that falls silent, or almost silent, for ever, at every step: it costs one deadline and
nothing else. Online, and then silent, it costs nothing at all."""
import contextlib
import socket

from hostile import STATE, Scenario, failed, fields, main
from login import Ladder, half

DEADLINE = 400
LATE = 50  # ms that a state may be told after it was entered
EVER = 20  # seconds of almost silence, should the client not leave
HALF_STANZA = half("<message from='bob@hostile.test'><body>hello</body></message>")[0]
# Where the server falls silent, the limit that ends it, the phase that is told.
STALLS = [
    ("accepted", "stream", "stream"),
    ("half of a header", "stream", "stream"),
    ("header", "stream", "stream"),
    ("half of features", "stream", "stream"),
    ("features", "tls", "tls"),
    ("proceed", "tls", "tls"),
    ("secured", "tls", "tls"),
    ("second header", "tls", "tls"),
    ("mechanisms", "sasl", "sasl"),
    ("half of a challenge", "sasl", "sasl"),
    ("challenge", "sasl", "sasl"),
    ("success", "bind", "bind"),
    ("third header", "bind", "bind"),
    ("bind offered", "bind", "bind"),
    ("half of a bind result", "bind", "bind"),
]
# Between elements of a stream a server may send white space for ever, and it helps nothing.
DRIPS = [one for one in STALLS if "half" not in one[0] and one[0] not in ("accepted", "proceed")]


def took(result):
    """Milliseconds in the last state before offline."""
    return result["states"][-1][1] - result["states"][-2][1]


def timed_out(phase, answered):
    def expect(result):
        yield from failed("XMPP_E_TIMEOUT", phase, answered=answered)(result)
        if took(result) < DEADLINE - LATE:
            yield f"it waited {took(result)} ms, not {DEADLINE}"
    return expect


def stall(stage, rung, limit, phase):
    def server(peer):
        Ladder(stage.context).climb(peer, rung)
        peer.rest()
    return Scenario(f"silent: {rung}", server, timed_out(phase, {"XMPP_E_OFFLINE": 2}),
                    options={"early": 2}, limits={limit: DEADLINE}, turns=40)


def drip(stage, rung, limit, phase):
    def server(peer):
        Ladder(stage.context).climb(peer, rung)
        peer.size, peer.pause = 1, 0.02
        peer.say(" " * EVER * 50)
    return Scenario(f"white space for ever: {rung}", server, timed_out(phase, {}),
                    limits={limit: DEADLINE}, turns=40 + DEADLINE)


def half_handshake(stage, bytes_sent):
    def server(peer):
        Ladder(stage.context).climb(peer, "proceed")
        peer.secure(stage.context, part=bytes_sent)
        peer.rest()
    return Scenario(f"silent: after {bytes_sent} bytes of the handshake", server,
                    timed_out("tls", {}), limits={"tls": DEADLINE}, turns=40)


def slowly(stage):
    """Each phase makes progress in its time; the whole does not."""
    def server(peer):
        peer.pause = 0.3
        Ladder(stage.context).climb(peer, "mechanisms")
        peer.rest()

    def expect(result):
        yield from failed("XMPP_E_TIMEOUT", "tls")(result)
        if result["states"][-1][1] < 1800 - LATE:
            yield "it came before its time"
    return Scenario("every phase in time, all of them not", server, expect,
                    limits={"connect": 1800}, turns=60)


def never_accepted(stage):
    """The system of the server answers no SYN: nobody accepts, and the queue is full."""
    others = contextlib.ExitStack()

    def listen():
        listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        for _ in range(4):
            other = others.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(listener.getsockname())
        return listener

    def expect(result):
        others.close()
        yield from timed_out("tcp", {})(result)
    return Scenario("no answer to a SYN", None, expect, limits={"tcp": DEADLINE}, turns=10,
                    listen=listen)


def idle(stage, name, last_words=""):
    """Online for a second: nothing is said and nobody wakes up."""
    def server(peer):
        Ladder(stage.context).climb(peer)
        peer.say(last_words)
        peer.rest()

    def expect(result):
        yield from fields(result, {"error": None, "answered": {"XMPP_E_DISCONNECTED": 3},
                                   "online_turns": lambda turns: turns <= 4,
                                   "cpu_ms": lambda used: used < 500})
        if [state for state, _ in result["states"][-3:]] != [
                STATE["online"], STATE["closing"], STATE["offline"]]:
            yield f"{result['states']}"
        if took(result) < DEADLINE - LATE:
            yield f"closing took {took(result)} ms, not {DEADLINE}"
    return Scenario(name, server, expect, turns=60, limits={"close": DEADLINE},
                    options={"requests": 3, "leave_state": STATE["online"], "leave_after": 1000})


def requests(stage):
    """Each request costs its own deadline; two attempts, the object being used again."""
    def server(peer):
        Ladder(stage.context).climb(peer)
        peer.rest()
    wanted = {"error": None, "answered": {"XMPP_E_TIMEOUT": 10}, "online_turns": lambda n: n < 20}
    return Scenario("silent: requests, twice", server, lambda result: fields(result, wanted),
                    turns=100, limits={"close": 100}, attempts=2,
                    options={"requests": 5, "timeout": DEADLINE, "leave_after": 2 * DEADLINE,
                             "leave_state": STATE["online"]})


def one_by_one(stage):
    """A segment for each byte, and a record where TLS is made: slow, and legal."""
    def server(peer):
        peer.size = 1
        Ladder(stage.context).climb(peer)
        peer.say("<message from='bob@hostile.test'><body>&#x263a;</body></message>")
        peer.hear("</stream:stream>")
        peer.say("</stream:stream>")
    return Scenario("a byte a record", server,
                    lambda result: fields(result, {"error": None, "messages": 1}), turns=3000,
                    options={"leave_state": STATE["online"], "leave_after": 1500})


def scenarios(stage):
    return [*(stall(stage, *one) for one in STALLS), *(drip(stage, *one) for one in DRIPS),
            *(half_handshake(stage, n) for n in (1, 5, 60, 200, 700)), slowly(stage),
            never_accepted(stage), idle(stage, "silent: online"), requests(stage),
            idle(stage, "silent: in the middle of a stanza", HALF_STANZA), one_by_one(stage)]


if __name__ == "__main__":
    main(scenarios)
