# SPDX-License-Identifier: LGPL-2.1-or-later
"""What people ask servers and each other: signs of life, cards, and what is kept for them."""
from person import Refused

PING, VCARD, PRIVATE = "urn:xmpp:ping", "vcard-temp", "jabber:iq:private"
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

    # --- the cases ------------------------------------------------------------------------------

    def of_a_server(self, here, there):
        self.stage.needs(PING, there)
        with self.stage.people() as people:
            person = people.login(here)
            if not 0 <= self.ping(person, there.name) < 5000:
                yield "no time passed, or too much"

    def of_a_person(self, here, there):
        with self.stage.people() as people:
            one, other = people.login(here), people.login(there)
            if refused(self.ping, one, other.jid) != "service-unavailable":
                yield "answered by nobody"
            other.do("xmpp_ping_enable")
            self.ping(one, other.jid)

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
            *stage.everywhere("asking a person", self.of_a_person),
            *stage.everywhere("business cards", self.cards),
            *stage.at_each("private storage", self.private),
        ]
