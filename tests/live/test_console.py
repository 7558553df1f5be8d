#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two xmpp_consoles that speak to modules, at a private Prosody. Argument: the folder of the
examples."""
import os
import sys
import tempfile

import place
from authority import Authority
from client import Programs
from prosody import Host, Prosody, free_port
from prosody_services import Services

import tap

DOMAIN = "console.test"
ACCOUNTS = {"alice": "alice's password", "bob": "pencil & paper", "admin": "in charge"}


class Cases:
    """Alice and Bob have `enable all` behind them in each case."""

    def __init__(self, server, programs):
        self.server, self.programs = server, programs

    def console(self, user, resource="console", password=None):
        return self.programs.console(f"{user}@{DOMAIN}/{resource}", password or ACCOUNTS[user])

    def online(self, console):
        console.say("enable all", "own available")
        console.expect("result", command="enable", code=0)
        console.login()
        console.expect("roster", what="complete")

    def two(self, check):
        with self.console("alice") as alice, self.console("bob") as bob:
            self.online(alice)
            self.online(bob)
            check(alice, bob)
            for console in (alice, bob):
                assert console.quit() == 0

    # --- people -----------------------------------------------------------------------------

    def subscribe(self, alice, bob):
        """They know each other from here on."""
        alice.say(f"contact bob@{DOMAIN} Bob Friends Colleagues")
        alice.expect("roster", what="added", jid=f"bob@{DOMAIN}", contact="Bob")
        alice.say(f"subscription subscribe bob@{DOMAIN}")
        bob.expect("roster", what="request", jid=f"alice@{DOMAIN}")
        bob.say(f"subscription approve alice@{DOMAIN}", f"subscription subscribe alice@{DOMAIN}")
        alice.expect("roster", what="request", jid=f"bob@{DOMAIN}")
        alice.say(f"subscription approve bob@{DOMAIN}")
        bob.expect("resource", what="came", jid=f"alice@{DOMAIN}/console")
        alice.say("roster")
        contact = alice.expect("contact", jid=f"bob@{DOMAIN}", subscription="both")
        assert sorted(contact["groups"]) == ["Colleagues", "Friends"], contact

    def see_each_other(self, alice, bob):
        bob.expect("resource", what="came", jid=f"alice@{DOMAIN}/console")
        alice.say("own dnd Counting beans")
        bob.expect("resource", what="changed", show="dnd", status="Counting beans")
        bob.say("who")
        bob.expect("resource", what="there", jid=f"alice@{DOMAIN}/console")
        alice.say("own unavailable")
        bob.expect("resource", what="left", jid=f"alice@{DOMAIN}/console")

    def talk(self, alice, bob):
        bob.expect("resource", what="came", jid=f"alice@{DOMAIN}/console")
        bob.say("receipts on", f"typing composing alice@{DOMAIN}")
        bob.expect("result", command="receipts", code=0)
        alice.say(f"chat bob@{DOMAIN} What's up?")
        heard = bob.expect("noted", body="What's up?")
        receipt = alice.expect("noted", receipt=heard["id"])
        assert receipt["from"] == f"bob@{DOMAIN}/console", receipt
        bob.say(f"chat alice@{DOMAIN} Nothin", f"typing paused alice@{DOMAIN}")
        answer = alice.expect("noted", body="Nothin")
        assert answer["to"] == f"alice@{DOMAIN}/console", "the chat is not locked"
        alice.expect("noted", state="paused")
        bob.say(f"correct {answer['id']} alice@{DOMAIN} Nothing")
        alice.expect("noted", body="Nothing", corrects=answer["id"])

    def carbons(self, alice, bob):
        with self.console("alice", "balcony") as other:
            self.online(other)
            other.say("carbons on", "ping")
            other.expect("reply", code=0)
            alice.say(f"chat bob@{DOMAIN} To whom it concerns")
            bob.expect("noted", body="To whom it concerns")
            other.expect("noted", body="To whom it concerns", carbon="sent")
            assert other.quit() == 0

    def forget(self, alice, bob):
        alice.say(f"forget bob@{DOMAIN}")
        alice.expect("roster", what="removed", jid=f"bob@{DOMAIN}")
        bob.expect("roster", what="left", jid=f"alice@{DOMAIN}")

    # --- services ---------------------------------------------------------------------------

    def questions(self, alice, _):
        alice.say(f"ping {DOMAIN}", f"version {DOMAIN}", f"time {DOMAIN}", f"last {DOMAIN}")
        assert alice.expect("reply", code=0)["took_ms"] >= 0
        assert alice.expect("reply", code=0)["software"] == "Prosody"
        assert alice.expect("reply", code=0)["utc_ms"] > 1700000000000
        assert alice.expect("reply", code=0)["seconds"] >= 0
        alice.say(f"info {DOMAIN}", f"items {DOMAIN}")
        info = alice.expect("reply", code=0)
        assert {"category": "server", "type": "im", "software": "Prosody"} in info["identities"]
        assert "urn:xmpp:ping" in info["features"]
        items = alice.expect("reply", code=0)["items"]
        assert f"rooms.{DOMAIN}" in [item["jid"] for item in items], items

    def each_other(self, alice, bob):
        """Modules at both ends: who may not see our presence learns nothing."""
        alice.say(f"direct bob@{DOMAIN}/console", f"info bob@{DOMAIN}/console")
        refused = alice.expect("reply")
        assert refused["name"] == "XMPP_E_REMOTE", refused
        bob.say(f"direct alice@{DOMAIN}/console", f"info alice@{DOMAIN}/console")
        info = bob.expect("reply", code=0)
        assert "urn:xmpp:receipts" in info["features"], info
        bob.say(f"time alice@{DOMAIN}/console", f"ping alice@{DOMAIN}/console")
        assert bob.expect("reply", code=0)["utc_ms"] > 1700000000000
        assert bob.expect("reply", code=0)["took_ms"] >= 0

    def blocking(self, alice, bob):
        alice.say("blocked on", f"block bob@{DOMAIN}")
        alice.expect("reply", code=0)
        bob.say(f"message alice@{DOMAIN} Do you hear me?")
        bob.expect("stanza", kind="message", type="error")
        alice.say("blocked", "unblock all")
        assert alice.expect("blocked")["jids"] == [f"bob@{DOMAIN}"]
        alice.expect("reply", code=0)
        bob.say(f"message alice@{DOMAIN} And now?")
        alice.expect("noted", body="And now?")

    def kept_for_us(self, alice, _):
        alice.say("private <notes xmlns='urn:example:notes'>beans: 12</notes>",
                  "private notes urn:example:notes")
        alice.expect("reply", code=0)
        assert "beans: 12" in alice.expect("reply", code=0)["xml"]
        alice.say("vcard set FN Alice Liddell", "vcard")
        alice.expect("reply", code=0)
        assert "Alice Liddell" in alice.expect("reply", code=0)["xml"]

    def commands(self, _, __):
        """Of the server, by who administers it: a form, filled in."""
        with self.console("admin") as admin:
            self.online(admin)
            admin.say(f"items {DOMAIN} http://jabber.org/protocol/commands")
            nodes = [item["node"] for item in admin.expect("reply", code=0)["items"]]
            announce = "http://jabber.org/protocol/admin#announce"
            assert announce in nodes, nodes
            admin.say(f"command {DOMAIN} {announce}")
            stage = admin.expect("stage", error="XMPP_OK", status="executing")
            assert "announcement" in stage["fields"], stage
            admin.say("field subject News", "field announcement Tea is ready", "stage complete")
            admin.expect("noted", body="Tea is ready")
            admin.expect("stage", error="XMPP_OK", status="completed")
            admin.say("stage next")
            admin.expect("result", command="stage", name="XMPP_E_STATE")
            assert admin.quit() == 0

    # --- accounts ---------------------------------------------------------------------------

    def register(self):
        with self.console("carol", password="first") as carol:
            carol.say("enable register", "register")
            form = carol.expect("registration", error="XMPP_OK")
            assert form["fields"] == ["username", "password"], form
            carol.say("field username alice", "field password x", "submit")
            carol.expect("registration", condition="conflict")
            carol.say("field username carol", "field password first", "submit")
            carol.expect("registration", error="XMPP_OK")
            carol.expect("state", state="offline")
            carol.login()
            carol.say("change-password second")
            carol.expect("registration", error="XMPP_OK")
            assert carol.quit() == 0
        with self.console("carol", password="second") as carol:
            carol.say("enable register")
            carol.login()
            carol.say("unregister", "unregister account")
            carol.expect("result", command="unregister", name="XMPP_E_INVAL")
            carol.expect("registration", error="XMPP_OK")
            carol.expect("state", state="offline")
            carol.quit()
        with self.console("carol", password="second") as carol:
            assert carol.fail()["name"] == "XMPP_E_AUTH"

    def cases(self):
        pairs = [("two who subscribe to each other", self.subscribe),
                 ("they see each other", self.see_each_other), ("they talk", self.talk),
                 ("a client hears what another one says", self.carbons),
                 ("one is forgotten", self.forget), ("questions to the server", self.questions),
                 ("and to each other", self.each_other), ("one who is blocked", self.blocking),
                 ("what the server keeps", self.kept_for_us), ("commands", self.commands)]
        return ([(f"console: {name}", lambda check=check: self.two(check)) for name, check in pairs]
                + [("console: an account from its beginning to its end", self.register)])


def main():
    with tempfile.TemporaryDirectory(dir=place.TEMPORARY, prefix="libxmpp-live-") as folder:
        home = place.prepare(folder)
        authority = Authority(os.path.join(home, "ours"))
        services = Services(free_port(["127.0.0.1"]), free_port(["127.0.0.1"]), authority.ca_file,
                            ("127.0.0.1", 53), (f"gateway.{DOMAIN}", "secret"), ACCOUNTS)
        hosts = [Host(DOMAIN, certificate=authority.server(DOMAIN))]
        with Prosody(home, hosts, authority.ca_file, services=services) as server:
            programs = Programs(os.path.abspath(sys.argv[1]), "127.0.0.1", server.port,
                                authority.ca_file)
            tap.run(Cases(server, programs).cases())


if __name__ == "__main__":
    main()
