# SPDX-License-Identifier: LGPL-2.1-or-later
"""A gateway to another network: a component that people register with, and whose addresses are
contacts of theirs; and the people who use it, at its own server and at the other."""
from im_registration import Registration
from person import condition
from roster import enter


class Gateway:
    """A component that is one: says yes to all that it is asked, and takes note of it."""

    def __init__(self, people, domain):
        self.component = component = people.component(domain)
        self.xmpp, self.name = component.xmpp, domain.component
        self.asked, self.told = [], []
        component.do("xmpp_gateway_enable")
        component.do("xmpp_gateway_set_registration", b"Who are you there?", None)
        component.do("xmpp_gateway_set_prompt", b"Which number?", b"Number")
        component.on("xmpp_gateway_on_ask", "xmpp_gateway_ask_fn", self._ask, slot=False)
        component.on("xmpp_gateway_on_event", "xmpp_gateway_event_fn", self._event, slot=False)
        component.login()

    def _ask(self, _conn, ask):
        xmpp, kind = self.xmpp, self.xmpp.xmpp_gateway_ask_get_kind(ask)
        self.asked.append((kind, xmpp.xmpp_gateway_ask_get_user(ask).decode()))
        if kind == xmpp.XMPP_GATEWAY_ADDRESS:
            name = xmpp.xmpp_gateway_ask_get_field(ask, b"name").decode()
            address = f"{name.strip('+')}@{self.name}"
            self.component.check(xmpp.xmpp_gateway_ask_answer_address(ask, address.encode()))
        else:
            self.component.check(xmpp.xmpp_gateway_ask_accept(ask))

    def _event(self, _conn, event, user, contact, _stanza):
        self.told.append((event, user.decode(),
                          self.xmpp.xmpp_jid_get_text(contact).decode() if contact else None))

    def was_told(self, event, person, contact=None):
        return (getattr(self.xmpp, f"XMPP_GATEWAY_{event}"), person.bare, contact) in self.told

    def was_asked(self, kind, person):
        return (getattr(self.xmpp, f"XMPP_GATEWAY_{kind}"), person.bare) in self.asked


class Gateways:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    @staticmethod
    def register(people, gateway, person, roster):
        """Registered, and logged in: the gateway is there."""
        registration = Registration(person)
        answers = [registration.call("xmpp_register_get", gateway.name.encode())]
        registration.fill(username="me", password="over there")
        answers.append(registration.call("xmpp_register_submit", registration.form))
        registration.drop()
        assert answers == [(0, 0), (0, 0)] and gateway.was_asked("REGISTER", person), answers
        people.until(lambda: roster.heard("request", gateway.name))
        roster.act("approve", gateway.name)
        roster.act("subscribe", gateway.name)
        people.until(lambda: roster.state(gateway.name) == "both")
        people.until(lambda: roster.resources(gateway.name) and gateway.was_asked("LOGIN", person))
        return registration

    def life(self, here, there):
        """Of a user: registered, a contact found and added, a conversation, given up."""
        with self.stage.people() as people:
            gateway, (person, roster) = Gateway(people, there), enter(people, here)
            registration = self.register(people, gateway, person, roster)
            prompt = person.result("xmpp_gateway_get_prompt", gateway.name.encode(), None,
                                   kind="xmpp_gateway_prompt_fn",
                                   take=lambda desc, prompt, _reply: (desc, prompt))
            contact = person.result(
                "xmpp_gateway_get_address", gateway.name.encode(), b"+555",
                kind="xmpp_gateway_address_fn",
                take=lambda address, _reply: person.xmpp.xmpp_jid_get_text(address).decode())
            if (prompt, contact) != ((b"Which number?", b"Number"), f"555@{gateway.name}"):
                yield f"{prompt} {contact}"
            roster.act("subscribe", contact)
            people.until(lambda: gateway.was_asked("ADD", person)
                         and roster.heard("granted", contact) and roster.heard("request", contact))
            roster.act("approve", contact)
            people.until(lambda: gateway.was_told("APPROVED", person, contact)
                         and roster.state(contact) == "both")
            gateway.component.send(f"<presence from='{contact}' to='{person.bare}'/>")
            people.until(lambda: roster.resources(contact) == [contact])
            person.send(f"<message to='{contact}' type='chat'><body>hello</body></message>")
            people.until(lambda: gateway.component.bodies() == ["hello"])
            if registration.call("xmpp_register_cancel", gateway.name.encode())[0] != 0:
                yield person.told()
            people.until(lambda: gateway.was_told("UNREGISTERED", person))
            person.send(f"<message to='{contact}' type='chat' id='late'><body>still there?</body>"
                        "</message>")
            people.until(lambda: person.messages)
            if condition(person.messages[0]) != "registration-required":
                yield str(condition(person.messages[0]))

    def leaving(self, here, there):
        """A user goes and comes back; then the gateway goes."""
        with self.stage.people() as people:
            gateway, (person, roster) = Gateway(people, there), enter(people, here)
            self.register(people, gateway, person, roster)
            user = person.bare.encode()
            person.leave()
            people.until(lambda: gateway.was_told("LOGGED_OUT", person))
            if gateway.component.do("xmpp_gateway_is_logged_in", user):
                yield "logged in all the same"
            person.login()
            people.until(lambda: gateway.component.do("xmpp_gateway_is_logged_in", user)
                         and roster.resources(gateway.name))
            gateway.component.do("xmpp_gateway_leave")
            gateway.component.leave()
            people.until(lambda: not roster.resources(gateway.name))

    def cases(self):
        return [
            *self.stage.everywhere("a gateway's user", self.life),
            *self.stage.everywhere("a gateway and its user come and go", self.leaving),
        ]
