# SPDX-License-Identifier: LGPL-2.1-or-later
"""Presence: who is there, with which resources, and who is told so."""
import ctypes

from person import CLIENT, condition
from roster import enter, friends


def status(presence):
    return (presence.findtext(f"{{{CLIENT}}}show"), presence.findtext(f"{{{CLIENT}}}status"),
            presence.findtext(f"{{{CLIENT}}}priority"))


class Presences:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    def told(self, here, there):
        """Show, status and priority, changes of them, and going away."""
        with self.stage.people() as people:
            one, ones, other, others = friends(people, here, there)
            ones.be("<presence><show>dnd</show><status>2 &lt; 3</status><priority>7</priority>"
                    "</presence>")
            people.until(lambda: others.heard("changed", one.jid))
            if (found := status(others.presence(one.jid))) != ("dnd", "2 < 3", "7"):
                yield str(found)
            jid = one.jid
            ones.be("<presence type='unavailable'><status>gone</status></presence>")
            people.until(lambda: others.heard("left", jid) and not others.resources(one.bare))
            if one.do("xmpp_presence_is_announced"):
                yield "still announced"
            ones.be("<presence/>")
            people.until(lambda: others.heard("came", jid) == 2
                         and ones.resources(other.bare) == [other.jid])

    def resources(self, here, there):
        """Two resources: the best one first; each leaves by itself, one in order, one by losing its
        link."""
        with self.stage.people() as people:
            one, ones, _, others = friends(people, here, there)
            low, lows = enter(people, here, one.account,
                                           "<presence><priority>-3</priority></presence>")
            high, highs = enter(people, here, one.account,
                                             "<presence><priority>5</priority></presence>")
            wanted = [high.jid, one.jid, low.jid]
            people.until(lambda: others.resources(one.bare) == wanted)
            people.until(lambda: ones.resources(one.bare) == [high.jid, low.jid]
                         and lows.resources(one.bare) == [high.jid, one.jid]
                         and highs.resources(one.bare) == [one.jid, low.jid])
            jids = high.jid, low.jid
            high.leave()
            people.until(lambda: others.resources(one.bare) == wanted[1:])
            low.cut()
            people.until(lambda: others.resources(one.bare) == [one.jid])
            for jid in jids:
                if (others.heard("came", jid), others.heard("left", jid)) != (1, 1):
                    yield str(others.seen)

    def priorities(self, here, there):
        """A message to the bare address goes to who has not said no by a negative priority, and
        waits if all have."""
        with self.stage.people() as people:
            one = people.login(here)
            low, lows = enter(people, there, None,
                              "<presence><priority>-1</priority></presence>")
            high, highs = enter(people, there, low.account)
            people.until(lambda: lows.resources(low.bare) and highs.resources(low.bare))
            one.send(f"<message to='{low.bare}' type='chat'><body>now</body></message>")
            people.until(lambda: high.messages)
            jid = high.jid
            high.leave()
            people.until(lambda: lows.heard("left", jid))
            one.send(f"<message to='{low.bare}' type='chat'><body>later</body></message>")
            people.settle(one, low)
            if low.messages:
                yield str(low.bodies())
            high.login()
            people.until(lambda: high.bodies() == ["now", "later"])

    def sessions(self, here, there):
        """Whoever goes offline sees nobody any more, one event each, and sees them again later."""
        with self.stage.people() as people:
            one, ones, other, others = friends(people, here, there)
            for count, ending in enumerate((one.leave, one.cut), 1):
                jid = one.jid
                ending()
                if ones.heard("left", other.jid) != count or ones.resources(other.bare):
                    yield f"{ones.seen}"
                people.until(lambda: others.heard("left", jid) == 1)
                one.login()
                people.until(lambda: ones.resources(other.bare) == [other.jid]
                             and others.resources(one.bare) == [one.jid])
            if ones.heard("came", other.jid) != 3:
                yield f"{ones.seen}"

    def by_itself(self, here, there):
        """Whoever loses the link comes back by itself, and is there again."""
        with self.stage.people() as people:
            one, ones, other, others = friends(people, here, there)
            one.do("xmpp_conn_set_reconnect", 1)
            one.do("xmpp_conn_set_limit", one.xmpp.XMPP_LIMIT_RETRY_FIRST, 100)
            one.do("xmpp_conn_set_limit", one.xmpp.XMPP_LIMIT_RETRY_SESSION, 0)
            jid = one.jid
            one.cut()
            people.until(lambda: others.heard("left", jid) and ones.is_current()
                         and ones.resources(other.bare) == [other.jid]
                         and others.resources(one.bare) == [one.jid])
            if one.jid == jid or ones.heard("left", other.jid) != 1:
                yield f"{one.jid} {ones.seen}"

    def directed(self, here, there):
        """To somebody who is no contact, who may see us then, until we leave."""
        with self.stage.people() as people:
            one, ones, other, others = (*enter(people, here),
                                        *enter(people, there))
            if one.do("xmpp_presence_may_see", one.address(other.jid)):
                yield "may see without being told"
            one.do("xmpp_presence_direct", one.address(other.jid),
                   one.stanza("<presence><show>chat</show></presence>"))
            people.until(lambda: others.heard("came", one.jid))
            if (found := status(others.presence(one.jid))[0]) != "chat":
                yield str(found)
            if not one.do("xmpp_presence_may_see", one.address(other.jid)):
                yield "may not see"
            jid = one.jid
            one.leave()
            people.until(lambda: others.heard("left", jid))
            if ones.resources(other.bare):
                yield str(ones.seen)

    def room(self, here, there):
        """Who is in a room is no contact, and no resource of one."""
        with self.stage.people() as people:
            one, ones, other, others = (*enter(people, here), *enter(people, there))
            room = f"friars@rooms.{there.name}"
            for person, nick in (one, "one"), (other, "other"):
                person.do("xmpp_presence_direct", person.address(f"{room}/{nick}"),
                          person.stanza("<presence><x xmlns='http://jabber.org/protocol/muc'/>"
                                        "</presence>"))
            people.until(lambda: all(
                {f"{room}/one", f"{room}/other"} <= {presence.get("from")
                                                     for presence in person.presences}
                for person in (one, other)))
            if not one.do("xmpp_presence_is_room", one.address(room)) or ones.resources(room):
                yield str(ones.resources(room))
            if not one.do("xmpp_presence_may_see", one.address(f"{room}/other")):
                yield "an occupant may not see"
            yield from (f"{event}" for event in ones.seen + others.seen if room in event[1])

    def idle(self, here, there):
        """Since when somebody is idle is told with presence."""
        with self.stage.people() as people:
            one, ones, other, others = friends(people, here, there, ("idle",))
            since, told = 1700000000000, ctypes.c_int64()
            one.do("xmpp_idle_begin", since)
            ones.be("<presence><show>away</show></presence>")
            people.until(lambda: status(others.presence(one.jid))[0] == "away")
            resource = other.do("xmpp_presence_get_resource", other.address(one.jid))
            presence = other.xmpp.xmpp_resource_get_presence(resource)
            other.check(other.xmpp.xmpp_idle_get_since(presence, ctypes.byref(told)))
            if told.value != since:
                yield str(told.value)

    def nobody_there(self, domain):
        """Asking somebody at a domain that does not exist, and a presence sent there: both are
        answered by errors, and nobody is taken to be there."""
        with self.stage.people() as people:
            nobody = f"romeo@{self.stage.fed.nowhere}"
            one, ones = enter(people, domain)
            ones.act("subscribe", nobody)
            one.do("xmpp_presence_direct", one.address(nobody), None)

            def errors():
                return [condition(presence) for presence in one.presences
                        if presence.get("type") == "error"]
            people.until(lambda: len(errors()) == 2)
            if set(errors()) != {"remote-server-not-found"}:
                yield str(errors())
            if ones.resources(nobody) or ones.state(nobody) != "none_out":
                yield f"{ones.resources(nobody)} {ones.state(nobody)}"
            if one.do("xmpp_presence_may_see", one.address(nobody)):
                yield "may see us"
            ones.remove(nobody)
            people.until(lambda: ones.heard("removed", nobody) and ones.state(nobody) == "none")

    def cases(self):
        stage = self.stage
        return [
            *stage.everywhere("contacts are told", self.told),
            *stage.everywhere("resources come and leave", self.resources),
            *stage.everywhere("a negative priority", self.priorities),
            *stage.everywhere("over reconnects", self.sessions),
            *stage.across("back by itself", self.by_itself),
            *stage.everywhere("directed presence", self.directed),
            *stage.everywhere("a room", self.room),
            *stage.across("idle since", self.idle),
            *stage.at_each("presence to a domain that does not exist", self.nobody_there),
        ]
