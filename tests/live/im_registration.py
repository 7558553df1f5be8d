# SPDX-License-Identifier: LGPL-2.1-or-later
"""Accounts that are made in band: registered, logged in to, given another password, given up."""
import itertools

OFFERED, REGISTER = "http://jabber.org/features/iq-register", "jabber:iq:register"
NUMBERS = itertools.count(1)


class Registration:
    """What one person hears of it: `answers` are (code, condition), `form` the last one."""

    def __init__(self, person):
        self.person, self.xmpp, self.answers, self.form = person, person.xmpp, [], None
        person.do("xmpp_register_enable")

    def _hear(self, _conn, code, reply, form):
        if form:
            self.drop()
            self.form = self.xmpp.xmpp_register_form_ref(form)
        self.answers.append((code, self.xmpp.xmpp_register_get_condition(reply)))

    def drop(self):
        self.form = self.xmpp.xmpp_register_form_unref(self.form)

    def call(self, name, *arguments, slot=True):
        """Calls it and waits for the answer."""
        before = len(self.answers)
        self.person.on(name, "xmpp_register_fn", self._hear, *arguments, slot=slot)
        self.person.people.until(lambda: len(self.answers) > before)
        return self.answers[-1]

    def fill(self, **values):
        for name, value in values.items():
            self.person.check(self.xmpp.xmpp_register_form_set(self.form, name.encode(),
                                                               value.encode()))


class Registrations:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    @staticmethod
    def can_login(people, domain, account):
        person = people.person(domain, account)
        person.do("xmpp_conn_connect")
        ends = person.xmpp.XMPP_STATE_ONLINE, person.xmpp.XMPP_STATE_OFFLINE
        people.until(lambda: set(person.states) & set(ends))
        return person.state == ends[0]

    def life(self, domain):
        """Of an account: a name that is taken, one that is not, a login, another password, the
        end."""
        self.stage.needs(OFFERED, domain)
        self.stage.needs(REGISTER, domain)
        with self.stage.people() as people:
            name = f"new{next(NUMBERS)}"
            account = f"{name}@{domain.name}", "a <b> & \u00df"
            person = people.person(domain, account)
            registration, xmpp = Registration(person), person.xmpp
            found = [registration.call("xmpp_register_connect", slot=False)]
            taken = domain.account()[0].split("@")[0]
            registration.fill(username=taken, password="whatever it is")
            found.append(registration.call("xmpp_register_submit", registration.form))
            registration.fill(username=name, password=account[1])
            found.append(registration.call("xmpp_register_submit", registration.form))
            registration.drop()
            if found != [(0, 0), (xmpp.XMPP_E_REMOTE, xmpp.XMPP_CONDITION_CONFLICT), (0, 0)]:
                yield f"{found}{person.told()}"
            people.until(lambda: person.state == xmpp.XMPP_STATE_OFFLINE)
            yield from (xml for xml in person.passed if "whatever" in xml or "a &lt;b" in xml)
            person.login()
            if registration.call("xmpp_register_change_password", b"another")[0] != 0:
                yield person.told()
            person.leave()
            person.login()  # with the new one, by itself
            if self.can_login(people, domain, account):
                yield "the old password is as good"
            if not self.can_login(people, domain, (account[0], "another")):
                yield "the new password is none"
            # ejabberd answers in the name of this very client, which does not count (RFC 6120
            # 8.1.2.1), and ends the session, which does
            if (found := registration.call("xmpp_register_cancel", None)[0]) != 0:
                yield f"{found}{person.told()}"
            people.until(lambda: person.state == xmpp.XMPP_STATE_OFFLINE)
            if self.can_login(people, domain, (account[0], "another")):
                yield "still there"

    def letters(self, here, there):
        """A name that is prepared: whoever is registered as one form of it is reached by
        another."""
        self.stage.needs(OFFERED, there)
        with self.stage.people() as people:
            name = f"\u00c9mile{next(NUMBERS)}"
            account = f"{name}@{there.name.upper()}", "\u5bc6\u7801 \u00e9"
            person, friend = people.person(there, account), people.login(here)
            registration = Registration(person)
            registration.call("xmpp_register_connect", slot=False)
            registration.fill(username=name.lower(), password=account[1])
            code = registration.call("xmpp_register_submit", registration.form)[0]
            registration.drop()
            assert code == 0, person.told()
            people.until(lambda: person.state == person.xmpp.XMPP_STATE_OFFLINE)
            person.login()
            person.send("<presence/>")
            if person.jid.split("/")[0] != f"{name.lower()}@{there.name}":
                yield person.jid
            for to in name.upper(), "E\u0301" + name[1:], name.lower():
                friend.send(f"<message to='{to}@{there.name}' type='chat'><body>{to}</body>"
                            "</message>")
            people.until(lambda: len(person.messages) == 3)
            person.send(f"<message to='{friend.jid}' type='chat'><body>moi</body></message>")
            people.until(lambda: friend.messages)
            if friend.messages[0].get("from") != person.jid:
                yield friend.messages[0].get("from")

    def cases(self):
        return [
            *self.stage.at_each("an account is registered, used and given up", self.life),
            *self.stage.everywhere("a name that is prepared", self.letters),
        ]
