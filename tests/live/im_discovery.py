# SPDX-License-Identifier: LGPL-2.1-or-later
"""What entities are and can do."""
from person import Refused


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

    def cases(self):
        return self.stage.everywhere("what a server is", self.of_a_server)
