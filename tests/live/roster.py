# SPDX-License-Identifier: LGPL-2.1-or-later
"""The roster and the presence of a person, by the modules of those names: what they tell, and how
things stand."""
import ctypes

PREFIXES = {"event": "XMPP_ROSTER_EVENT_", "state": "XMPP_SUBSCRIPTION_STATE_",
            "resource": "XMPP_RESOURCE_"}


def enter(people, domain, account=None, presence="<presence/>", modules=(), cache=None):
    """Somebody who is online with roster and presence, and more modules: the person and the
    Roster, which is kept in the dictionary, if there is one."""
    person = people.person(domain, account)
    roster = Roster(person, presence)
    if cache is not None:
        roster.keep_in(cache)
    for module in modules:
        person.do(f"xmpp_{module}_enable")
    person.login()
    people.until(roster.is_current)
    return person, roster


def befriend(people, one, ones, other, others):
    """Each sees the other."""
    for asking, asked, whose, whom in ((one, other, ones, others), (other, one, others, ones)):
        whose.act("subscribe", asked.bare)
        people.until(lambda: whom.heard("request", asking.bare))
        whom.act("approve", asking.bare)
        people.until(lambda: whose.heard("granted", asked.bare))
    people.until(lambda: ones.state(other.bare) == others.state(one.bare) == "both"
                 and ones.resources(other.bare) and others.resources(one.bare))


def friends(people, here, there, modules=()):
    """Two who see each other, both with these modules."""
    pair = (*enter(people, here, modules=modules), *enter(people, there, modules=modules))
    befriend(people, *pair)
    return pair


class Roster:
    """Enables them. `events` are (what, bare address), `seen` (what, full address)."""

    def __init__(self, person, presence="<presence/>"):
        self.person, self.xmpp = person, person.xmpp
        self.events, self.seen = [], []
        person.do("xmpp_roster_enable")
        person.do("xmpp_presence_enable")
        person.on("xmpp_roster_on_event", "xmpp_roster_event_fn", self._event, slot=False)
        person.on("xmpp_presence_on_resource", "xmpp_resource_fn", self._resource, slot=False)
        if presence:
            self.be(presence)

    def keep_in(self, cache):
        def load(_conn, loading, _data):
            for key, text in cache.items():
                if self.xmpp.xmpp_roster_load_entry(loading, key.encode(), text.encode()) < 0:
                    return -1
            return 0

        def save(_conn, key, text, _data):
            if key is None:
                cache.clear()
            elif text is None:
                cache.pop(key.decode(), None)
            else:
                cache[key.decode()] = text.decode()
            return 0
        self.person.do("xmpp_roster_set_cache", self.person.callback("xmpp_roster_load_fn", load),
                       self.person.callback("xmpp_roster_save_fn", save), *self.person.data())

    # --- what is told ---------------------------------------------------------------------------

    def _event(self, _conn, event):
        jid = self.xmpp.xmpp_roster_event_get_jid(event)
        self.events.append((self._word("event", self.xmpp.xmpp_roster_event_get_type(event)),
                            self._text(jid)))

    def _resource(self, _conn, event, resource, _presence):
        self.seen.append((self._word("resource", event),
                          self._text(self.xmpp.xmpp_resource_get_jid(resource))))

    def _text(self, jid):
        return self.xmpp.xmpp_jid_get_text(jid).decode() if jid else None

    def _word(self, kind, value):
        """The name of a constant, without what all of its kind begin with."""
        prefix = PREFIXES[kind]
        return next(name[len(prefix):].lower() for name in vars(self.xmpp)
                    if name.startswith(prefix) and getattr(self.xmpp, name) == value)

    def heard(self, what, whom):
        """How often that was told."""
        return (self.events + self.seen).count((what, whom))

    # --- how things stand -----------------------------------------------------------------------

    def is_current(self):
        return (self.person.do("xmpp_roster_get_status") == self.xmpp.XMPP_ROSTER_CURRENT)

    def state(self, whom):
        """As "none", "to_in", "both"."""
        return self._word("state", self.person.do("xmpp_roster_get_state",
                                                  self.person.address(whom)))

    def item(self, whom):
        """(name, groups) of a contact; None if it is none."""
        item = self.person.do("xmpp_roster_find", self.person.address(whom))
        if not item:
            return None
        groups = [self.xmpp.xmpp_roster_item_get_group(item, index) for index in
                  range(self.xmpp.xmpp_roster_item_get_n_groups(item))]
        name = self.xmpp.xmpp_roster_item_get_name(item)
        return name and name.decode(), [group.decode() for group in groups]

    def resources(self, whom):
        """The full addresses of somebody who is there, the best first."""
        found, jid = [], self.person.address(whom)
        while resource := self.person.do("xmpp_presence_get_resource_at", jid, len(found)):
            found.append(self._text(self.xmpp.xmpp_resource_get_jid(resource)))
        return found

    def presence(self, whom):
        """The last presence of a full address."""
        resource = self.person.do("xmpp_presence_get_resource", self.person.address(whom))
        return self.person.parse(self.xmpp.xmpp_resource_get_presence(resource))

    # --- what is done ---------------------------------------------------------------------------

    def be(self, presence):
        self.person.do("xmpp_presence_set_own", self.person.stanza(presence) if presence else None)

    def act(self, verb, whom):
        """subscribe, unsubscribe, approve, deny or preapprove: whether anything was sent."""
        more = (None, None) if verb == "subscribe" else ()
        return self.person.do(f"xmpp_roster_{verb}", self.person.address(whom), *more)

    def set(self, whom, name, groups):
        self.person.result("xmpp_roster_set", self.person.address(whom), name.encode(),
                           texts(groups), len(groups))

    def rename(self, whom, name):
        self.person.result("xmpp_roster_rename", self.person.address(whom), name.encode())

    def remove(self, whom):
        self.person.result("xmpp_roster_remove", self.person.address(whom))


def texts(strings):
    """As C has them."""
    return (ctypes.c_char_p * len(strings))(*[string.encode() for string in strings])
