# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clients in Python, on the binding that is made from the headers: any number of them in one loop
around one poll(), without threads. A Person keeps what came; People move them until something
holds. What a module adds is called as C has it: `alice.do("xmpp_roster_enable", ...)`."""
import ctypes
import os
import select
import socket
import sys
import time
import xml.etree.ElementTree as ElementTree

PATIENCE_S = 15
CLIENT = "jabber:client"
STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas"


class PollFd(ctypes.Structure):
    _fields_ = [("fd", ctypes.c_int), ("events", ctypes.c_short), ("revents", ctypes.c_short)]


class Refused(Exception):
    """An error was the answer; str() is its condition."""


class People:
    """`with People(binding) as people: alice = people.login(domain)`"""

    def __init__(self, xmpp):
        self.xmpp, self.persons, self.raised, self.trusts = xmpp, [], [], {}
        self.n_marks = 0

    def __enter__(self):
        sys.unraisablehook = lambda unraisable: self.raised.append(unraisable.exc_value)
        return self

    def __exit__(self, *_):
        for person in self.persons:
            person.free()
        for trust in self.trusts.values():
            self.xmpp.xmpp_trust_unref(trust)
        sys.unraisablehook = sys.__unraisablehook__

    def trust(self, ca_file):
        if ca_file not in self.trusts:
            self.trusts[ca_file] = trust = self.xmpp.xmpp_trust_new()
            assert self.xmpp.xmpp_trust_add_ca_file(trust, ca_file.encode()) == 1
        return self.trusts[ca_file]

    def person(self, domain, account=None, resource=None):
        """Somebody who is not connected, with an account of the domain: a fresh one, if none is
        given."""
        self.persons.append(Person(self, domain, account or domain.account(), resource))
        return self.persons[-1]

    def component(self, domain, secret=None):
        """The component of the domain's server, which is not connected."""
        self.persons.append(Component(self, domain, (domain.component, secret or domain.secret)))
        return self.persons[-1]

    def login(self, domain, account=None, resource=None, presence="<presence/>"):
        """Somebody who is online, and has said so."""
        person = self.person(domain, account, resource)
        person.login()
        if presence:
            person.send(presence)
        return person

    def until(self, condition, seconds=PATIENCE_S):
        """Lets time pass until condition() is something: that."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError("it did not come to that: " + "".join(
                    person.told() for person in self.persons if person.conn))
            self._turn(left)
        return found

    def _turn(self, seconds):
        """Waits for whoever has something to do, and lets them do it."""
        poll, wait = select.poll(), seconds * 1000
        living = [person for person in self.persons if person.conn]
        for person in living:
            for fd in person.pollfds():
                poll.register(fd.fd, fd.events)
            timeout = self.xmpp.xmpp_conn_get_timeout(person.conn)
            wait = min(wait, timeout) if timeout >= 0 else wait
        poll.poll(wait)
        for person in living:
            if person.conn:
                person.check(self.xmpp.xmpp_conn_process(person.conn))
            if self.raised:  # in a callback; it does not pass through C
                raise self.raised.pop()

    def settle(self, *persons):
        """What was sent among these by now has come: each sends each other a mark, and itself one
        by its server, and all of them arrive."""
        for sender in persons:
            for receiver in persons:
                self.n_marks += 1
                mark = f"mark {self.n_marks}"
                sender.send(f"<message to='{receiver.jid}' type='headline' id='{mark}'/>")
                self.until(lambda: receiver.marks.pop(mark, None))


class Answer:
    """What a request will bring."""

    def __init__(self):
        self.is_there, self.code, self.stanza, self.value = False, None, None, None


class Person:
    """One connection, and all that came over it: messages, presences and iqs as ElementTrees,
    states as numbers."""

    def __init__(self, people, domain, account, resource=None):
        self.people, self.xmpp, self.domain = people, people.xmpp, domain
        self.account, self.bare = account, account[0]
        self.messages, self.presences, self.iqs, self.states = [], [], [], []
        self.marks, self.passed, self.kept, self.destroyed = {}, [], [], 0
        self.addresses, self.stanzas, self.conn = [], [], self.xmpp.xmpp_conn_new()
        jid = f"{self.bare}/{resource}" if resource else self.bare
        self.do("xmpp_conn_set_trust", people.trust(domain.ca_file))
        self.do("xmpp_conn_set_jid", jid.encode())
        self._set_server(domain, account[1].encode())
        self.on("xmpp_conn_set_trace", "xmpp_trace_fn", self._trace, slot=False)
        self.on("xmpp_conn_on_state", "xmpp_state_fn", self._state)
        self.on("xmpp_conn_on_message", "xmpp_stanza_fn", self._message)
        self.on("xmpp_conn_on_presence", "xmpp_stanza_fn", self._presence)

    def _set_server(self, domain, password):
        self.do("xmpp_conn_set_password", password)
        self.do("xmpp_conn_set_server", b"127.0.0.1", domain.port)

    # --- calling C ------------------------------------------------------------------------------

    def check(self, result):
        """Whatever a function returned, unless it is a failure."""
        if isinstance(result, int) and result < 0:
            raise RuntimeError(self.xmpp.xmpp_error_name(result).decode())
        return result

    def do(self, name, *arguments):
        """A function of the connection; must not fail."""
        return self.check(getattr(self.xmpp, name)(self.conn, *arguments))

    def callback(self, kind, function):
        """A Python function as a C callback of that type, kept as long as the connection."""
        self.kept.append(getattr(self.xmpp, kind)(function))
        return self.kept[-1]

    def data(self, userdata=None):
        """What stands at the end of a registration: an object, and what is called when it goes."""
        self.kept.append(userdata)
        return userdata, self.callback("xmpp_destroy_fn", lambda _: None)

    def on(self, name, kind, function, *before, slot=True):
        """Registers a function. Its last argument, userdata, it need not take."""
        first = (None,) if slot else ()
        self.do(name, *first, *before, self.callback(kind, lambda *a: function(*a[:-1])),
                *self.data())

    def address(self, text):
        """A JID as C has it, for as long as the connection."""
        jid = ctypes.c_void_p()
        self.check(self.xmpp.xmpp_jid_parse(ctypes.byref(jid), text.encode()))
        self.addresses.append(jid)
        return jid

    def stanza(self, text):
        """A stanza as C has it, likewise."""
        stanza, octets = ctypes.c_void_p(), text.encode()
        self.check(self.xmpp.xmpp_stanza_parse(ctypes.byref(stanza), octets, len(octets)))
        self.stanzas.append(stanza)
        return stanza

    def parse(self, stanza):
        text = ctypes.c_void_p()
        self.check(self.xmpp.xmpp_stanza_to_text(stanza, ctypes.byref(text), None))
        xml = ctypes.string_at(text.value).decode()
        self.xmpp.xmpp_free(text)
        return ElementTree.fromstring(f"<stream xmlns='{CLIENT}'>{xml}</stream>")[0]

    # --- what comes -----------------------------------------------------------------------------

    def _trace(self, _conn, is_sent, xml, _n):
        self.passed.append(f"{'>' if is_sent else '<'} {xml.decode()}")

    def _state(self, _conn, state):
        self.states.append(state)

    def _message(self, _conn, stanza):
        message = self.parse(stanza)
        if message.get("id", "").startswith("mark "):
            self.marks[message.get("id")] = True
        else:
            self.messages.append(message)
        return 0

    def _presence(self, _conn, stanza):
        self.presences.append(self.parse(stanza))
        return 0

    def pollfds(self):
        fds = (PollFd * self.xmpp.XMPP_POLLFDS_MAX)()
        return fds[:self.do("xmpp_conn_get_pollfds", fds, len(fds))]

    @property
    def state(self):
        return self.xmpp.xmpp_conn_get_state(self.conn)

    @property
    def jid(self):
        """The address that the server bound."""
        bound = self.xmpp.xmpp_conn_get_bound_jid(self.conn)
        return self.xmpp.xmpp_jid_get_text(bound).decode()

    def told(self):
        error = self.xmpp.xmpp_conn_get_error(self.conn)
        return (f"\n{self.bare}, state {self.state}, "
                f"{self.xmpp.xmpp_error_get_message(error).decode()}:\n  "
                + "\n  ".join(xml[:500] for xml in self.passed[-12:]))

    def features(self):
        """The namespaces of the last stream features."""
        return {namespace_of(child) for child in self.parse(self.do("xmpp_conn_get_features"))}

    # --- what is done ---------------------------------------------------------------------------

    def login(self):
        """Connects, and waits until it is online."""
        before = len(self.states)
        self.do("xmpp_conn_connect")
        ends = self.xmpp.XMPP_STATE_ONLINE, self.xmpp.XMPP_STATE_OFFLINE
        self.people.until(lambda: set(self.states[before:]) & set(ends))
        assert self.state == ends[0], self.told()

    def cut(self):
        """Loses its link, and waits until it has noticed."""
        ends = self.xmpp.XMPP_STATE_OFFLINE, self.xmpp.XMPP_STATE_WAITING
        for fd in self.pollfds():
            with socket.socket(fileno=os.dup(fd.fd)) as link:
                link.shutdown(socket.SHUT_RDWR)
        self.people.until(lambda: self.state in ends)

    def probe(self):
        """The namespaces of the stream features before a login, inside TLS."""
        found = []

        def look(_conn, state):
            if state == self.xmpp.XMPP_STATE_AUTHENTICATING:
                found.append(self.features())
        self.on("xmpp_conn_on_state", "xmpp_state_fn", look)
        self.do("xmpp_conn_probe", self.xmpp.XMPP_PROBE_STREAM)
        self.people.until(lambda: self.xmpp.XMPP_STATE_OFFLINE in self.states)
        return found[0]

    def leave(self):
        """Says good-bye, and waits until it is offline."""
        self.do("xmpp_conn_disconnect")
        self.people.until(lambda: self.state == self.xmpp.XMPP_STATE_OFFLINE)

    def free(self):
        """Drops the connection, without ceremony."""
        conn, self.conn = self.conn, None
        if conn:
            self.xmpp.xmpp_conn_unref(conn)
        while self.stanzas:
            self.xmpp.xmpp_stanza_unref(self.stanzas.pop())
        while self.addresses:
            self.xmpp.xmpp_jid_unref(self.addresses.pop())

    def send(self, text):
        self.do("xmpp_conn_send", self.stanza(text))

    def call(self, name, *arguments, kind="xmpp_reply_fn", take=None):
        """A function that asks somebody: its Answer, which comes later. `take` makes a value of
        what stands between the error and the stanza in a callback of this kind, and of the
        stanza."""
        answer = Answer()

        def hear(_conn, code, *rest):
            answer.is_there, answer.code = True, code
            answer.value = take(*rest) if take and code == 0 else None
            answer.stanza = self.parse(rest[-1]) if rest[-1] else None
        self.on(name, kind, hear, *arguments)
        return answer

    def result(self, name, *arguments, **more):
        """The same, waiting for it: the value, or without `take` the stanza."""
        answer = self.call(name, *arguments, **more)
        self.people.until(lambda: answer.is_there)
        if answer.code == self.xmpp.XMPP_E_REMOTE:
            raise Refused(condition(answer.stanza))
        self.check(answer.code)
        return answer.value if "take" in more else answer.stanza

    def ask(self, text):
        """Sends an iq and waits: its result."""
        return self.result("xmpp_conn_request", self.stanza(text), 0)

    def announced(self, address):
        """The features of an entity, by service discovery (XEP-0030)."""
        info = self.ask(f"<iq type='get' to='{address}'>"
                        "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
        return {feature.get("var") for feature in info.iter(
            "{http://jabber.org/protocol/disco#info}feature")}

    def items(self, address):
        """The addresses of an entity's items, likewise."""
        items = self.ask(f"<iq type='get' to='{address}'>"
                         "<query xmlns='http://jabber.org/protocol/disco#items'/></iq>")
        return [item.get("jid") for item in items[0]]

    def watch(self, function):
        """Calls it with each message as C has it: a list that grows by what it returns."""
        found = []

        def look(_conn, stanza):
            if (value := function(stanza)) is not None:
                found.append(value)
            return 0
        self.on("xmpp_conn_on_message", "xmpp_stanza_fn", look)
        return found

    def bodies(self):
        return [body(message) for message in self.messages]


class Component(Person):
    """A person that is a component, and has a whole domain."""

    def _set_server(self, domain, password):
        self.do("xmpp_conn_set_component_cleartext", password)
        self.do("xmpp_conn_set_server", b"127.0.0.1", domain.component_port)


# --- reading what came ----------------------------------------------------------------------------


def namespace_of(element):
    return element.tag[1:].split("}")[0] if element.tag[0] == "{" else ""


def body(message):
    return message.findtext(f"{{{CLIENT}}}body")


def condition(stanza):
    """That of a stanza error; None if there is none."""
    for child in stanza.findall(f"{{{CLIENT}}}error/*"):
        if namespace_of(child) == STANZA_ERRORS and not child.tag.endswith("}text"):
            return child.tag.split("}")[1]
    return None
