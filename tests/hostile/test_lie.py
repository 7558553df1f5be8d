#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server that lies: about TLS, its certificate, its knowledge of the password, who we are, and in
its XML. Each lie has its own error, and no credential leaves."""
import base64
import re
import ssl
import warnings

from hostile import Scenario, context, failed, main
from authority import EXPIRED, Authority  # in a folder that hostile.py knows
from login import (DOMAIN, HEADER, JID, PASSWORD, PROCEED, SASL, Ladder, Scram, features,
                   mechanisms, sasl)

MESSAGE = "<message from='bob@hostile.test'><body>hello</body></message>"
CLOSED = "</stream:stream>"
PROTOCOL, XML = "XMPP_E_PROTOCOL", "XMPP_E_XML"
AUTH_SERVER, AUTH_PROTOCOL = "XMPP_E_AUTH_SERVER", "XMPP_E_AUTH_PROTOCOL"
ITERATIONS, BOUND_JID = "XMPP_E_AUTH_ITERATIONS", "XMPP_E_BOUND_JID"


def lie(name, server, error, phase, secret="<auth|" + PASSWORD, **more):
    """What the client says after the lie, and in front of it where `server` returns that, holds
    no secret."""
    def speak(peer):
        server(peer)
        said = peer.rest()
        assert not re.search(secret, said), f"it said {said}"
    options = more.pop("options", {})
    return Scenario(name, speak, failed(error, phase, messages=0, **more), turns=400,
                    options=options)


def after(stage, rung, said, ladder=None):
    """The lie is what is said when the server came to that rung."""
    def server(peer):
        (ladder or Ladder(stage.context)).climb(peer, rung)
        peer.say(said)
    return server


# --- TLS --------------------------------------------------------------------------------------


def opening(inner):
    """The first words of a server, with these features."""
    def server(peer):
        peer.hear("<stream:stream[^>]*>")
        peer.say(HEADER + inner)
    return server


def stripped(stage):
    offer = mechanisms("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256")
    old = HEADER.replace(" version='1.0'>", ">")
    failure = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + CLOSED

    def injected(peer, text=MESSAGE):
        Ladder(stage.context).climb(peer, "features")
        peer.say(PROCEED + text)

    def in_clear(peer):
        Ladder(stage.context).climb(peer, "proceed")
        peer.get()  # its first words of TLS
        peer.say(MESSAGE * 9)
    return [
        lie("STARTTLS is not offered", opening(offer), "XMPP_E_TLS_MISSING", "tls",
            options={"plain": 1}),
        lie("no features at all", opening(features("")), "XMPP_E_TLS_MISSING", "tls"),
        lie("a header without version", lambda peer: [peer.hear("<stream:stream[^>]*>"),
                                                      peer.say(old)], PROTOCOL, "stream"),
        lie("a stream of another namespace",
            lambda peer: [peer.hear("<stream:stream[^>]*>"),
                          peer.say(HEADER.replace("etherx", "aether"))], PROTOCOL, "stream"),
        lie("SASL in front of TLS", after(stage, "features", f"<success xmlns='{SASL}'/>"),
            PROTOCOL, "tls"),
        lie("a stanza in front of TLS", after(stage, "features", MESSAGE), PROTOCOL, "tls"),
        lie("STARTTLS fails", after(stage, "features", failure), "XMPP_E_TLS", "tls"),
        lie("a stanza behind <proceed/>", injected, "XMPP_E_TLS_INJECTED", "tls"),
        lie("a byte behind <proceed/>", lambda peer: injected(peer, " "), "XMPP_E_TLS_INJECTED",
            "tls"),
        lie("clear text instead of a handshake", in_clear, "XMPP_E_TLS", "tls"),
        lie("see-other-host in front of TLS", opening(
            "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.2"
            "</see-other-host></stream:error>" + CLOSED), "XMPP_E_STREAM", "stream",
            condition="see-other-host"),
    ]


def certificates(stage):
    stranger = Authority(stage.folder, "stranger")
    wrong = stage.authority.server("elsewhere.test")
    bad = {
        "of another name": (wrong, "XMPP_E_CERT_NAME"),
        "that has expired": (stage.authority.server("old.test", [DOMAIN], EXPIRED),
                             "XMPP_E_CERT_EXPIRED"),
        "of a stranger": (stranger.server("strange.test", [DOMAIN]), "XMPP_E_CERT_UNTRUSTED"),
    }

    def secured(made):
        def server(peer):
            Ladder(stage.context).climb(peer, "proceed")
            peer.secure(made)
        return server
    old = context(*stage.authority.server("v11.test", [DOMAIN]))
    old.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is deprecated is why it is here
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    return [*(lie(f"a certificate {name}", secured(context(*pair)), error, "tls")
              for name, (pair, error) in bad.items()),
            lie("TLS 1.1", secured(old), "XMPP_E_TLS", "tls")]


# --- SASL -------------------------------------------------------------------------------------


class Liar(Scram):
    """SCRAM with the server's messages put through `twist`."""

    def __init__(self, first=None, last=None):
        super().__init__()
        self.first, self.last = first, last

    def challenge(self, first):
        honest = super().challenge(first)
        self.server_first = self.first(honest) if self.first else honest
        return self.server_first

    def final(self, response):
        honest = super().final(response)
        return self.last(honest) if self.last else honest


def lies_of_scram(stage):
    firsts = {
        "a nonce that is not ours": (lambda m: re.sub("r=[^,]*", "r=theirs", m), AUTH_PROTOCOL),
        "a nonce that only is ours": (lambda m: m.replace("server", ""), AUTH_PROTOCOL),
        "no salt": (lambda m: re.sub(",s=[^,]*", ",s=", m), AUTH_PROTOCOL),
        "a salt that is no base64": (lambda m: re.sub(",s=[^,]*", ",s=ab!d", m), AUTH_PROTOCOL),
        "one round": (lambda m: re.sub("i=.*", "i=1", m), ITERATIONS),
        "4095 rounds": (lambda m: re.sub("i=.*", "i=4095", m), ITERATIONS),
        "too many rounds": (lambda m: re.sub("i=.*", "i=500001", m), ITERATIONS),
        "2^32 + 4096 rounds": (lambda m: re.sub("i=.*", "i=4294971392", m), ITERATIONS),
        "a mandatory extension": (lambda m: "m=x," + m, AUTH_PROTOCOL),
        "a challenge without end": (lambda m: m + ",x=" + "y" * 100000, AUTH_PROTOCOL),
    }
    lasts = {
        "another signature": (lambda m: "v=" + base64.b64encode(bytes(32)).decode(), AUTH_SERVER),
        "a short signature": (lambda m: m[:18], AUTH_PROTOCOL),
        "no signature": (lambda m: "", AUTH_SERVER),
        "an error in a success": (lambda m: "e=other-error", "XMPP_E_AUTH"),
    }
    secret = "<response|" + PASSWORD
    return [*(lie(f"SCRAM: {name}", after(stage, "half of a challenge", "", _Whole(stage, first)),
                  error, "sasl", secret=secret) for name, (first, error) in firsts.items()),
            *(lie(f"SCRAM: {name}", after(stage, "success", "", Ladder(
                stage.context, Liar(last=last))), error, "sasl", secret=PASSWORD + "|<iq")
              for name, (last, error) in lasts.items())]


class _Whole(Ladder):
    """Says all of its challenge, and waits for nothing."""

    def __init__(self, stage, first):
        super().__init__(stage.context, Liar(first))

    def half_challenge(self, peer):
        peer.say(self.challenge)


def lies_of_sasl(stage):
    success = f"<success xmlns='{SASL}'/>"
    refusal = f"<failure xmlns='{SASL}'><not-authorized/></failure>"

    def offered(*names, options=None, name, error):
        def server(peer):
            Ladder(stage.context).climb(peer, "second header")
            peer.say(mechanisms(*names))
        return lie(name, server, error, "sasl", options=options or {})

    def at_auth(said):
        def server(peer):
            ladder = Ladder(stage.context)
            ladder.climb(peer, "mechanisms")
            peer.say(said)
        return server
    again = sasl("challenge", "r=a,s=YQ==,i=4096")
    none = "\\bnothing is secret\\b"
    return [
        offered("PLAIN", name="PLAIN alone", error="XMPP_E_AUTH_MECHANISM"),
        offered("X-OWN", "CRAM-MD5", "NTLM", name="mechanisms that nobody has",
                error="XMPP_E_AUTH_MECHANISM"),
        offered(name="no mechanism", error="XMPP_E_AUTH_MECHANISM"),
        lie("success at once", at_auth(success), AUTH_SERVER, "sasl", secret="<stream:stream|<iq"),
        lie("success instead of a signature", after(stage, "challenge", success), AUTH_SERVER,
            "sasl", secret="<stream:stream|<iq"),
        lie("success while we compute", after(stage, "mechanisms", "", _Hasty(stage, success)),
            PROTOCOL, "sasl", secret="<stream:stream|<iq"),
        lie("a second challenge of the same kind", after(stage, "challenge", again),
            AUTH_PROTOCOL, "sasl", secret=none),
        lie("challenges for ever", after(stage, "challenge", again * 5000), AUTH_PROTOCOL, "sasl",
            secret=none),
        lie("not authorised", at_auth(refusal), "XMPP_E_AUTH", "sasl",
            condition="not-authorized"),
        lie("a stanza in front of success", after(stage, "challenge", MESSAGE), PROTOCOL, "sasl"),
        lie("features twice", after(stage, "mechanisms", mechanisms("SCRAM-SHA-1")), PROTOCOL,
            "sasl"),
    ]


class _Hasty(Ladder):
    """Says something behind its challenge before there can be an answer."""

    def __init__(self, stage, said):
        super().__init__(stage.context, Scram(rounds=400000))
        self.said = said

    def offered_mechanisms(self, peer):
        super().offered_mechanisms(peer)
        peer.say(self.challenge + self.said)


# --- binding ----------------------------------------------------------------------------------


def lies_of_binding(stage):
    def bound(jid):
        def server(peer):
            ladder = Ladder(stage.context)
            ladder.climb(peer, "bind offered")
            peer.say(ladder.bound.replace(f"<jid>{JID}</jid>", jid))
        return server
    said = {
        "another account's address": ("<jid>bob@hostile.test/desk</jid>", BOUND_JID),
        "the own account at another server": ("<jid>alice@elsewhere.test/desk</jid>", BOUND_JID),
        "a bare address": ("<jid>alice@hostile.test</jid>", BOUND_JID),
        "no address": ("", BOUND_JID),
        "an address of 4000 letters": (f"<jid>alice@hostile.test/{'x' * 4000}</jid>", BOUND_JID),
    }
    refusal = ("<error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
               "</error>")

    def refused(peer):
        ladder = Ladder(stage.context)
        ladder.climb(peer, "bind offered")
        identity = ladder.bound.split("id='")[1].split("'")[0]
        peer.say(f"<iq type='error' id='{identity}'>{refusal}</iq>")
    no_auth = "<auth"
    return [*(lie(f"bound: {name}", bound(jid), error, "bind", secret=no_auth)
              for name, (jid, error) in said.items()),
            lie("binding is refused", refused, "XMPP_E_BIND", "bind", condition="conflict"),
            lie("no binding is offered", after(stage, "third header", features("")), PROTOCOL,
                "bind"),
            lie("stanzas before a resource is bound", after(stage, "bind offered", MESSAGE),
                PROTOCOL, "bind"),
            lie("success twice", after(stage, "third header", f"<success xmlns='{SASL}'/>"),
                PROTOCOL, "bind")]


# --- XML --------------------------------------------------------------------------------------

BOMB = ("<!DOCTYPE m [<!ENTITY a 'aaaaaaaaaaaaaaaa'>"
        + "".join(f"<!ENTITY {b} '{f'&{a};' * 16}'>" for a, b in zip("abcdefgh", "bcdefghi"))
        + "]><message><body>&i;</body></message>")
ONLINE = {
    "an XML bomb": BOMB,
    "a DOCTYPE": "<!DOCTYPE message SYSTEM 'file:///etc/passwd'>" + MESSAGE,
    "an entity of nobody": "<message><body>&nobody;</body></message>",
    "a comment": "<!-- hello -->" + MESSAGE,
    "a comment inside": "<message><!-- hello --></message>",
    "a processing instruction": "<?php hello ?>" + MESSAGE,
    "a second declaration": "<?xml version='1.0'?>" + MESSAGE,
    "bad UTF-8": b"<message><body>\xff</body></message>",
    "an overlong slash": b"<message><body>\xc0\xaf</body></message>",
    "a surrogate": b"<message><body>\xed\xa0\x80</body></message>",
    "half a letter": b"<message><body>\xe2\x82</body></message>",
    "a NUL": b"<message><body>\x00</body></message>",
    "a reference to NUL": "<message><body>&#0;</body></message>",
    "a prefix of nobody": "<message><x:body/></message>",
    "a prefix at an attribute of nobody": "<message x:y='z'/>",
    "an attribute twice": "<message a='1' a='2'/>",
    "an attribute twice by its namespace":
        "<message xmlns:a='urn:x' xmlns:b='urn:x' a:c='1' b:c='2'/>",
    "tags that cross": "<message><a><b></a></b></message>",
    "text between stanzas": "hello" + MESSAGE,
    "UTF-16": "<message/>".encode("utf-16"),
}
BEFORE = {
    "XML 1.1": HEADER.replace("version='1.0'?", "version='1.1'?"),
    "another encoding": HEADER.replace("'?>", "' encoding='ISO-8859-1'?>"),
    "UTF-7": HEADER.replace("'?>", "' encoding='UTF-7'?>"),
    "a DOCTYPE in front of the header": "<!DOCTYPE x>" + HEADER.split("?>")[1],
    "HTTP": "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    "SSH": "SSH-2.0-OpenSSH_9.2\r\n",
    "zeros": "\0" * 70000,
}


def lies_of_xml(stage):
    def first(said):
        return lambda peer: [peer.hear("<stream:stream[^>]*>"), peer.say(said)]
    return [*(lie(f"at first: {name}", first(said), XML, "stream")
              for name, said in BEFORE.items()),
            lie("online: a stream in the stream", after(
                stage, "bound", HEADER.split("?>")[1] + CLOSED), PROTOCOL, "session"),
            *(lie(f"online: {name}", after(stage, "bound", said), XML, "session")
              for name, said in ONLINE.items())]


def scenarios(stage):
    return [*stripped(stage), *certificates(stage), *lies_of_scram(stage), *lies_of_sasl(stage),
            *lies_of_binding(stage), *lies_of_xml(stage)]


if __name__ == "__main__":
    main(scenarios)
