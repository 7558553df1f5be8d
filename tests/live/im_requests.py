# SPDX-License-Identifier: LGPL-2.1-or-later
"""What people ask servers and each other: signs of life, time, software, activity, cards, what they
keep, what they are and can do."""
import time

from person import Refused
from roster import enter, friends

PING, TIME, LAST, VERSION = "urn:xmpp:ping", "urn:xmpp:time", "jabber:iq:last", "jabber:iq:version"
VCARD, PRIVATE = "vcard-temp", "jabber:iq:private"
NOTES = "urn:example:notes"


def refused(function, *arguments, **more):
    """The condition of the error that answers; None if none did."""
    try:
        function(*arguments, **more)
        return None
    except Refused as error:
        return str(error)


class Requests:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    # --- asking, each as (person, address) -------------------------------------------------------

    @staticmethod
    def ping(person, to):
        return person.result("xmpp_ping_send", to.encode(), 0, kind="xmpp_ping_fn",
                             take=lambda took, _reply: took)

    @staticmethod
    def time(person, to):
        """(how far their clock is from ours, their offset)"""
        return person.result("xmpp_time_request", to.encode(), 0, kind="xmpp_time_fn",
                             take=lambda utc, offset, _: (abs(utc / 1000 - time.time()), offset))

    @staticmethod
    def last(person, to):
        return person.result("xmpp_last_activity_request", to.encode(), 0,
                             kind="xmpp_last_activity_fn",
                             take=lambda seconds, status, _reply: (seconds, status))

    @staticmethod
    def version(person, to):
        return person.result("xmpp_version_request", to.encode(), 0, kind="xmpp_version_fn",
                             take=lambda name, version, os, _reply: (name, version, os))

    # --- the cases ------------------------------------------------------------------------------

    def of_a_server(self, here, there):
        self.stage.needs(PING, there)
        self.stage.needs(TIME, there)
        self.stage.needs(LAST, there)
        self.stage.needs(VERSION, there)
        with self.stage.people() as people:
            person = people.login(here)
            if not 0 <= self.ping(person, there.name) < 5000:
                yield "no time passed, or too much"
            away, offset = self.time(person, there.name)
            if away > 5 or not -840 <= offset <= 840:
                yield f"{away} s away, offset {offset}"
            if not 0 <= self.last(person, there.name)[0] < 3600:
                yield "up for longer than it can be"
            name, version, _ = self.version(person, there.name)
            if not version or name.lower() not in (b"prosody", b"ejabberd"):
                yield f"{name} {version}"

    MODULES = "ping", "time", "version", "last_activity"

    def of_a_person(self, here, there):
        """Who may see our presence is answered, a stranger gets no more than a sign of life."""
        with self.stage.people() as people:
            one, _, other, _ = friends(people, here, there, self.MODULES)
            other.do("xmpp_version_set_software", b"Test", b"1 < 2", b"an OS")
            other.do("xmpp_time_set_offset", -210)
            self.ping(one, other.jid)
            away, offset = self.time(one, other.jid)
            if away > 5 or offset != -210:
                yield f"{away} s away, offset {offset}"
            if (found := self.version(one, other.jid)) != (b"Test", b"1 < 2", b"an OS"):
                yield str(found)
            if not 0 <= self.last(one, other.jid)[0] < 60:
                yield "not active"
            stranger, _ = enter(people, here)
            self.ping(stranger, other.jid)
            for ask in self.time, self.version, self.last:
                if not (found := refused(ask, stranger, other.jid)):
                    yield f"{ask.__name__}: told"
                if ask is not self.last and found != "service-unavailable":
                    yield f"{ask.__name__}: {found}"

    def gone(self, here, there):
        """When somebody left, and what they said then; not to strangers."""
        self.stage.needs(LAST, there)
        with self.stage.people() as people:
            one, ones, other, others = friends(people, here, there)
            jid = other.jid
            others.be("<presence type='unavailable'><status>to bed</status></presence>")
            people.until(lambda: ones.heard("left", jid))
            other.leave()
            seconds, status = self.last(one, other.bare)
            if not 0 <= seconds < 60 or status != b"to bed":
                yield f"{seconds} {status}"
            stranger = people.login(here)
            if not refused(self.last, stranger, other.bare):
                yield "told to a stranger"

    def cards(self, here, there):
        self.stage.needs(VCARD, there)
        with self.stage.people() as people:
            one, other = people.login(here), people.login(there)
            card = other.xmpp.xmpp_vcard_new()
            other.stanzas.append(card)
            root = other.xmpp.xmpp_stanza_root(card)
            for path, text in (b"FN", "Juliet \u00c4\u00df"), (b"N/GIVEN", "Juliet"):
                other.xmpp.xmpp_vcard_set_text(root, path, text.encode())
            photo = bytes(range(256)) * 4
            other.check(other.xmpp.xmpp_vcard_set_photo(root, b"PHOTO", b"image/png", photo,
                                                        len(photo)))
            other.result("xmpp_vcard_publish", root, 0)

            def read(reply):
                card = one.xmpp.xmpp_vcard_read(reply)
                return [one.xmpp.xmpp_vcard_get_text(card, path) for path in
                        (b"FN", b"N/GIVEN", b"PHOTO/TYPE")]
            found = one.result("xmpp_vcard_request", other.bare.encode(), 0, take=read)
            if found != ["Juliet \u00c4\u00df".encode(), b"Juliet", b"image/png"]:
                yield str(found)

    def private(self, domain):
        """Kept from session to session, for the account alone."""
        if domain is self.stage.fed.prosody:  # the other one does it without a word
            self.stage.needs(PRIVATE, domain)
        with self.stage.people() as people:
            account = domain.account()
            one = people.login(domain, account)

            def read(person):
                return person.result(
                    "xmpp_private_storage_get", b"notes", NOTES.encode(), 0,
                    take=lambda reply: person.xmpp.xmpp_elem_get_child_text(
                        person.xmpp.xmpp_private_storage_read(reply, b"notes", NOTES.encode()),
                        b"note", NOTES.encode()))
            if read(one) is not None:
                yield "something was there"
            notes = one.stanza(f"<notes xmlns='{NOTES}'><note>buy milk &amp; \u00df</note></notes>")
            one.result("xmpp_private_storage_set", one.xmpp.xmpp_stanza_root(notes), 0)
            one.leave()
            if (found := read(people.login(domain, account))) != "buy milk & \u00df".encode():
                yield str(found)
            if read(people.login(domain)) is not None:
                yield "somebody else's"

    def cases(self):
        stage = self.stage
        return [
            *stage.everywhere("asking a server", self.of_a_server),
            *stage.everywhere("asking a contact", self.of_a_person),
            *stage.everywhere("asking when a contact left", self.gone),
            *stage.everywhere("business cards", self.cards),
            *stage.at_each("private storage", self.private),
        ]
