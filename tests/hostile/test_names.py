#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Finding the server while nameservers lie, flood, drip and are silent, and servers refuse, hang and
show the wrong certificate: through both faces of the loop, and in each way to fail nothing sleeps and
no descriptor is left."""
import contextlib
import dataclasses
import socket

from hostile import STATE, Scenario, context, failed, fields, main  # makes the rest be found
from bombs import BOMBS
from hole import BlackHole
from liar import Liar
from login import DOMAIN, Ladder

SHORT = 600  # ms: a deadline
LATE = 50  # ms that a state may be told after it was entered
FDS_MAX = 16  # XMPP_POLLFDS_MAX
SRV, DIRECT = f"_xmpp-client._tcp.{DOMAIN}", f"_xmpps-client._tcp.{DOMAIN}"
HOST = f"xmpp.{DOMAIN}"
SIX = [f"{letter}.{DOMAIN}" for letter in "abcdef"]
DNS, LOOKUP = "XMPP_E_DNS", "XMPP_E_LOOKUP"  # nobody could tell; there is no such name
TIMEOUT, REFUSED = "XMPP_E_TIMEOUT", "XMPP_E_REFUSED"


def at(server):
    return f"{server[0]}:{server[1]}"


def records(port):
    """One server, with an address that is there."""
    return {(SRV, "SRV"): [f"10 0 {port} {HOST}."], (HOST, "A"): ["127.0.0.1"]}


def nameservers(*lies, known=records):
    """Around a scenario: one nameserver for each lie. Of the host this IPv4 alone is there."""
    @contextlib.contextmanager
    def around(_, port):
        with contextlib.ExitStack() as stack:
            liars = [stack.enter_context(Liar(known(port), lie, more=BOMBS)) for lie in lies]
            yield {"host": "", "nameserver": [at(liar.server) for liar in liars]}
    return around


@contextlib.contextmanager
def nobody_asked(*_):
    """A nameserver where nobody is: ICMP says so."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    yield {"host": "", "nameserver": f"127.0.0.1:{port}"}


def holes(n):
    """The host has so many addresses, all of them black holes."""
    @contextlib.contextmanager
    def around(*_):
        with contextlib.ExitStack() as stack:
            port = stack.enter_context(BlackHole("127.0.0.1")).port
            for number in range(2, n + 1):
                stack.enter_context(BlackHole(f"127.0.0.{number}", port))
            known = {**records(port), (HOST, "A"): [f"127.0.0.{i + 1}" for i in range(n)]}
            yield stack.enter_context(nameservers("truth", known=lambda _: known)(None, port))
    return around


def six_targets(port):
    """More questions than there are sockets for them: two for each."""
    return {(SRV, "SRV"): [f"10 0 {port} {host}." for host in SIX],
            **{(host, "A"): ["127.0.0.1"] for host in SIX}}


@contextlib.contextmanager
def closed_port(*_):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with nameservers("truth")(None, port) as options:
        yield options


def proxy(kind):
    """The scenario's server is the proxy."""
    @contextlib.contextmanager
    def around(_, port):
        yield {"host": "", "proxy": f"{kind}:127.0.0.1:{port}"}
    return around


def rest(peer):
    peer.rest()


def says(text, pattern="."):
    def server(peer):
        peer.hear(pattern)
        peer.say(text)
        peer.rest()
    return server


def climbs(stage, rung="mechanisms"):
    def server(peer):
        Ladder(stage.context).climb(peer, rung)
        peer.reset()
    return server


def shows(certificate):
    def server(peer):
        Ladder(context(*certificate)).climb(peer, "secured")
        peer.rest()
    return server


def few_fds(expect):
    """As expected, with as many descriptors as one may have."""
    def check(result):
        yield from expect(result)
        if result["fds_max"] > FDS_MAX:
            yield f"{result['fds_max']} descriptors at a time"
    return check


def came_through(result):
    """As far as the server lets one."""
    if STATE["securing"] not in [state for state, _ in result["states"]]:
        yield f"it did not find the server: {result['error']} in {result['states']}"


def in_time(expect, least, most):
    def check(result):
        yield from expect(result)
        took = result["states"][-1][1]
        if not least - LATE <= took <= most:
            yield f"it took {took} ms"
    return check


def faces(scenario):
    """The same through the loop that asks, and through the one that is told."""
    for name, watch in ("asked", 0), ("told", 1):
        yield dataclasses.replace(scenario, name=f"{scenario.name}, {name}",
                                  expect=few_fds(scenario.expect),
                                  options={"watch": watch, **scenario.options})


# --- what is overcome -------------------------------------------------------------------------


def found(stage, name, *lies, known=records, **more):
    """One finds the server all the same; there it is soon over."""
    return Scenario(f"found: {name}", climbs(stage), came_through,
                    around=nameservers(*lies, known=known), **more)


def overcome(stage):
    yield from (found(stage, name, name) for name in (
        "truth", "late", "wrong id first", "wrong question first", "rubbish first",
        "another port first", "twice", "other case", "truncated, TCP slow", "formerr to EDNS"))
    yield from (found(stage, f"{name}, then another", name, "truth") for name in (
        "servfail", "refused", "cut", "pointer loop", "pointers", "truncated, TCP closing"))
    yield found(stage, "a flood of wrong ids", {"SRV": "flood"}, turns=20000)
    yield found(stage, "six targets", "late", known=six_targets)
    yield found(stage, "4,000 addresses", {"AAAA": "many addresses"}, limits={"tcp": SHORT},
                turns=400)


# --- what fails -------------------------------------------------------------------------------


def lookup_fails(lies, error):
    return Scenario(f"no names: {lies}", None, failed(error, "dns"), around=nameservers(lies))


def silence(lies, turns=60):
    """Until it has lasted too long."""
    return Scenario(f"no names in time: {lies}", None,
                    in_time(failed(TIMEOUT, "dns"), SHORT, 3 * SHORT), limits={"dns": SHORT},
                    around=nameservers(lies), turns=turns)


def names_fail():
    yield from (lookup_fails(lies, DNS) for lies in (
        "servfail", "refused", "cut", "pointer loop", "alias loop", "aliases backwards",
        "many aliases", "alias on", "pointers"))
    yield lookup_fails("no such name", LOOKUP)
    yield Scenario("no names: 4,000 targets that are not there", None, failed(LOOKUP, "dns"),
                   around=nameservers({"SRV": "huge"}), attempts=10, turns=1000)
    yield from (silence(lies) for lies in ("silence", "wrong id", "truncated, TCP silent"))
    yield silence("flood for ever", turns=20000)
    yield silence("drip", turns=400)
    yield silence("drip for ever", turns=400)
    yield Scenario("no nameserver at its port", None, failed(DNS, "dns"), around=nobody_asked)


def files_fail():
    """The process has no descriptor left: a question that cannot be asked has failed."""
    yield Scenario("no descriptor left", None, failed(DNS, "dns"), {"files": 0},
                   around=nameservers("truth"))
    yield Scenario("4 descriptors left are enough", None, failed(REFUSED, "tcp"),
                   {"files": 4}, around=closed_port)


def servers_fail(stage):
    wrong = stage.authority.server("other", ["elsewhere.test"])
    yield Scenario("refused", None, failed(REFUSED, "tcp"), around=closed_port)
    yield Scenario("the wrong certificate", shows(wrong), failed("XMPP_E_CERT_NAME", "tls"),
                   around=nameservers("truth"))
    yield Scenario("not TLS", says("HTTP/1.1 400 Bad Request\r\n\r\n"),
                   failed("XMPP_E_XML", "stream"), around=nameservers("truth"))
    yield Scenario("black holes", None,
                   in_time(failed(TIMEOUT, "tcp"), SHORT + 250, SHORT + 250 + 3 * SHORT),
                   limits={"tcp": SHORT}, around=holes(2))
    yield Scenario("ten black holes, and one deadline", None,
                   in_time(failed(TIMEOUT, "tcp"), SHORT, 3 * SHORT),
                   limits={"connect": SHORT, "delay": 100}, around=holes(10))


def drips(text):
    def server(peer):
        peer.hear(".")
        peer.size, peer.pause = 1, 0.02
        peer.say(text)
        peer.rest()
    return server


def through_socks5(peer):
    """It is connected, and somebody speaks too early."""
    peer.hear(".")
    peer.say(b"\x05\x00")
    peer.hear(DOMAIN)
    peer.say(b"\x05\x00\x00\x01" + bytes(6) + b"!")
    peer.rest()


def proxies_fail():
    yes, no = "HTTP/1.1 200 Yes\r\n", "HTTP/1.1 403 No\r\n\r\n"
    field = "X-Y: z\r\n"
    for kind, name, server, error in (
            ("http", "refuses", says(no), "XMPP_E_PROXY"),
            ("http", "speaks for ever", says(yes + 100000 * field), "XMPP_E_PROXY"),
            ("http", "is no proxy", says("x" * 1000000), "XMPP_E_PROXY"),
            ("http", "lets others speak", says(yes + "\r\n!"), "XMPP_E_PROXY"),
            ("http", "drips", drips(yes + 1000 * field), TIMEOUT),
            ("http", "says nothing", rest, TIMEOUT),
            ("socks5", "refuses", says(b"\x05\xff"), "XMPP_E_PROXY"),
            ("socks5", "is no proxy", says("x" * 1000000), "XMPP_E_PROXY"),
            ("socks5", "lets others speak", through_socks5, "XMPP_E_PROXY"),
            ("socks5", "drips", drips(b"\x05\x00\x05\x00\x00\x03\xff" + bytes(250)), TIMEOUT),
            ("socks5", "says nothing", rest, TIMEOUT)):
        yield Scenario(f"{kind}: {name}", server, failed(error, "tcp"), around=proxy(kind),
                       limits={"tcp": SHORT} if error == TIMEOUT else {})


# --- what is cut ------------------------------------------------------------------------------


def left(result):
    yield from fields(result, {"error": None})


def cut(name, state, around, server=None, **more):
    """Left while it goes on: by disconnect, and by dropping the connection."""
    options = {"leave_state": STATE[state], "leave_after": 120}
    yield Scenario(f"left while {name}", server, left, options, around=around, **more)
    yield Scenario(f"dropped while {name}", server, left, {**options, "leave_by_unref": 1},
                   around=around, is_dropped=True, **more)


def cuts(stage):
    yield from cut("resolving", "resolving", nameservers("silence"))
    yield from cut("resolving by TCP", "resolving", nameservers("truncated, TCP silent"))
    yield from cut("resolving much", "resolving", nameservers({"AAAA": "silence", "A": "silence"},
                                                             known=six_targets))
    yield from cut("racing", "connecting", holes(3), limits={"delay": 100})
    yield from cut("in front of the stream", "opening", nameservers("truth"), rest)
    yield from cut("in TLS", "securing", nameservers({"AAAA": "late"}),
                   lambda peer: stall_in_tls(stage, peer))
    yield from cut("at the proxy", "connecting", proxy("http"), rest)


def stall_in_tls(stage, peer):
    Ladder(stage.context).climb(peer, "proceed")
    peer.secure(stage.context, part=700)
    peer.rest()


def scenarios(stage):
    all_of_them = [*overcome(stage), *names_fail(), *files_fail(), *servers_fail(stage), *proxies_fail(),
                   *cuts(stage)]
    return [face for one in all_of_them for face in faces(one)]


if __name__ == "__main__":
    main(scenarios)
