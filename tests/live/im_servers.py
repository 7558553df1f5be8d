# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the two servers are and announce, and that they reach each other, and nobody else."""
import wire
from person import Refused, body, condition

# feature: who announces it
BOTH, PROSODY, EJABBERD, NEITHER = {0, 1}, {0}, {1}, set()
FEATURES = {
    "http://jabber.org/features/iq-register": BOTH,       # XEP-0077, before the login
    "http://jabber.org/protocol/address": EJABBERD,       # XEP-0033, by a service of its own
    "http://jabber.org/protocol/caps": BOTH,              # XEP-0115
    "http://jabber.org/protocol/commands": BOTH,          # XEP-0050
    "http://jabber.org/protocol/disco#info": BOTH,        # XEP-0030
    "http://jabber.org/protocol/disco#items": BOTH,       # XEP-0030
    "http://jabber.org/protocol/offline": EJABBERD,       # XEP-0013
    "jabber:iq:last": BOTH,                               # XEP-0012
    "jabber:iq:privacy": EJABBERD,                        # XEP-0016
    "jabber:iq:private": PROSODY,                         # XEP-0049; ejabberd has it all the same
    "jabber:iq:register": BOTH,                           # XEP-0077
    "jabber:iq:version": BOTH,                            # XEP-0092
    "msgoffline": BOTH,                                   # XEP-0160
    "urn:xmpp:blocking": BOTH,                            # XEP-0191
    "urn:xmpp:carbons:2": BOTH,                           # XEP-0280
    "urn:xmpp:features:pre-approval": PROSODY,            # RFC 6121 3.4
    "urn:xmpp:features:rosterver": BOTH,                  # RFC 6121 2.6
    "urn:xmpp:ping": BOTH,                                # XEP-0199
    "urn:xmpp:sid:0": BOTH,                               # XEP-0359
    "urn:xmpp:time": BOTH,                                # XEP-0202
    "vcard-temp": BOTH,                                   # XEP-0054
    # Of these there is no server to try them with, and scripts suffice.
    "urn:xmpp:invisible:0": NEITHER,                      # XEP-0186
    "urn:xmpp:invisible:1": NEITHER,                      # XEP-0186
    "urn:xmpp:caps": NEITHER,                             # XEP-0390
    "jabber:iq:gateway": NEITHER,                         # XEP-0100: a component's own
}


class Servers:
    """The cases."""

    def __init__(self, stage):
        self.stage, self.fed = stage, stage.fed

    def announcements(self):
        found = [self.stage.announced(domain) for domain in self.fed.domains]
        for feature, wanted in FEATURES.items():
            who = {number for number, features in enumerate(found) if feature in features}
            if who != wanted:
                yield f"{feature}: {who}, not {wanted}"

    def login(self, domain):
        with self.stage.people() as people:
            person = people.login(domain)
            xmpp = person.xmpp
            facts = [person.do("xmpp_conn_get_fact", which) for which in
                     (xmpp.XMPP_FACT_TLS_VERSION, xmpp.XMPP_FACT_MECHANISM)]
            if facts[0] != b"TLS1.3" or not facts[1].startswith(b"SCRAM-SHA-"):
                yield str(facts)
            person.leave()

    def message(self, here, there):
        with self.stage.people() as people:
            one, other = people.login(here), people.login(there)
            one.send(f"<message to='{other.jid}' type='chat'><body>2 &lt; 3 \u00e4\U0001f600</body>"
                     "</message>")
            people.until(lambda: other.messages)
            got = other.messages[0]
            if (got.get("from"), body(got)) != (one.jid, "2 < 3 \u00e4\U0001f600"):
                yield f"{got.get('from')}: {body(got)}"

    def presence(self, here, there):
        with self.stage.people() as people:
            one, other = people.login(here), people.login(there)
            one.send(f"<presence to='{other.jid}'><show>away</show></presence>")
            people.until(lambda: [presence for presence in other.presences
                                  if presence.get("from") == one.jid
                                  and presence.findtext("{jabber:client}show") == "away"])

    def request(self, here, there):
        with self.stage.people() as people:
            one = people.login(here)
            one.ask(f"<iq type='get' to='{there.name}'><ping xmlns='urn:xmpp:ping'/></iq>")

    def secured(self):
        """Both have verified the other's certificate, and let it in by that."""
        said = self.fed.prosody.server.said()
        for what in (f"SASL EXTERNAL with {self.fed.ejabberd.name} succeeded",
                     f"Accepting SASL EXTERNAL identity from {self.fed.ejabberd.name}"):
            if what not in said:
                yield what

    def names(self):
        """Where the domains are, and that the third one is nowhere, the nameservers say."""
        for name, status, count in ((self.fed.prosody.name, "NOERROR", 1),
                                    (self.fed.ejabberd.name, "NOERROR", 1),
                                    (self.fed.nowhere, "NXDOMAIN", 0)):
            answer = wire.ask(self.fed.names.resolver, f"_xmpp-server._tcp.{name}", "SRV")
            if (answer.status, len(answer.texts())) != (status, count):
                yield f"{name}: {answer.status} {answer.texts()}"

    def nobody_there(self, domain):
        """A domain that does not exist: the error says so, whatever was sent."""
        with self.stage.people() as people:
            person = people.login(domain)
            person.send(f"<message to='romeo@{self.fed.nowhere}' id='m'><body>?</body></message>")
            people.until(lambda: person.messages)
            error = person.messages[0]
            found = error.get("type"), error.get("id"), error.get("from"), condition(error)
            if found != ("error", "m", f"romeo@{self.fed.nowhere}", "remote-server-not-found"):
                yield str(found)
            try:
                person.ask(f"<iq type='get' to='{self.fed.nowhere}'>"
                           "<ping xmlns='urn:xmpp:ping'/></iq>")
                yield "an answer"
            except Refused as refused:
                if str(refused) != "remote-server-not-found":
                    yield str(refused)

    def cases(self):
        stage = self.stage
        return [
            ("what each server announces", self.announcements),
            *stage.at_each("a login", self.login),
            *stage.across("a message to the other domain", self.message),
            *stage.across("presence that is directed to the other domain", self.presence),
            *stage.across("a request to the other domain", self.request),
            ("the servers have verified each other", self.secured),
            ("what the nameservers say", self.names),
            *stage.at_each("to a domain that does not exist", self.nobody_there),
        ]
