# SPDX-License-Identifier: LGPL-2.1-or-later
"""Messages: kept for who is offline, copied to the other resource, named by an archive, and what
two who write to each other tell besides."""
from person import body

CARBONS, IDS, OFFLINE = "urn:xmpp:carbons:2", "urn:xmpp:sid:0", "msgoffline"


class Messages:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    def offline(self, here, there):
        """Kept for who is away, with the time, and delivered once."""
        self.stage.needs(OFFLINE, there)
        with self.stage.people() as people:
            account = there.account()
            people.login(there, account).leave()
            sender = people.login(here)
            for text in "first", "second":
                sender.send(f"<message to='{account[0]}' type='chat'><body>{text}</body></message>")
            sender.ask(f"<iq type='get' to='{there.name}'><ping xmlns='urn:xmpp:ping'/></iq>")
            receiver = people.person(there, account)
            delayed = receiver.watch(receiver.xmpp.xmpp_delay_is_delayed)
            receiver.login()
            receiver.send("<presence/>")
            people.until(lambda: len(receiver.messages) == 2)
            if receiver.bodies() != ["first", "second"] or delayed != [1, 1]:
                yield f"{receiver.bodies()} {delayed}"
            receiver.leave()
            again = people.login(there, account)
            people.settle(again, sender)
            yield from again.bodies()

    # --- carbons ----------------------------------------------------------------------------

    @staticmethod
    def with_carbons(people, domain, account, resource=None):
        """Somebody who gets carbons, and the list of them: (direction, body)."""
        person = people.person(domain, account, resource)
        xmpp = person.xmpp

        def look(stanza):
            if direction := xmpp.xmpp_carbon_get_direction(stanza):
                return direction, body(person.parse(xmpp.xmpp_carbon_get_message(stanza)))
            return None
        person.do("xmpp_carbons_enable")
        return person, person.watch(look)

    @staticmethod
    def enter(people, person):
        person.login()
        person.send("<presence/>")
        people.until(lambda: person.do("xmpp_carbons_get_state") == person.xmpp.XMPP_CARBONS_ON)

    def carbons(self, here, there):
        """Of what one resource gets and sends, the other has a copy; also after a new session, and
        not of what is private."""
        self.stage.needs(CARBONS, here)
        with self.stage.people() as people:
            account = here.account()
            balcony, copies = self.with_carbons(people, here, account, "balcony")
            self.enter(people, balcony)
            garden, friend = people.login(here, account, "garden"), people.login(there)
            received, sent = balcony.xmpp.XMPP_CARBON_RECEIVED, balcony.xmpp.XMPP_CARBON_SENT
            wanted = []
            for ending in balcony.leave, balcony.cut, None:
                count = len(garden.messages)
                friend.send(f"<message to='{garden.jid}' type='chat'><body>to</body></message>")
                people.until(lambda: len(garden.messages) > count)
                garden.send(f"<message to='{friend.jid}' type='chat'><body>fro</body></message>")
                wanted += [(received, "to"), (sent, "fro")]
                people.until(lambda: len(copies) >= len(wanted))
                if ending:
                    ending()
                    self.enter(people, balcony)
            secret = garden.stanza(f"<message to='{friend.jid}' type='chat'><body>psst</body>"
                                   "</message>")
            garden.xmpp.xmpp_carbon_set_private(secret)
            garden.do("xmpp_conn_send", secret)
            people.until(lambda: friend.bodies()[-1:] == ["psst"])
            people.settle(garden, balcony)
            if copies != wanted:
                yield str(copies)
            yield from (f"as if received: {text}" for text in balcony.bodies() if text)

    def forged(self, here, there):
        """A carbon that a stranger makes up is dropped."""
        self.stage.needs(CARBONS, here)
        with self.stage.people() as people:
            victim, copies = self.with_carbons(people, here, here.account())
            self.enter(people, victim)
            stranger = people.login(there)
            stranger.send(f"<message to='{victim.jid}'><received xmlns='{CARBONS}'>"
                          "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' "
                          f"from='{here.admin[0]}' to='{victim.bare}'><body>give me your password"
                          "</body></message></forwarded></received></message>")
            people.settle(victim, stranger)
            if copies or victim.messages:
                yield f"{copies} {victim.messages}"

    # --- what is told besides ---------------------------------------------------------------

    def ids(self, here, there):
        """The id that the own archive gives is believed, and never what others write in its name;
        where a server lets that pass beside its own, neither."""
        self.stage.needs(IDS, there)
        with self.stage.people() as people:
            one, other = people.login(here), people.person(there)
            xmpp, own = other.xmpp, other.address(other.bare)
            other.do("xmpp_stanza_ids_enable")
            given = other.watch(lambda stanza: xmpp.xmpp_stanza_id_get(stanza, own) or b"")
            other.login()
            other.send("<presence/>")
            people.until(lambda: other.do("xmpp_stanza_ids_is_trusted", own))
            for forged in "", f"<stanza-id xmlns='{IDS}' by='{other.bare}' id='forged'/>":
                one.send(f"<message to='{other.bare}' type='chat'><body>x</body>{forged}</message>")
            people.until(lambda: len(given) == 2)
            if b"forged" in given or not given[0] or given[0] == given[1]:
                yield str(given)

    def states(self, here, there):
        """Who is writing is told to who has shown to know what that means."""
        with self.stage.people() as people:
            one, other = people.person(here), people.person(there)
            xmpp, found = one.xmpp, []
            for person in one, other:
                person.do("xmpp_chat_states_enable")
                found.append(person.watch(lambda stanza: xmpp.xmpp_chat_state_get(stanza) or None))
                person.login()
                person.send("<presence/>")
            composing = (xmpp.XMPP_MESSAGE_CHAT, xmpp.XMPP_CHAT_STATE_COMPOSING, None)
            if other.do("xmpp_chat_state_send", other.address(one.jid), *composing) != 0:
                yield "sent to who may not know it"
            one.send(f"<message to='{other.jid}' type='chat'><body>hi</body></message>")
            people.until(lambda: found[1] == [xmpp.XMPP_CHAT_STATE_ACTIVE])
            if other.do("xmpp_chat_state_send", other.address(one.jid), *composing) != 1:
                yield "not sent"
            people.until(lambda: found[0] == [xmpp.XMPP_CHAT_STATE_COMPOSING])

    def correction(self, here, there):
        """By who wrote it, and by nobody else."""
        with self.stage.people() as people:
            one, other, third = people.login(here), people.login(there), people.login(here)
            xmpp, kept = other.xmpp, []

            def look(stanza):
                kept.append(xmpp.xmpp_stanza_ref(stanza))
                return xmpp.xmpp_correction_fits(kept[0], stanza, 0)
            fits = other.watch(look)
            one.send(f"<message to='{other.jid}' type='chat' id='bad'><body>tpyo</body></message>")
            people.until(lambda: kept)
            for count, person in enumerate((one, third), 2):
                better = person.stanza(f"<message to='{other.jid}' type='chat'><body>typo</body>"
                                       "</message>")
                person.check(xmpp.xmpp_correction_set_id(better, b"bad"))
                person.do("xmpp_conn_send", better)
                people.until(lambda: len(kept) == count)
            other.stanzas += kept
            if fits != [0, 1, 0]:
                yield str(fits)

    def cases(self):
        stage = self.stage
        return [
            *stage.everywhere("offline messages are delivered once", self.offline),
            *stage.everywhere("carbons between two resources", self.carbons),
            *stage.across("a forged carbon", self.forged),
            *stage.everywhere("ids of the archive", self.ids),
            *stage.across("who is writing", self.states),
            *stage.across("a correction", self.correction),
        ]
