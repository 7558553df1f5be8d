# SPDX-License-Identifier: LGPL-2.1-or-later
"""The way from a connection to a session, rung by rung, as a server goes it: `climb(peer, rung)`
stops when that much of it is said. What happens then is the test's."""
import base64
import hashlib
import hmac
import os
import re

DOMAIN, USER, PASSWORD = "hostile.test", "alice", "pencil"
JID = f"{USER}@{DOMAIN}/desk"
HEADER = ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams' "
          f"from='{DOMAIN}' id='s1' version='1.0'>")
TLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"


def features(inner):
    return f"<stream:features>{inner}</stream:features>"


def mechanisms(*names):
    inner = "".join(f"<mechanism>{name}</mechanism>" for name in names)
    return features(f"<mechanisms xmlns='{SASL}'>{inner}</mechanisms>")


def half(text):
    return text[:len(text) // 2], text[len(text) // 2:]


class Scram:
    """RFC 5802 as the server; hashlib's name of the hash."""

    def __init__(self, digest="sha256", rounds=4096):
        self.digest, self.rounds, self.salt = digest, rounds, os.urandom(16)

    def challenge(self, first):
        self.client_first = re.sub("^[^,]*,[^,]*,", "", first)
        nonce = re.search("r=([^,]*)", first)[1] + "server"
        salt = base64.b64encode(self.salt).decode()
        self.server_first = f"r={nonce},s={salt},i={self.rounds}"
        return self.server_first

    def final(self, response):
        """The server's signature; asserts that the client's proof is right."""
        without = re.sub(",p=.*", "", response)
        said = f"{self.client_first},{self.server_first},{without}".encode()
        salted = hashlib.pbkdf2_hmac(self.digest, PASSWORD.encode(), self.salt, self.rounds)
        key = self._hmac(salted, b"Client Key")
        proof = base64.b64decode(re.search(",p=(.*)", response)[1])
        signature = self._hmac(hashlib.new(self.digest, key).digest(), said)
        assert bytes(a ^ b for a, b in zip(key, signature)) == proof, "a wrong proof"
        return "v=" + base64.b64encode(self._hmac(self._hmac(salted, b"Server Key"), said)).decode()

    def _hmac(self, key, text):
        return hmac.new(key, text, self.digest).digest()


def sasl(name, text):
    return f"<{name} xmlns='{SASL}'>{base64.b64encode(text.encode()).decode()}</{name}>"


class Ladder:
    """The rungs in order; each is one thing that a server says."""

    def __init__(self, context, scram=None, mechanism="SCRAM-SHA-256"):
        self.context, self.scram, self.mechanism = context, scram or Scram(), mechanism

    def rungs(self):
        """(name, what to do to reach it): the name says how far the server came."""
        return [("accepted", lambda peer: None),
                ("half of a header", self.half_header),
                ("header", lambda peer: peer.say(half(HEADER)[1])),
                ("half of features", lambda peer: peer.say(half(features(TLS))[0])),
                ("features", self.offered_tls),
                ("proceed", lambda peer: peer.say(PROCEED)),
                ("secured", lambda peer: peer.secure(self.context)),
                ("second header", self.header),
                ("mechanisms", self.offered_mechanisms),
                ("half of a challenge", self.half_challenge),
                ("challenge", self.challenged),
                ("success", self.succeeded),
                ("third header", self.header),
                ("bind offered", self.offered_bind),
                ("half of a bind result", lambda peer: peer.say(half(self.bound)[0])),
                ("bound", lambda peer: peer.say(half(self.bound)[1]))]

    def names(self):
        return [name for name, _ in self.rungs()]

    def climb(self, peer, until="bound"):
        for name, step in self.rungs():
            step(peer)
            if name == until:
                return
        raise AssertionError(f"no rung {until}")

    def half_header(self, peer):
        peer.hear("<stream:stream[^>]*>")
        peer.say(half(HEADER)[0])

    def header(self, peer):
        peer.hear("<stream:stream[^>]*>")
        peer.say(HEADER)

    def offered_tls(self, peer):
        peer.say(half(features(TLS))[1])
        peer.hear("<starttls[^>]*/>")

    def offered_mechanisms(self, peer):
        peer.say(mechanisms(self.mechanism))
        first = peer.hear("<auth[^>]*>([^<]*)</auth>")[1]
        self.challenge = sasl("challenge", self.scram.challenge(base64.b64decode(first).decode()))

    def half_challenge(self, peer):
        peer.say(half(self.challenge)[0])

    def challenged(self, peer):
        peer.say(half(self.challenge)[1])
        response = peer.hear("<response[^>]*>([^<]*)</response>")[1]
        self.success = sasl("success", self.scram.final(base64.b64decode(response).decode()))

    def succeeded(self, peer):
        peer.say(self.success)

    def offered_bind(self, peer):
        peer.say(features(f"{BIND}</bind>"))
        identity = peer.hear("<iq[^>]*id=['\"]([^'\"]*)['\"].*?</iq>")[1]
        self.bound = (f"<iq type='result' id='{identity}'>{BIND}<jid>{JID}</jid></bind></iq>")
