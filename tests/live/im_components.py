# SPDX-License-Identifier: LGPL-2.1-or-later
"""Components: a connection that speaks for a whole domain, to its own server's people and to
others."""
from person import body


class Components:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    def conversation(self, here, there):
        """As one of its users, with somebody, after a cut link, too."""
        with self.stage.people() as people:
            component, person = people.component(there), people.login(here)
            component.login()
            if component.jid != there.component or not component.do("xmpp_conn_is_component"):
                yield component.jid
            user = f"romeo@{there.component}/phone"
            for ending in component.cut, component.leave, None:
                text = f"to the {ending.__name__ if ending else 'end'}"
                person.send(f"<message to='romeo@{there.component}' type='chat'><body>{text}</body>"
                            "</message>")
                people.until(lambda: component.bodies()[-1:] == [text])
                got = component.messages[-1]
                if (got.get("from"), got.get("to")) != (person.jid, f"romeo@{there.component}"):
                    yield str(got.attrib)
                component.send(f"<message from='{user}' to='{got.get('from')}' type='chat'>"
                               f"<body>{body(got)}</body></message>")
                people.until(lambda: person.bodies()[-1:] == [text])
                if person.messages[-1].get("from") != user:
                    yield person.messages[-1].get("from")
                if ending:
                    ending()
                    component.login()

    def requests(self, here, there):
        """It asks in the name of a user, and is asked."""
        with self.stage.people() as people:
            component, person = people.component(there), people.login(here)
            component.do("xmpp_ping_enable")
            component.login()
            component.ask(f"<iq type='get' from='a@{there.component}' to='{here.name}'>"
                          "<ping xmlns='urn:xmpp:ping'/></iq>")
            person.ask(f"<iq type='get' to='anybody@{there.component}'>"
                       "<ping xmlns='urn:xmpp:ping'/></iq>")

    def addresses(self, domain):
        """Without an address of its own domain nothing is sent."""
        with self.stage.people() as people:
            component, person = people.component(domain), people.login(domain)
            component.login()
            for sender in "", f"from='{person.bare}'", f"from='a@b.{domain.component}'":
                message = component.stanza(f"<message to='{person.jid}' {sender}><body>?</body>"
                                           "</message>")
                code = component.xmpp.xmpp_conn_send(component.conn, message)
                if code != component.xmpp.XMPP_E_JID:
                    yield f"{sender}: {code}"

    def secret(self, domain):
        """A wrong secret is an error that does not go away by trying, and the right one is told to
        nobody."""
        with self.stage.people() as people:
            component = people.component(domain, "not it")
            component.do("xmpp_conn_connect")
            people.until(lambda: component.states[-1:] == [component.xmpp.XMPP_STATE_OFFLINE])
            error, xmpp = component.do("xmpp_conn_get_error"), component.xmpp
            found = xmpp.xmpp_error_get_code(error), xmpp.xmpp_error_get_advice(error)
            if found[0] != xmpp.XMPP_E_AUTH or found[1] == xmpp.XMPP_ADVICE_RETRY:
                yield str(found) + component.told()
            component = people.component(domain)
            component.login()
            shake = [xml for xml in component.passed if "<handshake" in xml and xml[0] == ">"]
            if len(shake) != 1 or "redacted" not in shake[0]:
                yield str(shake)

    def cases(self):
        stage = self.stage
        return [
            *stage.everywhere("a conversation with a component's user", self.conversation),
            *stage.everywhere("requests of a component and to it", self.requests),
            *stage.at_each("a component has addresses of its own only", self.addresses),
            *stage.at_each("a component's secret", self.secret),
        ]
