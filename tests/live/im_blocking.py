# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keeping people away."""
import ctypes

from roster import enter, friends

BLOCKING = "urn:xmpp:blocking"


def addresses(person, *texts):
    """JIDs as C has them, and how many they are."""
    return (ctypes.c_void_p * len(texts))(*[person.address(text) for text in texts]), len(texts)


class Blocking:
    """The cases."""

    def __init__(self, stage):
        self.stage = stage

    def keep(self, person):
        """Keeps the list: what it hears of it, as (event, address)."""
        heard, xmpp = [], person.xmpp
        person.do("xmpp_blocking_enable")
        person.on("xmpp_blocking_on_event", "xmpp_blocking_fn",
                  lambda _conn, event, jid: heard.append(
                      (event, xmpp.xmpp_jid_get_text(jid).decode() if jid else None)), slot=False)
        person.do("xmpp_blocking_keep", 1)
        return heard

    def blocked(self, here, there):
        """Whoever is blocked sees us leave and reaches us no more, nor do we reach them; each of
        our resources is told, and the next session, too; then it is over. ejabberd does not let
        them see us leave, and what it says to us is not the error of blocking."""
        self.stage.needs(BLOCKING, here)
        with self.stage.people() as people:
            one, _, other, others = friends(people, here, there)
            second, _ = enter(people, here, one.account)
            told, too = self.keep(one), self.keep(second)
            xmpp, jids = one.xmpp, (one.jid, second.jid)
            people.until(lambda: (xmpp.XMPP_BLOCKING_LOADED, None) in told
                         and (xmpp.XMPP_BLOCKING_LOADED, None) in too)
            people.until(lambda: others.heard("came", second.jid))
            errors = one.watch(xmpp.xmpp_blocking_is_error)
            one.result("xmpp_blocking_block", *addresses(one, other.bare), 0)
            people.until(lambda: (xmpp.XMPP_BLOCKING_BLOCKED, other.bare) in told
                         and (xmpp.XMPP_BLOCKING_BLOCKED, other.bare) in too)
            is_exact = here is self.stage.fed.prosody
            people.until(lambda: not is_exact or all(others.heard("left", jid) for jid in jids))
            other.send(f"<message to='{one.bare}' id='b1'><body>let me in</body></message>")
            people.until(lambda: other.messages)
            if other.messages[0].get("type") != "error" or one.messages or second.messages:
                yield "it came through, or no error came back"
            one.send(f"<message to='{other.bare}' id='b2'><body>?</body></message>")
            people.until(lambda: one.messages)
            if one.messages[0].get("type") != "error" or errors != [int(is_exact)]:
                yield f"not an error that says so: {errors}"
            second.leave()
            second.login()
            people.until(lambda: second.do("xmpp_blocking_is_blocked", second.address(other.jid)))
            one.result("xmpp_blocking_unblock", *addresses(one, other.bare), 0)
            people.until(lambda: (xmpp.XMPP_BLOCKING_UNBLOCKED, other.bare) in told)
            people.until(lambda: others.heard("came", one.jid) == 1 + is_exact)
            other.send(f"<message to='{one.jid}'><body>at last</body></message>")
            people.until(lambda: one.bodies()[-1] == "at last")

    def cleared(self, domain):
        """A whole list, emptied at once."""
        self.stage.needs(BLOCKING, domain)
        with self.stage.people() as people:
            one, _ = enter(people, domain)
            told, xmpp = self.keep(one), one.xmpp
            one.result("xmpp_blocking_block", *addresses(
                one, "romeo@montague.test", "verona.test", "a@capulet.test/b"), 0)
            people.until(lambda: len(told) == 4)
            for jid, wanted in (("romeo@montague.test/x", 1), ("who@verona.test", 1),
                                ("a@capulet.test", 0), ("juliet@capulet.test", 0)):
                if one.do("xmpp_blocking_is_blocked", one.address(jid)) != wanted:
                    yield jid
            one.result("xmpp_blocking_unblock_all", 0)
            people.until(lambda: told[-1] == (xmpp.XMPP_BLOCKING_ALL_CLEARED, None))
            if one.do("xmpp_blocking_get_at", 0):
                yield "something is left"

    def cases(self):
        stage = self.stage
        return [
            *stage.everywhere("blocking", self.blocked),
            *stage.at_each("a block list", self.cleared),
        ]
