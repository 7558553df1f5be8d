#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The example `gateway` as a component of a private Prosody, and somebody who uses it. Argument: the
folder of the examples."""
import contextlib
import os
import signal
import subprocess
import sys
import tempfile

import place
from authority import Authority
from client import PATIENCE, Programs, environment
from prosody import Host, Prosody, free_port
from prosody_services import Services

import tap

DOMAIN, GATEWAY, SECRET = "people.test", "echo.people.test", "not told"
MILL = f"mill@{GATEWAY}"
ACCOUNTS = {"alice": "alice's password", "admin": "in charge"}


class Cases:
    """The program runs for each case anew: it forgets who was its user."""

    def __init__(self, port, programs):
        self.port, self.programs = port, programs

    @contextlib.contextmanager
    def gateway(self, secret=SECRET, *options):
        command = [os.path.join(self.programs.folder, "gateway"), "--port", str(self.port),
                   *options, GATEWAY]
        program = subprocess.Popen(command, env={**environment(None), "XMPP_SECRET": secret},
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        with program:
            try:
                yield program
            finally:
                program.kill()

    def a_user(self):
        """Who registers, finds an echo, talks with it, and is told when the gateway goes."""
        with self.gateway() as program, \
             self.programs.console(f"alice@{DOMAIN}/x", ACCOUNTS["alice"]) as alice:
            assert program.stdout.readline() == f"online as {GATEWAY}\n"
            alice.login()
            alice.say("presence away",
                      f"request <iq type='get' to='{GATEWAY}'>"
                      "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
            info = alice.expect("reply", code=0)["xml"]
            assert "category='gateway'" in info and "jabber:iq:register" in info, info
            alice.say(f"message {MILL} before")
            refused = alice.expect("stanza", kind="message", type="error")["xml"]
            assert "registration-required" in refused, refused
            alice.say(f"request <iq type='set' to='{GATEWAY}'><query xmlns='jabber:iq:register'>"
                      "<username>Alice</username></query></iq>")
            alice.expect("reply", code=0)
            alice.expect("stanza", kind="presence", type="subscribe", **{"from": GATEWAY})
            alice.say(f"send <presence type='subscribed' to='{GATEWAY}'/>",
                      f"send <presence type='subscribe' to='{GATEWAY}'/>")
            alice.expect("stanza", kind="presence", type=None, **{"from": GATEWAY})
            alice.say(f"request <iq type='set' to='{GATEWAY}'><query xmlns='jabber:iq:gateway'>"
                      "<prompt>mill</prompt></query></iq>")
            assert MILL in alice.expect("reply", code=0)["xml"]
            alice.say(f"send <presence type='subscribe' to='{MILL}'/>")
            alice.expect("stanza", kind="presence", type=None, **{"from": MILL})
            alice.say(f"message {MILL} Halloo")
            assert alice.expect("stanza", kind="message", type="chat")["body"] == "Halloo"
            program.send_signal(signal.SIGTERM)
            alice.expect("stanza", kind="presence", type="unavailable", **{"from": GATEWAY})
            assert program.wait(PATIENCE) == 0, program.stdout.read()
            assert alice.quit() == 0

    def refused(self, status, *words, secret=SECRET, options=()):
        with self.gateway(secret, *options) as program:
            said = program.stdout.read()
            assert program.wait(PATIENCE) == status, said
            assert all(word in said for word in words) and SECRET not in said, said

    def cases(self):
        return [
            ("gateway: a user", self.a_user),
            ("gateway: the secret is wrong",
             lambda: self.refused(77, "XMPP_E_AUTH", secret="another")),
            ("gateway: there is no secret", lambda: self.refused(78, secret="")),
            ("gateway: the server is somewhere else",
             lambda: self.refused(78, "XMPP_E_NOT_LOOPBACK", options=("--server", "192.0.2.1"))),
        ]


def main():
    with tempfile.TemporaryDirectory(dir=place.TEMPORARY, prefix="libxmpp-live-") as folder:
        home = place.prepare(folder)
        authority = Authority(os.path.join(home, "ours"))
        services = Services(free_port(["127.0.0.1"]), free_port(["127.0.0.1"]), authority.ca_file,
                            ("127.0.0.1", 53), (GATEWAY, SECRET), ACCOUNTS)
        hosts = [Host(DOMAIN, certificate=authority.server(DOMAIN))]
        with Prosody(home, hosts, authority.ca_file, services=services) as server:
            programs = Programs(os.path.abspath(sys.argv[1]), "127.0.0.1", server.port,
                                authority.ca_file)
            tap.run(Cases(services.component_port, programs).cases())


if __name__ == "__main__":
    main()
