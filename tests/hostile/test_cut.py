#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server that cuts the connection, with a FIN or an RST, at every step: always an error, never a
session that seems whole."""
from hostile import PHASE, STATE, Scenario, fields, main
from login import Ladder, half

HALF_STANZA = half("<message from='bob@hostile.test'><body>hello</body></message>")[0]
MESSAGE = "<message from='bob@hostile.test'><body>hello</body></message>"
PHASES = [("accepted", "stream"), ("half of a header", "stream"), ("header", "stream"),
          ("half of features", "stream"), ("features", "tls"), ("proceed", "tls"),
          ("secured", "tls"), ("second header", "tls"), ("mechanisms", "sasl"),
          ("half of a challenge", "sasl"), ("challenge", "sasl"), ("success", "bind"),
          ("third header", "bind"), ("bind offered", "bind"), ("half of a bind result", "bind"),
          ("bound", "session")]
ORDER = ["tcp", "stream", "tls", "sasl", "bind", "session"]
CUT, ENDED = "XMPP_E_RESET", "XMPP_E_TRUNCATED"
CLOSED = "</stream:stream>"
FATAL = ("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
         + CLOSED)
LEAVE = {"leave_state": STATE["online"]}


def finish(peer):
    peer.finish()


def reset(peer):
    peer.reset()


def close_notify(peer):
    peer.close_notify()


def ended(errors, phases, **more):
    """It failed with one of these errors in one of these phases."""
    def expect(result):
        if result["error"] not in errors or result["phase"] not in [PHASE[one] for one in phases]:
            yield f"{result['error']} in phase {result['phase']}"
        yield from fields(result, more)
    return expect


def with_fin(stage, rung, phase):
    def server(peer):
        Ladder(stage.context).climb(peer, rung)
        finish(peer)
    return Scenario(f"FIN: {rung}", server, ended([ENDED], [phase]), turns=60,
                    options={"early": 1, "requests": 3})


def with_rst(stage, rung, phase):
    """A reset may overtake what was said before it, and strikes one phase earlier then; who meets
    it while sending finds the end of the connection behind it."""
    def server(peer):
        Ladder(stage.context).climb(peer, rung)
        reset(peer)
    phases = [phase, ORDER[ORDER.index(phase) - 1]]
    return Scenario(f"RST: {rung}", server, ended([CUT, ENDED], phases), turns=60,
                    options={"early": 1, "requests": 3})


def in_handshake(stage, how, size):
    def server(peer):
        Ladder(stage.context).climb(peer, "proceed")
        peer.secure(stage.context, part=size)
        how(peer)
    return Scenario(f"{how.__name__} after {size} bytes of the handshake", server,
                    ended([ENDED, CUT, "XMPP_E_TLS"], ["tls"]), turns=40)


def online(stage, name, how, expect, said="", limits=(), **options):
    """The session is made, `said` is said, and it ends `how`."""
    def server(peer):
        Ladder(stage.context).climb(peer)
        peer.say(said)
        how(peer)
    return Scenario(name, server, expect, turns=60, options={"requests": 3, **options},
                    limits=dict(limits))


def closing(stage, how):
    """We said good-bye: whatever ends it now is no error."""
    def server(peer):
        Ladder(stage.context).climb(peer)
        peer.hear(CLOSED)
        how(peer)
    return Scenario(f"{how.__name__} as the answer to our close", server,
                    lambda result: fields(result, {"error": None}), turns=60, options=LEAVE)


def sessions(stage):
    cut_short = ended([ENDED], ["session"], answered={"XMPP_E_DISCONNECTED": 3})
    delivered = ended([ENDED], ["session"], messages=1)
    closed = ended(["XMPP_E_CLOSED"], ["session"], answered={"XMPP_E_DISCONNECTED": 3})
    failed = ended(["XMPP_E_STREAM"], ["session"], condition="conflict", messages=0)
    return [online(stage, "FIN in the middle of a stanza", finish, cut_short, HALF_STANZA),
            online(stage, "FIN behind a stanza", finish, delivered, MESSAGE),
            online(stage, "close_notify, but no end of the stream", close_notify, cut_short),
            online(stage, "the end of the stream, but no close_notify", finish, closed, CLOSED),
            online(stage, "the end of the stream, then close_notify", close_notify, closed,
                   CLOSED),
            online(stage, "an error of the stream, then RST", reset, failed, FATAL),
            online(stage, "an error of the stream, then stanzas", finish, failed, FATAL + MESSAGE),
            online(stage, "RST while we send as much as we can", reset,
                   ended([CUT, ENDED], ["session"]), chatter=20000,
                   limits={"queue_high": 200000})]


def scenarios(stage):
    return [*(with_fin(stage, *one) for one in PHASES), *(with_rst(stage, *one) for one in PHASES),
            *(in_handshake(stage, how, size) for how in (finish, reset)
              for size in (1, 5, 60, 700)),
            *(closing(stage, how) for how in (finish, reset, close_notify)), *sessions(stage)]


if __name__ == "__main__":
    main(scenarios)
