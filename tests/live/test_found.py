#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every example once with an address, a password and a nameserver: where to go is found by SRV, and
whom to trust by DANE. Argument: the folder of the examples."""
import os
import re
import signal
import subprocess

from client import PATIENCE, Console, environment, good
from prosody import PASSWORDS
from reach import in_lab

ALICE, BOB = PASSWORDS["alice"], PASSWORDS["bob"]


class Cases:
    """The cases."""

    def __init__(self, lab, tool):
        self.lab, self.tool = lab, tool

    def command(self, name, *arguments):
        """With a nameserver, and nothing else that says where to go or whom to trust."""
        address, port = self.lab.names.resolver
        return [os.path.join(self.tool.folder, name), "--nameserver",
                f"{address}:{port}", *arguments]

    def run(self, name, *arguments, password=ALICE, text=""):
        return subprocess.run(self.command(name, *arguments), input=text, capture_output=True,
                              env=environment(password), text=True, timeout=PATIENCE, check=False)

    def console(self, jid, password):
        return Console(self.command("xmpp_console", jid), password)

    def example(self, name, greeting):
        return lambda: good(self.run(name, "alice@ee.example.test"), greeting)

    def xmpp_console(self):
        with self.console("alice@eedirect.example.test", ALICE) as console:
            facts = console.login()
            if console.quit() != 0 or facts["address"] != f"127.0.0.1:{self.lab.places['tls']}":
                yield str(facts)

    def send_message(self):
        with self.console("bob@ee.example.test", BOB) as bob:
            bob.login()
            bob.say("presence")
            bob.expect("result", command="presence")
            bob.say("request <iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
            bob.expect("reply", code=0)
            yield from good(self.run("send_message", "alice@ee.example.test", "bob@ee.example.test",
                                     text="found you\n"))
            if bob.expect("stanza", kind="message")["body"] != "found you":
                yield bob.told()
            bob.quit()

    def echo_bot(self):
        bot = subprocess.Popen(self.command("echo_bot", "bob@ee.example.test"), text=True,
                               env=environment(BOB), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with bot, self.console("alice@ee.example.test", ALICE) as alice:
            bot_jid = re.search(r"online as (\S+)", bot.stdout.readline())[1]
            alice.login()
            alice.say(f"message {bot_jid} found?")
            if alice.expect("stanza", kind="message")["body"] != "found?":
                yield alice.told()
            alice.quit()
            bot.send_signal(signal.SIGTERM)
            if bot.wait(PATIENCE) != 0:
                yield f"exit status {bot.returncode}: {bot.stdout.read()}"

    def many_connections(self):
        accounts = os.path.join(self.lab.folder, "accounts")
        with open(accounts, "w", encoding="utf-8") as file:
            for domain in ("ee", "eedirect", "ta", "next"):
                file.write(f"alice@{domain}.example.test {ALICE}\n" * 5)
        yield from good(self.run("many_connections", accounts, password=None))

    def cases(self):
        return [
            ("hello", self.example("hello", "online as alice@ee.example.test/")),
            ("libuv_loop", self.example("libuv_loop", "Hello from libuv!")),
            ("glib_loop", self.example("glib_loop", "Hello from GLib!")),
            ("xmpp_console", self.xmpp_console),
            ("send_message", self.send_message),
            ("echo_bot", self.echo_bot),
            ("many_connections", self.many_connections),
        ]


if __name__ == "__main__":
    in_lab(lambda lab, tool, _: Cases(lab, tool).cases())
