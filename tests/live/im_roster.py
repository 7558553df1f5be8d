# SPDX-License-Identifier: LGPL-2.1-or-later
"""Roster and subscriptions: who asks whom, over reconnects, at one server and across two."""
from roster import enter, friends

PREAPPROVAL = "urn:xmpp:features:pre-approval"
VERSIONS = "urn:xmpp:features:rosterver"


class Rosters:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    @staticmethod
    def pair(people, here, there):
        return (*enter(people, here), *enter(people, there))

    # --- asking -----------------------------------------------------------------------------

    def approved(self, here, there):
        """Asked, granted, asked back, granted: each step is told to both, once."""
        with self.stage.people() as people:
            one, ones, other, others = self.pair(people, here, there)
            assert ones.act("subscribe", other.bare) == 1
            people.until(lambda: ones.state(other.bare) == "none_out"
                         and others.state(one.bare) == "none_in")
            if ones.act("subscribe", other.bare) != 0:
                yield "asked twice"
            assert others.act("approve", one.bare) == 1
            people.until(lambda: ones.state(other.bare) == "to"
                         and others.state(one.bare) == "from")
            people.until(lambda: ones.resources(other.bare) == [other.jid])
            if others.resources(one.bare):
                yield "seen by who may not see"
            others.act("subscribe", one.bare)
            people.until(lambda: ones.heard("request", other.bare))
            ones.act("approve", other.bare)
            people.until(lambda: ones.state(other.bare) == others.state(one.bare) == "both"
                         and others.resources(one.bare) == [one.jid])
            people.settle(one, other)
            for whose, whom in (ones, other), (others, one):
                counted = [whose.heard(what, whom.bare) for what in ("request", "granted")]
                counted.append(whose.heard("came", whom.jid))
                if counted != [1, 1, 1]:
                    yield f"{counted}: {whose.events} {whose.seen}"

    def crossed(self, here, there):
        """Both ask at the same time."""
        with self.stage.people() as people:
            one, ones, other, others = self.pair(people, here, there)
            ones.act("subscribe", other.bare)
            others.act("subscribe", one.bare)
            people.until(lambda: ones.heard("request", other.bare)
                         and others.heard("request", one.bare))
            people.until(lambda: ones.state(other.bare) == others.state(one.bare) == "none_out_in")
            ones.act("approve", other.bare)
            people.until(lambda: others.state(one.bare) == "to_in"
                         and ones.state(other.bare) == "from_out")
            others.act("approve", one.bare)
            people.until(lambda: ones.state(other.bare) == others.state(one.bare) == "both"
                         and ones.resources(other.bare) and others.resources(one.bare))

    def order(self, domain):
        """The roster is asked for before presence is sent, in each session (RFC 6121 2.2)."""
        with self.stage.people() as people:
            one, ones = enter(people, domain)
            for ending in one.leave, one.cut, None:
                sent = [xml for xml in one.passed if xml[0] == ">"]
                what = ["roster" if "jabber:iq:roster" in xml else "presence" for xml in sent
                        if "jabber:iq:roster" in xml or xml.startswith("> <presence")]
                if what != ["roster", "presence"]:
                    yield str(what)
                if ending:
                    ending()
                    one.passed.clear()
                    one.login()
                    people.until(ones.is_current)

    def denied(self, here, there):
        with self.stage.people() as people:
            one, ones, other, others = self.pair(people, here, there)
            ones.act("subscribe", other.bare)
            people.until(lambda: others.heard("request", one.bare))
            assert others.act("deny", one.bare) == 1
            people.until(lambda: ones.heard("refused", other.bare)
                         and ones.state(other.bare) == others.state(one.bare) == "none")
            if ones.resources(other.bare):
                yield "seen all the same"

    def withdrawn(self, here, there):
        """Asked, and taken back before there was an answer. ejabberd forgets the request then, but
        tells nobody."""
        with self.stage.people() as people:
            one, ones, other, others = self.pair(people, here, there)
            ones.act("subscribe", other.bare)
            people.until(lambda: others.heard("request", one.bare)
                         and ones.state(other.bare) == "none_out")
            assert ones.act("unsubscribe", other.bare) == 1
            people.until(lambda: ones.state(other.bare) == "none")
            if there is self.stage.fed.prosody:
                people.until(lambda: others.heard("request_over", one.bare)
                             and others.state(one.bare) == "none")
            people.settle(one, other)
            later, laters = enter(people, there, other.account)
            people.settle(one, later)
            if laters.heard("request", one.bare):
                yield "it was not taken back"

    def offline(self, here, there):
        """Asked while away, told once though it is repeated at each login, granted while the other
        one is away."""
        with self.stage.people() as people:
            account = there.account()
            other, others = enter(people, there, account)
            other.leave()
            one, ones = enter(people, here)
            ones.act("subscribe", account[0])
            people.until(lambda: ones.state(account[0]) == "none_out")
            for ending in (other.leave, other.cut):
                other.login()
                people.until(lambda: others.heard("request", one.bare))
                people.settle(one, other)
                ending()
            other.login()
            people.until(others.is_current)
            people.settle(one, other)
            if others.heard("request", one.bare) != 1 or others.state(one.bare) != "none_in":
                yield f"{others.events}, {others.state(one.bare)}"
            one.leave()
            others.act("approve", one.bare)
            people.until(lambda: others.state(one.bare) == "from")
            one.login()
            people.until(lambda: ones.state(other.bare) == "to"
                         and ones.resources(other.bare) == [other.jid])

    # --- ending -----------------------------------------------------------------------------

    def revoked(self, here, there):
        """One lets the other see no more; then it wants to see no more itself."""
        with self.stage.people() as people:
            one, ones, other, others = friends(people, here, there)
            assert others.act("deny", one.bare) == 1
            people.until(lambda: ones.heard("revoked", other.bare)
                         and ones.state(other.bare) == "from" and others.state(one.bare) == "to")
            people.until(lambda: not ones.resources(other.bare))
            assert others.act("unsubscribe", one.bare) == 1
            people.until(lambda: ones.heard("left", other.bare)
                         and ones.state(other.bare) == others.state(one.bare) == "none")
            people.until(lambda: not others.resources(one.bare))

    def removed(self, here, there):
        with self.stage.people() as people:
            one, ones, other, others = friends(people, here, there)
            ones.remove(other.bare)
            people.until(lambda: ones.heard("removed", other.bare) and not ones.item(other.bare))
            people.until(lambda: others.state(one.bare) == "none")
            people.until(lambda: not ones.resources(other.bare) and not others.resources(one.bare))

    # --- the roster -------------------------------------------------------------------------

    def changes(self, domain):
        """Added, renamed, regrouped by one client: the other client of the account sees it, and so
        does one that comes later."""
        self.stage.needs(VERSIONS, domain)
        with self.stage.people() as people:
            account, friend = domain.account(), domain.account()[0]
            one, ones = enter(people, domain, account)
            _, others = enter(people, domain, account)
            ones.set(friend, "Romeo", ["Friends", "Neighbours & <kin>"])
            people.until(lambda: others.heard("added", friend))
            ones.rename(friend, "R\u00f6meo")
            people.until(lambda: others.heard("changed", friend))
            wanted = "R\u00f6meo", ["Friends", "Neighbours & <kin>"]
            for whose in ones, others:
                name, groups = whose.item(friend)
                if (name, sorted(groups)) != wanted:
                    yield f"{name}, {groups}"
            one.leave()
            others.rename(friend, "Mr. Montague")
            one.login()
            people.until(lambda: ones.is_current() and ones.item(friend)[0] == "Mr. Montague")
            for ending in one.leave, one.cut:  # now that nothing has changed
                ending()
                before = len(one.passed)
                one.login()
                people.until(ones.is_current)
                if any("<item " in xml for xml in one.passed[before:]):
                    yield "sent again, though it was known"
            _, news = enter(people, domain, account)
            if news.item(friend)[0] != "Mr. Montague":
                yield f"{news.item(friend)}"

    def cached(self, domain):
        """What an application has kept is enough, but for what has changed, unless it is
        damaged."""
        self.stage.needs(VERSIONS, domain)
        with self.stage.people() as people:
            account, cache = domain.account(), {}
            first, second, third = [domain.account()[0] for _ in range(3)]
            one, ones = enter(people, domain, account, cache=cache)
            for contact in first, second:
                ones.set(contact, f"Mr. {contact}", ["Friends"])
            people.until(lambda: ones.item(first) and ones.item(second))
            one.leave()
            wanted = {contact: (f"Mr. {contact}", ["Friends"]) for contact in (first, second)}
            yield from self.from_cache(people, account, cache, wanted, is_enough=True)
            another, others = enter(people, domain, account)
            others.set(third, "News", [])
            people.until(lambda: others.item(third))
            another.leave()
            wanted[third] = "News", []
            yield from self.from_cache(people, account, cache, wanted)
            cache[max(cache)] = "<item"
            yield from self.from_cache(people, account, cache, wanted, is_enough=False)
            yield from self.from_cache(people, account, cache, wanted, is_enough=True)

    def from_cache(self, people, account, cache, wanted, is_enough=None):
        """A new client with that cache has these items, and got them from the server or not."""
        domain = next(one for one in self.stage.fed.domains if account[0].endswith(one.name))
        person, roster = enter(people, domain, account, cache=cache)
        people.until(lambda: all(roster.item(contact) == item for contact, item in wanted.items()))
        was_sent = any("<item " in xml and "type='result'" in xml for xml in person.passed)
        if is_enough is not None and was_sent == is_enough:
            yield f"sent as a whole: {was_sent}"
        person.leave()

    def preapproved(self, domain):
        with self.stage.people() as people:
            one, ones, other, others = self.pair(people, domain, domain)
            if PREAPPROVAL not in self.stage.announced(domain):
                code = other.xmpp.xmpp_roster_preapprove(other.conn, other.address(one.bare))
                if code != other.xmpp.XMPP_E_UNSUPPORTED:
                    yield str(code)
                return
            assert others.act("preapprove", one.bare) == 1
            people.until(lambda: others.item(one.bare))
            ones.act("subscribe", other.bare)
            people.until(lambda: ones.heard("granted", other.bare)
                         and ones.state(other.bare) == "to" and others.state(one.bare) == "from")
            people.settle(one, other)
            if others.heard("request", one.bare):
                yield "asked all the same"

    def cases(self):
        stage = self.stage
        return [
            *stage.everywhere("asked and granted, both ways", self.approved),
            *stage.across("asked by both at once", self.crossed),
            *stage.everywhere("asked and refused", self.denied),
            *stage.everywhere("asked and taken back", self.withdrawn),
            *stage.everywhere("asked and granted while away", self.offline),
            *stage.everywhere("ended, one way and then the other", self.revoked),
            *stage.everywhere("removed", self.removed),
            *stage.at_each("the roster comes before presence", self.order),
            *stage.at_each("the roster changes", self.changes),
            *stage.at_each("the roster is kept by the application", self.cached),
            *stage.at_each("granted before it is asked", self.preapproved),
        ]
