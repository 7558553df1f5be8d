#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server that falls silent for ever, at every step: it costs one deadline and nothing else."""
from hostile import Scenario, failed, main
from login import Ladder

DEADLINE = 400
CLOCKS = 5  # ms that two readings of a clock may differ
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


def took(result):
    """Milliseconds in the last state before offline."""
    return result["states"][-1][1] - result["states"][-2][1]


def stall(stage, rung, limit, phase):
    def server(peer):
        Ladder(stage.context).climb(peer, rung)
        peer.rest()

    def expect(result):
        yield from failed("XMPP_E_TIMEOUT", phase, answered={"XMPP_E_OFFLINE": 2})(result)
        if took(result) < DEADLINE - CLOCKS:
            yield f"it waited {took(result)} ms, not {DEADLINE}"
    return Scenario(f"silent: {rung}", server, expect, options={"early": 2},
                    limits={limit: DEADLINE}, turns=40)


def scenarios(stage):
    return [stall(stage, *one) for one in STALLS]


if __name__ == "__main__":
    main(scenarios)
