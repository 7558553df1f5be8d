# SPDX-License-Identifier: LGPL-2.1-or-later
"""What few servers have, and ejabberd has: privacy lists, offline messages one by one, one message
to many."""
from person import Refused
from roster import texts

PRIVACY, OFFLINE = "jabber:iq:privacy", "http://jabber.org/protocol/offline"
ADDRESSES = "http://jabber.org/protocol/address"


class Rarities:
    """The cases."""

    def __init__(self, stage):
        self.stage, self.domain = stage, stage.fed.ejabberd

    def privacy(self):
        """A list that keeps messages of one person away: made, made active, taken back."""
        domain = self.domain
        self.stage.needs(PRIVACY, domain)
        with self.stage.people() as people:
            one, other = people.login(domain), people.login(domain)
            changed, xmpp = [], one.xmpp
            one.do("xmpp_privacy_enable")
            one.on("xmpp_privacy_on_change", "xmpp_privacy_fn",
                   lambda _conn, name: changed.append(name), slot=False)
            rules = xmpp.xmpp_privacy_list_new(b"no romeo")
            one.stanzas.append(rules)
            xmpp.xmpp_privacy_list_add(rules, xmpp.XMPP_PRIVACY_JID, other.bare.encode(), 1,
                                       xmpp.XMPP_PRIVACY_MESSAGE)
            xmpp.xmpp_privacy_list_add(rules, xmpp.XMPP_PRIVACY_ALL, None, 0, 0)
            one.result("xmpp_privacy_set_list", rules, 0)
            people.until(lambda: changed == [b"no romeo"])

            def rules_of(reply):
                found, rule = [], xmpp.xmpp_elem_get_child(xmpp.xmpp_privacy_get_list(reply),
                                                           b"item", None)
                while rule:
                    found.append((xmpp.xmpp_privacy_rule_is_deny(rule),
                                  xmpp.xmpp_privacy_rule_get_kind(rule),
                                  xmpp.xmpp_privacy_rule_get_value(rule)))
                    rule = xmpp.xmpp_elem_get_next(rule, b"item", None)
                return sorted(found, key=str)
            found = one.result("xmpp_privacy_request_list", b"no romeo", 0, take=rules_of)
            if found != [(0, xmpp.XMPP_PRIVACY_ALL, None),
                         (1, xmpp.XMPP_PRIVACY_JID, other.bare.encode())]:
                yield str(found)
            one.result("xmpp_privacy_set_active", b"no romeo", 0)

            def names(reply):
                return (xmpp.xmpp_privacy_get_active(reply), xmpp.xmpp_privacy_get_default(reply),
                        xmpp.xmpp_privacy_get_name_at(reply, 0))
            found = one.result("xmpp_privacy_request_names", 0, take=names)
            if found != (b"no romeo", None, b"no romeo"):
                yield str(found)
            other.send(f"<message to='{one.jid}' id='p'><body>let me in</body></message>")
            people.until(lambda: other.messages)
            if other.messages[0].get("type") != "error" or one.messages:
                yield "it came through, or no error came back"
            one.result("xmpp_privacy_set_active", None, 0)
            one.result("xmpp_privacy_remove_list", b"no romeo", 0)
            found = one.result("xmpp_privacy_request_names", 0, take=names)
            if found != (None, None, None):
                yield str(found)
            other.send(f"<message to='{one.jid}'><body>at last</body></message>")
            people.until(lambda: one.bodies() == ["at last"])

    def offline(self):
        """Counted, looked at, fetched and removed one by one; what is left does not come by itself.
        (Asked to fetch them all at once, ejabberd says that it has, and has not.)"""
        self.stage.needs(OFFLINE, self.domain)
        with self.stage.people() as people:
            account = self.domain.account()
            people.login(self.domain, account).leave()
            sender = people.login(self.domain)
            for number in range(4):
                sender.send(f"<message to='{account[0]}' type='chat'><body>m{number}</body>"
                            "</message>")
            sender.ask(f"<iq type='get' to='{self.domain.name}'><ping xmlns='urn:xmpp:ping'/></iq>")
            person = people.person(self.domain, account)
            xmpp, nodes = person.xmpp, []
            person.do("xmpp_offline_retrieval_enable")
            fetched = person.watch(xmpp.xmpp_offline_retrieval_get_node)
            person.login()

            def count():
                return person.result("xmpp_offline_retrieval_count", 0,
                                     kind="xmpp_offline_count_fn",
                                     take=lambda count, _reply: count)
            if (found := count()) != 4:
                yield f"{found} of 4"

            def headers(reply):
                found, header = [], None
                while header := xmpp.xmpp_offline_retrieval_get_header(reply, header):
                    found.append((xmpp.xmpp_offline_header_get_node(header),
                                  xmpp.xmpp_offline_header_get_from(header)))
                return found
            found = person.result("xmpp_offline_retrieval_request_headers", 0, take=headers)
            nodes = [node for node, _ in found]
            if [who for _, who in found] != [sender.jid.encode()] * 4:
                yield str(found)
            one = [nodes[2].decode()]
            person.result("xmpp_offline_retrieval_view", texts(one), 1, 0)
            if (person.bodies(), fetched) != (["m2"], nodes[2:3]):
                yield f"{person.bodies()} {fetched}"
            person.result("xmpp_offline_retrieval_remove", texts(one), 1, 0)
            two = [node.decode() for node in nodes[:2]]
            person.result("xmpp_offline_retrieval_view", texts(two), 2, 0)
            if person.bodies() != ["m2", "m0", "m1"] or fetched[1:] != nodes[:2] or count() != 3:
                yield f"{person.bodies()} {fetched}"
            person.send("<presence/>")
            people.settle(sender, person)
            if len(person.messages) != 3:
                yield "it came all at once, too"
            person.result("xmpp_offline_retrieval_purge", 0)
            person.leave()
            person.login()
            person.send("<presence/>")
            people.settle(sender, person)
            if len(person.messages) != 3:
                yield "what was removed was not"

    def multicast(self):
        """One message to many, at both servers; who gets it sees who else does, but for the hidden
        one."""
        self.stage.needs(ADDRESSES, self.domain)
        with self.stage.people() as people:
            sender = people.login(self.domain)
            service = next(address for address in sender.items(self.domain.name)
                           if self.is_multicast(sender, address))
            to, hidden = people.login(self.stage.fed.prosody), people.login(self.domain)
            xmpp = sender.xmpp
            message = sender.stanza(f"<message to='{service}'><body>to all</body></message>")
            for kind, person in (xmpp.XMPP_ADDRESS_TO, to), (xmpp.XMPP_ADDRESS_BCC, hidden):
                xmpp.xmpp_addresses_add(message, kind, sender.address(person.jid), None,
                                        None)

            def kinds(stanza):
                found = []
                while address := xmpp.xmpp_addresses_get_at(stanza, len(found)):
                    found.append(xmpp.xmpp_address_get_type(address))
                return found
            seen = [person.watch(kinds) for person in (to, hidden)]
            sender.do("xmpp_conn_send", message)
            people.until(lambda: all(seen))
            if to.bodies() != ["to all"] or hidden.bodies() != ["to all"]:
                yield f"{to.bodies()} {hidden.bodies()}"
            if seen[0] != [[xmpp.XMPP_ADDRESS_TO]]:
                yield str(seen)

    @staticmethod
    def is_multicast(person, address):
        try:
            return ADDRESSES in person.announced(address)
        except Refused:
            return False

    def cases(self):
        return [
            ("privacy lists (ejabberd)", self.privacy),
            ("offline messages one by one (ejabberd)", self.offline),
            ("one message to many (ejabberd)", self.multicast),
        ]
