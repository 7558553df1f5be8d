# SPDX-License-Identifier: LGPL-2.1-or-later
"""What entities are and can do: asked for, and known from a hash in presence."""
from person import Refused
from roster import enter, friends

PING = "urn:xmpp:ping"


class Discovery:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    @staticmethod
    def features(xmpp, info):
        return {xmpp.xmpp_disco_info_get_feature(info, index).decode()
                for index in range(xmpp.xmpp_disco_info_get_n_features(info))}

    def info(self, person, to, node=None):
        """(features, whether it is a server or a client)"""
        xmpp = person.xmpp
        return person.result(
            "xmpp_disco_get_info", to.encode(), node, kind="xmpp_disco_info_fn",
            take=lambda info, _reply: (self.features(xmpp, info),
                                       xmpp.xmpp_disco_info_is(info, b"server", None),
                                       xmpp.xmpp_disco_info_is(info, b"client", None)))

    @staticmethod
    def items(person, to):
        xmpp = person.xmpp

        def take(items, _reply):
            return [xmpp.xmpp_jid_get_text(xmpp.xmpp_disco_items_get_jid(items, index)).decode()
                    for index in range(xmpp.xmpp_disco_items_get_n(items))]
        return person.result("xmpp_disco_get_items", to.encode(), None, None,
                             kind="xmpp_disco_items_fn", take=take)

    def of_a_server(self, here, there):
        """The same as is found without the module."""
        with self.stage.people() as people:
            person = people.login(here)
            features, is_server, is_client = self.info(person, there.name)
            if features != person.announced(there.name) or (is_server, is_client) != (1, 0):
                yield str(features)
            if sorted(self.items(person, there.name)) != sorted(person.items(there.name)):
                yield "other items"
            try:
                self.info(person, there.name, b"no such node")
                yield "a node that is not there"
            except Refused as refused:
                if str(refused) not in ("item-not-found", "service-unavailable"):
                    yield str(refused)

    MODULES = "disco", "caps", "ping"

    def of_a_person(self, here, there):
        """Contacts know each other from a hash; strangers are not answered."""
        with self.stage.people() as people:
            one, ones, other, _ = friends(people, here, there, self.MODULES)
            xmpp, who = one.xmpp, one.address(other.jid)
            people.until(lambda: one.do("xmpp_caps_get", who))
            info = one.do("xmpp_caps_get", who)
            if not one.do("xmpp_caps_is_verified", who):
                yield "not verified"
            features, _, is_client = self.info(one, other.jid)
            if self.features(xmpp, info) != features or PING not in features or not is_client:
                yield f"{self.features(xmpp, info)} {features}"
            other.do("xmpp_disco_add_feature", b"urn:example:more")  # and it announces another hash
            people.until(lambda: ones.heard("changed", other.jid))
            people.until(lambda: xmpp.xmpp_disco_info_has_feature(one.do("xmpp_caps_get", who),
                                                                  b"urn:example:more"))
            stranger, _ = enter(people, here)
            try:
                self.info(stranger, other.jid)
                yield "a stranger was told"
            except Refused as refused:
                if str(refused) != "service-unavailable":
                    yield str(refused)

    def once(self, here, there):
        """Of two who announce the same only one is asked."""
        with self.stage.people() as people:
            one, _, other, _ = friends(people, here, there, self.MODULES)
            people.until(lambda: one.do("xmpp_caps_get", one.address(other.jid)))
            before = len(one.passed)
            second, _ = enter(people, there, other.account, modules=self.MODULES)
            people.until(lambda: one.do("xmpp_caps_get", one.address(second.jid)))
            yield from (xml for xml in one.passed[before:]
                        if xml.startswith("> <iq type='get'") and "disco#info" in xml)

    def cases(self):
        stage = self.stage
        return [
            *stage.everywhere("what a server is", self.of_a_server),
            *stage.everywhere("what a contact is", self.of_a_person),
            *stage.across("the same hash is asked about once", self.once),
        ]
