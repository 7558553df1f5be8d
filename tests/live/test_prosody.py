#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library, by its examples, against a private Prosody. Argument: the folder of the examples."""
import base64
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile

import place
from client import PATIENCE, Programs, environment, good
from prosody import PASSWORDS, Prosody, free_port, hosts_for_tests
from recorder import Recorder

import tap

ALICE, BOB = PASSWORDS["alice"], PASSWORDS["bob"]


class Live:
    """The cases. `server` runs; `programs` know where."""

    def __init__(self, server, programs, authority, folder):
        self.server, self.programs, self.folder = server, programs, folder
        self.authority = authority

    # --- what is negotiated -----------------------------------------------------------------

    def facts(self, jid, options=(), programs=None, password=ALICE):
        with (programs or self.programs).console(jid, password, *options) as console:
            facts = console.login()
            if (status := console.quit()) != 0:
                raise AssertionError(f"exit status {status}")
            return facts

    def tls13_without_binding(self):
        facts = self.facts("alice@tls13.test")
        yield from different(facts, tls_version="TLS1.3", mechanism="SCRAM-SHA-256", binding=None,
                             binding_note="binding not used: not offered")
        if not facts["jid"].startswith("alice@tls13.test/"):
            yield f"bound as {facts['jid']}"

    def tls12_with_unique(self):
        yield from different(self.facts("alice@tls12.test"), tls_version="TLS1.2",
                             mechanism="SCRAM-SHA-256-PLUS", binding="tls-unique")

    def tls12_binding_off(self):
        yield from different(self.facts("alice@tls12.test", ("--channel-binding", "off")),
                             mechanism="SCRAM-SHA-256", binding=None)

    def the_resource_that_is_asked_for(self):
        yield from different(self.facts("alice@tls13.test/balcony"),
                             jid="alice@tls13.test/balcony")

    def over_ipv4(self):
        yield from different(self.facts("alice@tls13.test"),
                             address=f"127.0.0.1:{self.server.port}")

    def over_ipv6(self):
        yield from different(self.facts("alice@tls13.test", programs=self.programs.at("::1")),
                             address=f"[::1]:{self.server.port}")

    def by_the_hosts_file(self):
        hosts = os.path.join(self.folder, "hosts")
        with open(hosts, "w", encoding="utf-8") as file:
            file.write("127.0.0.1 xmpp.elsewhere.test\n")
        programs = self.programs.at("xmpp.elsewhere.test")
        facts = self.facts("alice@tls13.test", ("--hosts-file", hosts), programs)
        yield from different(facts, address=f"127.0.0.1:{self.server.port}")

    def anonymous(self):
        facts = self.facts("anonymous.test", ("--anonymous",), password=None)
        yield from different(facts, mechanism="ANONYMOUS", binding=None)
        if not re.fullmatch(r"[^@/]+@anonymous\.test/.+", facts["jid"]):
            yield f"bound as {facts['jid']}"

    def client_certificate(self, jid):
        certificate, key = self.authority.client(jid)
        return "--cert", certificate, "--key", key

    def external(self):
        facts = self.facts("alice@external.test", self.client_certificate("alice@external.test"),
                           password=None)
        yield from different(facts, mechanism="EXTERNAL", binding=None)
        if not facts["jid"].startswith("alice@external.test/"):
            yield f"bound as {facts['jid']}"

    # --- stanzas ----------------------------------------------------------------------------

    def pair(self):
        """Two consoles that are online, and their addresses."""
        alice = self.programs.console("alice@tls13.test", ALICE)
        bob = self.programs.console("bob@tls13.test", BOB)
        return alice, alice.login()["jid"], bob, bob.login()["jid"]

    def a_message_there_and_back(self):
        alice, alice_jid, bob, bob_jid = self.pair()
        with alice, bob:
            text = "2 < 3 & \"quoted\" \u00e4\u00f6\u00fc \U0001f600"
            alice.say(f"message {bob_jid} {text}")
            got = bob.expect("stanza", kind="message")
            yield from different(got, body=text, to=bob_jid, type="chat")
            yield from different(got, **{"from": alice_jid})
            bob.say(f"message {alice_jid} and back")
            yield from different(alice.expect("stanza", kind="message"), body="and back")
            yield from self.leave(alice, bob)

    def presence_that_is_directed(self):
        alice, alice_jid, bob, bob_jid = self.pair()
        with alice, bob:
            alice.say(f"send <presence to='{bob_jid}'><show>away</show></presence>")
            got = bob.expect("stanza", kind="presence")
            yield from different(got, **{"from": alice_jid, "type": None})
            if "away" not in got["xml"]:
                yield got["xml"]
            yield from self.leave(alice, bob)

    def an_iq_of_each_outcome(self):
        alice, _, bob, bob_jid = self.pair()
        with alice, bob:
            alice.say("request <iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
            yield from different(alice.expect("reply"), code=0, type="result")
            alice.say(f"request <iq type='get' to='{bob_jid}'><what xmlns='urn:test:no'/></iq>")
            got = alice.expect("reply")  # nobody at bob's handles it
            yield from different(got, name="XMPP_E_REMOTE", type="error")
            if "service-unavailable" not in got["xml"]:
                yield got["xml"]
            yield from self.leave(alice, bob)

    @staticmethod
    def leave(*consoles):
        for console in consoles:
            if (status := console.quit()) != 0:
                yield f"exit status {status}"

    # --- the examples -----------------------------------------------------------------------

    def hello(self):
        yield from good(self.programs.hello("alice@tls12.test", ALICE),
                        "online as alice@tls12.test/.* by SCRAM-SHA-256-PLUS", "Hello, world!")

    def loop(self, name, greeting):
        return lambda: good(self.programs.run(name, "alice@tls13.test", password=ALICE), greeting)

    def pipe_direct(self):
        programs = self.programs.at(port=self.server.direct_port)
        yield from good(programs.run("pipe", "alice@tls13.test", "direct", password=ALICE),
                        "Hello through a pipe!")

    def pipe_refused(self):
        done = self.programs.run("pipe", "alice@othername.test", password=ALICE)
        if done.returncode != 78 or "certificate" not in done.stderr:
            yield f"exit status {done.returncode}: {done.stderr}"

    def send_message(self):
        with self.programs.console("bob@tls13.test", BOB) as bob:
            bob.login()
            bob.say("presence")
            bob.expect("result", command="presence")
            bob.say("request <iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
            bob.expect("reply", code=0)
            yield from good(self.programs.run("send_message", "alice@tls13.test", "bob@tls13.test",
                                              password=ALICE, text="disk is full\n"))
            got = bob.expect("stanza", kind="message")
            yield from different(got, body="disk is full")
            yield from self.leave(bob)

    def send_message_to_nobody(self):
        done = self.programs.run("send_message", "alice@tls13.test", "nobody@tls13.test", "there?",
                                 password=ALICE)
        if done.returncode != 69:
            yield f"exit status {done.returncode}: {done.stderr}"

    def echo_bot(self):
        bot = subprocess.Popen(self.programs.command("echo_bot", "bob@tls13.test"),
                               env=environment(BOB), stdin=subprocess.DEVNULL, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with bot, self.programs.console("alice@tls13.test", ALICE) as alice:
            bot_jid = re.search(r"online as (\S+)", bot.stdout.readline())[1]
            alice.login()
            alice.say(f"message {bot_jid} is anybody there?")
            yield from different(alice.expect("stanza", kind="message"),
                                 body="is anybody there?")
            yield from self.leave(alice)
            bot.send_signal(signal.SIGTERM)
            if bot.wait(PATIENCE) != 0:
                yield f"exit status {bot.returncode}: {bot.stdout.read()}"

    def presence_bot(self):
        bot = subprocess.Popen(self.programs.command("presence_bot", "bob@tls13.test", "domain",
                                                     "at work"),
                               env=environment(BOB), stdin=subprocess.DEVNULL, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with bot, killed(bot), self.programs.console("alice@tls13.test", ALICE) as alice:
            bot_jid = re.search(r"online as (\S+)", bot.stdout.readline())[1]
            alice_jid = alice.login()["jid"]
            alice.say(f"message {bot_jid} /status", "presence away")
            alice.say("send <presence type='subscribe' to='bob@tls13.test'/>")
            there = alice.expect("stanza", kind="presence", type=None, **{"from": bot_jid})
            if "at work" not in there["xml"]:
                yield there["xml"]
            if (line := bot.stdout.readline()) != "welcome: alice@tls13.test\n":
                yield line
            # what was asked in front of it was not answered: then we were nobody
            alice.say(f"message {bot_jid} /status")
            yield from different(alice.expect("stanza", kind="message"), body="I do not see you.")
            alice.say(f"send <presence to='{bot_jid}'><show>dnd</show></presence>")
            if (line := bot.stdout.readline()) != f"{alice_jid} came dnd\n":
                yield line
            alice.say(f"message {bot_jid} /status", f"message {bot_jid} /status away not for you")
            yield from different(alice.expect("stanza", kind="message"),
                                 body="You are dnd. I see resources of yours: 1.")
            yield from different(alice.expect("stanza", kind="message"),
                                 body="That is for my own account to say.")
            alice.say("request <iq type='set'><query xmlns='jabber:iq:roster'>"
                      "<item jid='bob@tls13.test' subscription='remove'/></query></iq>")
            alice.expect("reply", code=0)
            yield from self.leave(alice)
            bot.send_signal(signal.SIGTERM)
            if bot.wait(PATIENCE) != 0 or f"{alice_jid} left\n" not in (rest := bot.stdout.read()):
                yield f"exit status {bot.returncode}: {rest}"

    def roster_watch(self):
        watcher = subprocess.Popen(self.programs.command("roster_watch", "bob@tls12.test"),
                                   env=environment(BOB), stdin=subprocess.DEVNULL, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

        def lines(*wanted):
            for line in wanted:
                if (got := watcher.stdout.readline()) != line + "\n":
                    yield f"{got!r} instead of {line!r}"

        with (watcher, killed(watcher), self.programs.console("alice@tls12.test", ALICE) as alice,
              self.programs.console("bob@tls12.test", BOB) as bob):
            watcher.stdout.readline()
            yield from lines("roster: 0 contacts, fetched")
            alice.login()
            bob.login()
            alice.say("presence")
            # a name that would turn the line round
            alice.say("send <presence type='subscribe' to='bob@tls12.test'><status>It's me</status>"
                      "<nick xmlns='http://jabber.org/protocol/nick'>A\u202elice</nick></presence>")
            yield from lines("request alice@tls12.test as A?lice: It's me")
            bob.say("send <presence type='subscribed' to='alice@tls12.test'/>")
            yield from lines("added alice@tls12.test from -", "request-over alice@tls12.test")
            bob.say("request <iq type='set'><query xmlns='jabber:iq:roster'><item "
                    "jid='alice@tls12.test' name='Alice'><group>Friends</group></item></query></iq>")
            yield from lines("changed alice@tls12.test from Alice [Friends]")
            bob.say("request <iq type='set'><query xmlns='jabber:iq:roster'><item "
                    "jid='alice@tls12.test' subscription='remove'/></query></iq>")
            yield from lines("removed alice@tls12.test")
            yield from self.leave(alice)
            yield from self.leave(bob)
            watcher.send_signal(signal.SIGTERM)
            if watcher.wait(PATIENCE) != 0:
                yield f"exit status {watcher.returncode}: {watcher.stdout.read()}"

    def many_connections(self):
        accounts = os.path.join(self.folder, "accounts")
        with open(accounts, "w", encoding="utf-8") as file:
            for domain in ("tls12.test", "tls13.test"):
                file.write(f"alice@{domain} {ALICE}\nbob@{domain} {BOB}\n" * 10)
        yield from good(self.programs.run("many_connections", accounts, password=None))

    def password_from_a_file(self):
        path = os.path.join(self.folder, "password")
        with open(path, "w", encoding="utf-8") as file:
            file.write(ALICE + "\n")
        yield from good(self.programs.run("libuv_loop", "alice@tls13.test", password=None,
                                          options=("--password-file", path)))

    def password_from_standard_input(self):
        yield from good(self.programs.run("libuv_loop", "alice@tls13.test", password=None,
                                          options=("--password-file", "-"), text=ALICE + "\n"))

    def password_that_is_asked_for(self):
        with self.programs.console("alice@tls13.test", None) as console:
            console.say("connect")
            console.expect("ask", kind="password")
            console.say(f"password {ALICE}")
            console.expect("facts")
            yield from self.leave(console)

    def the_trace_is_redacted(self):
        with self.programs.console("alice@tls13.test", ALICE, "--verbose") as console:
            console.login()
            console.quit()
            told = [one["xml"] for one in console.seen if one["event"] == "trace"]
        for name in ("auth", "challenge", "response", "success"):
            found = [xml for xml in told if xml.startswith(f"<{name} ")]
            if not found or not all(">[redacted]<" in xml for xml in found):
                yield f"<{name}/>: {found}"
        everything = str(console.seen).encode()
        yield from (f"{secret} was told" for secret in secrets("alice", ALICE)
                    if secret in everything)

    # --- refusals ---------------------------------------------------------------------------

    REFUSED = {
        "stranger.test": ("XMPP_E_CERT_UNTRUSTED", ["untrusted"]),
        "othername.test": ("XMPP_E_CERT_NAME", ["name"]),
        "expired.test": ("XMPP_E_CERT_EXPIRED", ["expired"]),
        "notls.test": ("XMPP_E_TLS_MISSING", []),
    }

    def refused(self, domain, ca_file=None):
        """What the console says of a refusal in which no credential may leave."""
        before = len(self.server.said())
        with Recorder("127.0.0.1", self.server.port) as recorder:
            programs = self.programs.at("127.0.0.1", recorder.port, ca_file)
            with programs.console(f"alice@{domain}", ALICE, "--allow-plain") as console:
                error = console.fail()
                console.quit()
            assert bytes(recorder.sent).startswith(b"<"), "nothing was recorded"
            for secret in secrets("alice", ALICE):
                assert secret not in bytes(recorder.sent), f"{secret} was sent"
            assert b"<auth" not in bytes(recorder.sent), "authentication was begun"
        said = self.server.said(before)
        assert domain in said, "the server saw nothing"
        assert "<auth" not in said, "authentication was begun inside TLS"
        return error

    def refusal(self, domain):
        def check():
            name, findings = self.REFUSED[domain]
            yield from different(self.refused(domain), name=name, cert_findings=findings,
                                 phase="tls")
        return check

    def refusal_by_the_system_store(self):
        yield from different(self.refused("tls13.test", ca_file=""), name="XMPP_E_CERT_UNTRUSTED")

    def wrong_password(self):
        before = len(self.server.said())
        with self.programs.console("alice@tls13.test", "not it", "--allow-plain") as console:
            error = console.fail()
            status = console.quit()
        yield from different(error, name="XMPP_E_AUTH", condition="not-authorized", phase="sasl",
                             advice="ask-password")
        if status != 77:
            yield f"exit status {status}"
        if (tries := self.server.said(before).count("<auth ")) != 1:
            yield f"{tries} tries"

    def certificate_of_another(self):
        """The server takes who the certificate names, and the client sees that it is not us."""
        options = self.client_certificate("bob@external.test")
        with self.programs.console("alice@external.test", None, *options) as console:
            yield from different(console.fail(), name="XMPP_E_BOUND_JID", phase="bind")
            console.quit()

    def certificate_of_nobody(self):
        options = self.client_certificate("alice@elsewhere.test")
        with self.programs.console("alice@external.test", None, *options) as console:
            yield from different(console.fail(), name="XMPP_E_AUTH", condition="not-authorized",
                                 phase="sasl")
            console.quit()

    def binding_that_is_required(self):
        before = len(self.server.said())
        with self.programs.console("alice@tls13.test", ALICE, "--channel-binding",
                                   "required") as console:
            yield from different(console.fail(), name="XMPP_E_AUTH_BINDING", phase="sasl")
            console.quit()
        if "<auth" in self.server.said(before):
            yield "authentication was begun"

    def nobody_listens(self):
        programs = self.programs.at(port=free_port(["127.0.0.1"]))
        with programs.console("alice@tls13.test", ALICE) as console:
            yield from different(console.fail(), name="XMPP_E_REFUSED", phase="tcp",
                                 advice="retry")
            console.quit()

    def the_messages_differ(self):
        said = {}
        for domain in [*self.REFUSED, "tls13.test"]:
            done = self.programs.hello(f"alice@{domain}", "not it")
            if done.returncode == 0:
                yield f"{domain}: hello was content"
            said.setdefault(done.stderr, []).append(domain)
        yield from (f"{domains}: {text!r}" for text, domains in said.items()
                    if len(domains) > 1 or not text.startswith("hello: "))

    def cases(self):
        return [
            ("login by SCRAM-SHA-256 over TLS 1.3; no binding is offered, none used",
             self.tls13_without_binding),
            ("login by SCRAM-SHA-256-PLUS with tls-unique over TLS 1.2", self.tls12_with_unique),
            ("login without binding where it is switched off", self.tls12_binding_off),
            ("login with the resource that is asked for", self.the_resource_that_is_asked_for),
            ("login over IPv4", self.over_ipv4),
            ("login over IPv6", self.over_ipv6),
            ("login at a name of the hosts file", self.by_the_hosts_file),
            ("login by ANONYMOUS", self.anonymous),
            ("login by EXTERNAL, with a certificate", self.external),
            ("a message there and back", self.a_message_there_and_back),
            ("presence, directed", self.presence_that_is_directed),
            ("iq: a result, and an error of a peer that has no handler",
             self.an_iq_of_each_outcome),
            ("hello", self.hello),
            ("libuv_loop", self.loop("libuv_loop", "Hello from libuv!")),
            ("glib_loop", self.loop("glib_loop", "Hello from GLib!")),
            ("pipe", self.loop("pipe", "Hello through a pipe!")),
            ("pipe, TLS from the first byte", self.pipe_direct),
            ("pipe: the certificate is another name's", self.pipe_refused),
            ("send_message", self.send_message),
            ("send_message to an address that is not there", self.send_message_to_nobody),
            ("echo_bot", self.echo_bot),
            ("presence_bot", self.presence_bot),
            ("roster_watch", self.roster_watch),
            ("many_connections: forty", self.many_connections),
            ("the password from a file", self.password_from_a_file),
            ("the password from standard input", self.password_from_standard_input),
            ("the password when it is asked for", self.password_that_is_asked_for),
            ("the trace shows nothing that authenticates", self.the_trace_is_redacted),
            ("refused: an unknown authority", self.refusal("stranger.test")),
            ("refused: a certificate for another name", self.refusal("othername.test")),
            ("refused: a certificate that has expired", self.refusal("expired.test")),
            ("refused: no STARTTLS", self.refusal("notls.test")),
            ("refused: an authority that the system does not know",
             self.refusal_by_the_system_store),
            ("refused: a wrong password, tried once", self.wrong_password),
            ("refused: EXTERNAL with a certificate of somebody else", self.certificate_of_another),
            ("refused: EXTERNAL with a certificate of no account here",
             self.certificate_of_nobody),
            ("refused: no binding where it is required", self.binding_that_is_required),
            ("refused: nobody listens", self.nobody_listens),
            ("refusals have messages of their own", self.the_messages_differ),
        ]


def secrets(user, password):
    """The forms in which a credential could be seen."""
    plain = [password.encode(), f"\0{user}\0{password}".encode()]
    return plain + [base64.b64encode(text) for text in plain]


@contextlib.contextmanager
def killed(process):
    """What waits for it never waits for ever."""
    try:
        yield
    finally:
        process.kill()


def different(found, **want):
    for key, value in want.items():
        if found.get(key) != value:
            yield f"{key} is {found.get(key)!r}, not {value!r}, in {found}"


def main():
    with tempfile.TemporaryDirectory(dir=place.TEMPORARY, prefix="libxmpp-live-") as folder:
        home = place.prepare(folder)
        hosts, authority = hosts_for_tests(home)
        with Prosody(home, hosts, authority.ca_file, direct=True) as server:
            programs = Programs(os.path.abspath(sys.argv[1]), "127.0.0.1", server.port,
                                authority.ca_file)
            tap.run(Live(server, programs, authority, folder).cases())


if __name__ == "__main__":
    main()
