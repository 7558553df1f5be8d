# SPDX-License-Identifier: LGPL-2.1-or-later
"""Conversations of two: where the next message goes, what waited in the offline storage, what has
arrived, and what was read."""
import ctypes

from roster import enter, friends

THREAD, SHOW = "{jabber:client}thread", "{jabber:client}show"


class Chats:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    @staticmethod
    def say(person, chat, text):
        message = person.xmpp.xmpp_chat_new_message(chat)
        person.stanzas.append(message)
        person.xmpp.xmpp_message_set_body(message, None, text.encode())
        person.do("xmpp_conn_send", message)

    @staticmethod
    def to(person, chat):
        return person.xmpp.xmpp_jid_get_text(person.xmpp.xmpp_chat_get_to(chat)).decode()

    def locked(self, here, there):
        """To the bare address, then to the resource that has answered, until another one comes into
        it, or that one moves."""
        with self.stage.people() as people:
            one, ones, other, others = friends(people, here, there, ("chat",))
            second, _ = enter(people, there, other.account)
            people.until(lambda: len(ones.resources(other.bare)) == 2)
            chat, xmpp = ctypes.c_void_p(), one.xmpp
            one.do("xmpp_chat_open", one.address(other.bare), ctypes.byref(chat))
            one.check(xmpp.xmpp_chat_begin_thread(chat, 0))
            targets = [self.to(one, chat)]
            self.say(one, chat, "hello?")
            people.until(lambda: "hello?" in other.bodies() + second.bodies())
            thread = (other.messages + second.messages)[0].findtext(THREAD)
            if not thread:
                yield "no thread"
            answer = (f"<message to='{one.jid}' type='chat'><body>%s</body>"
                      f"<thread>{thread}</thread></message>")
            other.send(answer % "here")
            people.until(lambda: len(one.messages) == 1)
            targets.append(self.to(one, chat))
            self.say(one, chat, "only to you")
            people.until(lambda: "only to you" in other.bodies())
            second.send(answer % "and here")
            people.until(lambda: len(one.messages) == 2)
            targets.append(self.to(one, chat))
            other.send(answer % "here again")
            people.until(lambda: len(one.messages) == 3)
            targets.append(self.to(one, chat))
            others.be("<presence><show>away</show></presence>")
            people.until(lambda: ones.presence(other.jid).find(SHOW) is not None)
            targets.append(self.to(one, chat))
            if targets != [other.bare, other.jid, other.bare, other.jid, other.bare]:
                yield str(targets)
            if other.messages[-1].findtext(THREAD) != thread or "only to you" in second.bodies():
                yield "another thread, or to somebody else"
            one.do("xmpp_chat_close", chat)
            xmpp.xmpp_chat_unref(chat)

    def stored(self, here, there):
        """What waited is told from what comes now, and from what a sender says of its own age."""
        self.stage.needs("msgoffline", there)
        with self.stage.people() as people:
            account = there.account()
            sender, (receiver, _) = people.login(here), enter(people, there, account)
            receiver.do("xmpp_chat_enable")
            stored = receiver.watch(
                lambda stanza: receiver.do("xmpp_chat_was_stored", stanza, None))
            receiver.leave()
            sender.send(f"<message to='{account[0]}' type='chat'><body>early</body></message>")
            sender.ask(f"<iq type='get' to='{there.name}'><ping xmlns='urn:xmpp:ping'/></iq>")
            receiver.login()
            people.until(lambda: stored)
            for claim in "", f"<delay xmlns='urn:xmpp:delay' from='{here.name}' stamp='%s'/>":
                claim = claim and claim % "2020-01-01T00:00:00Z"
                sender.send(f"<message to='{receiver.jid}' type='chat'><body>now</body>{claim}"
                            "</message>")
            people.until(lambda: len(stored) == 3)
            if stored != [1, 0, 0]:
                yield str(stored)

    @staticmethod
    def ask_for(person, what, to, name):
        """Sends a message that asks for a receipt or a marker."""
        message = person.stanza(f"<message to='{to}' type='chat' id='{name}'><body>?</body>"
                                "</message>")
        person.check(getattr(person.xmpp, f"xmpp_{what}_request")(message))
        person.do("xmpp_conn_send", message)

    def receipts(self, here, there):
        """Given to who may see our presence, for what comes now, and to nobody else."""
        with self.stage.people() as people:
            one, _, other, _ = friends(people, here, there, ("receipts",))
            stranger, _ = enter(people, here, modules=("receipts",))
            other.do("xmpp_receipts_set_answering", 1)
            got = [person.watch(person.xmpp.xmpp_receipt_get_id) for person in (one, stranger)]
            for person in stranger, one:
                self.ask_for(person, "receipt", other.jid, "now")
            people.until(lambda: got[0] == [b"now"])
            people.settle(stranger, other)
            other.leave()
            self.ask_for(one, "receipt", other.bare, "later")
            one.ask(f"<iq type='get' to='{there.name}'><ping xmlns='urn:xmpp:ping'/></iq>")
            other.login()
            people.until(lambda: len(other.bodies()) == 3)
            people.settle(one, other)
            if got != [[b"now"], []]:
                yield str(got)

    def markers(self, here, there):
        """Sent when the application says so, to who may see our presence."""
        with self.stage.people() as people:
            one, _, other, _ = friends(people, here, there, ("markers",))
            stranger, _ = enter(people, here, modules=("markers",))
            sent = other.watch(lambda stanza: other.do("xmpp_marker_send", stanza))
            got = [person.watch(person.xmpp.xmpp_marker_get_id) for person in (one, stranger)]
            self.ask_for(stranger, "marker", other.jid, "m1")
            people.until(lambda: len(sent) == 1)
            self.ask_for(one, "marker", other.jid, "m2")
            people.until(lambda: got[0] == [b"m2"])
            people.settle(stranger, other)
            if sent[:2] != [0, 1] or got[1]:
                yield f"{sent} {got}"

    def together(self, here, there):
        """All that a client for people has, at once: what one client of an account writes arrives
        with the id of the archive, is acknowledged, and is seen by its other client."""
        self.stage.needs("urn:xmpp:carbons:2", here)
        self.stage.needs("urn:xmpp:sid:0", there)
        with self.stage.people() as people:
            one, _, other, _ = friends(people, here, there, ("im",))
            second, _ = enter(people, here, one.account, modules=("im",))
            xmpp, whom, own = one.xmpp, one.address(other.jid), other.address(other.bare)
            other.do("xmpp_receipts_set_answering", 1)
            people.until(lambda: one.do("xmpp_caps_get", whom) and other.do(
                "xmpp_stanza_ids_is_trusted", own) and second.do(
                    "xmpp_carbons_get_state") == xmpp.XMPP_CARBONS_ON)
            if not xmpp.xmpp_disco_info_has_feature(one.do("xmpp_caps_get", whom),
                                                    b"urn:xmpp:receipts"):
                yield "receipts are not announced"
            got = one.watch(xmpp.xmpp_receipt_get_id)
            ids = other.watch(lambda stanza: xmpp.xmpp_stanza_id_get(stanza, own))
            states = other.watch(xmpp.xmpp_chat_state_get)
            copies = second.watch(lambda stanza: xmpp.xmpp_carbon_get_direction(stanza) or None)
            self.ask_for(one, "receipt", other.bare, "r1")
            people.until(lambda: got == [b"r1"] and ids and copies)
            people.settle(one, second, other)
            if states[:1] != [xmpp.XMPP_CHAT_STATE_ACTIVE]:
                yield f"chat states: {states}"
            directions = xmpp.XMPP_CARBON_SENT, xmpp.XMPP_CARBON_RECEIVED
            if copies[0] != directions[0] or set(copies) - set(directions):
                yield f"carbons: {copies}"

    def cases(self):
        return [
            *self.stage.everywhere("all modules of a client together", self.together),
            *self.stage.across("receipts", self.receipts),
            *self.stage.across("what was displayed", self.markers),
            *self.stage.everywhere("a chat is locked to a resource", self.locked),
            *self.stage.across("what waited is told from what comes now", self.stored),
        ]
