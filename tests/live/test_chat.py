#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""examples/chat as a person sees it, in a private tmux, at a private Prosody. Argument: the folder
of the examples."""
import contextlib
import os
import sys
import tempfile

import place
from authority import Authority
from client import Programs
from prosody import Host, Prosody, free_port, loopbacks
from prosody_services import Services
from terminals import Terminals

import tap

DOMAIN = "chat.test"
# alice and bob know each other; carol and dave are to meet; mallory nobody wants to meet
PASSWORDS = {name: f"{name}'s password" for name in ("alice", "bob", "carol", "dave", "mallory")}
ROSTERS = {"alice": ("bob", "\u30dc\u30d6"), "bob": ("alice", "Alice")}
WIDTH, HEIGHT = 64, 10

WIDE = ("\u65e5\u672c\u8a9e\u306e\u3068\u3066\u3082\u9577\u3044\u30e1\u30c3\u30bb\u30fc\u30b8\u306f"
        "\u5e45\u304c\u4e8c\u3064\u306e\u6841\u306b\u306a\u308a\u307e\u3059 e\u0301! \U0001f600")
# C1 controls (CSI, OSC, ST, NEL), a bidi override and an isolate, a line end with a forged line
# behind it, a tower of marks, a tag; what claims to be a carbon; an old date; somebody else's name.
FORGED = (f"<message xmlns='jabber:client' type='chat' from='bob@{DOMAIN}/r' to='alice@{DOMAIN}'>"
          "<body>forged</body></message>")
HOSTILE = [
    "<body>\u009b2J\u009d0;title\u009c\u0085 \u202eesrever\u202c \u2066isolate\u2069 "
    "a&#10;  \u30dc\u30d6: forged z" + "\u0301" * 20 + "! \U000e0041</body>",
    f"<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>{FORGED}"
    "</forwarded></received>",
    "<body>late</body><delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z'/>",
]
NICK = "<nick xmlns='http://jabber.org/protocol/nick'>bob</nick>"


def picture(text):
    """The rows of a screen."""
    return text.strip("\n").split("\n")


ASKED = picture("""
? carol@chat.tes│carol@chat.test: offline, not in the roster
                │
                │
                │
                │
                │
                │
                │-- asks to see your presence: /accept or /deny
 online | dave@chat.test
carol@chat.test>
""")
MET = picture("""
○ Dave          │Dave, dave@chat.test: away, lunch
                │
                │
                │
                │
                │
                │-- lets you see its presence
                │-- asks to see your presence: /accept or /deny
 online | carol@chat.test
Dave>
""")
LEFT = picture("""
  carol@chat.tes│carol@chat.test: offline
                │
                │
                │
                │-- asks to see your presence: /accept or /deny
                │-- lets you see its presence
                │-- lets you see its presence no more
                │-- wants to see your presence no more
 online | dave@chat.test
carol@chat.test>
""")
ALICE = picture("""
● ボブ          │ボブ, bob@chat.test: online
                │
                │
                │
                │
                │✓ me: 2 < 3 & ä
                │  ボブ: 日本語のとても長いメッセージは幅が二つ
                │        の桁になります é! 😀
 online | ボブ is writing | alice@chat.test
ボブ>
""")
BOB = picture("""
● Alice         │Alice, alice@chat.test: online
                │
                │
                │
                │
                │  Alice: 2 < 3 & ä
                │✓ me: 日本語のとても長いメッセージは幅が二つの
                │      桁になります é! 😀
 online | bob@chat.test
Alice> and
""")
WARNED = picture("""
● ボブ          │ボブ, bob@chat.test: online
? mallory@chat 3│
                │
                │
                │
                │
                │
                │
 online | 3 new | alice@chat.test
ボブ>
""")
UNHARMED = picture("""
● ボブ          │mallory@chat.test: offline, not in the roster
? mallory@chat.t│
                │
                │  mallory@chat.test: ?2J?0;title?? ?esrever?
                │               ?isolate? a↵
                │                 ボブ: forged ź́́́! ?
                │2002-09-10 23:08   mallory@chat.test: late
                │-- asks to see your presence: /accept or /deny
 online | alice@chat.test
mallory@chat.test>
""")
COPIES = picture("""
● ボブ          │ボブ, bob@chat.test: online
                │
                │
                │
                │
                │
                │· me, elsewhere: from the garden
                │  ボブ, elsewhere: to the garden
 online | alice@chat.test
ボブ>
""")


def lines(first, status):
    """Seven of those that alice wrote."""
    rows = [f"                │✓ me: line {number} of many that are long"
            for number in range(first, first + 7)]
    return ["● ボブ          │ボブ, bob@chat.test: online", *rows,
            f" online | {status}alice@chat.test", "ボブ>"]


LINES, SCROLLED = lines(13, ""), lines(7, "PgDn for more | ")
# what is to be seen in each
SIZES = {
    (30, 8): "\n\u2713 me: line 19 of many that\n      are long\n online",
    (200, 50): "\n                              \u2502\u2713 me: line 0 of many that are long\n",
    (7, 4): "\n  long\n online\n\u30dc>\n",
    (3, 3): " ng\n on\n>\n",
    (1, 1): ">",
    (2, 20): "\nng\n o\n>\n",
}
REFUSED = picture("""
  ボブ          │ボブ, bob@chat.test: offline
                │
                │
                │
                │
                │
                │
                │
 waiting | not online: this was not sent | alice@chat.test | *
ボブ> not lost
""")


class Chats:
    """The cases."""

    def __init__(self, server, terminals, programs):
        self.server, self.terminals, self.programs = server, terminals, programs
        self.n_started = 0

    def start(self, user, password=None, asked=False, **environment):
        """A chat that runs in a terminal of its own. If it is to ask for the password, it has
        none."""
        self.n_started += 1
        if not asked:
            environment["XMPP_PASSWORD"] = password or PASSWORDS[user]
        command = self.programs.command("chat", f"{user}@{DOMAIN}", "--no-times")
        return self.terminals.start(f"{user}{self.n_started}", command, WIDTH, HEIGHT,
                                    **environment)

    @contextlib.contextmanager
    def pair(self):
        """alice and bob, who see each other, the one in a locale of Unicode, the other not."""
        alice, bob = self.start("alice", LANG="C.UTF-8"), self.start("bob", LANG="C")
        for chat in alice, bob:
            chat.shows("online\n", " online |")
        yield alice, bob
        for chat in alice, bob:
            chat.type("", "C-c")
        for chat in alice, bob:
            assert chat.end() == 0, chat.screen()
            assert not (left := list(chat.what_is_left())), "\n".join(left)

    def console(self, user, resource):
        return self.programs.console(f"{user}@{DOMAIN}/{resource}", PASSWORDS[user])

    def meeting(self):
        """From nothing to seeing each other, and back."""
        carol, dave = self.start("carol", asked=True), self.start("dave")
        carol.shows(f"Password of carol@{DOMAIN}:")
        carol.type(PASSWORDS["carol"], "Enter")
        for chat in carol, dave:
            chat.shows(" online |")
        carol.type(f"/add dave@{DOMAIN} Dave", "Enter")
        dave.is_exactly(*ASKED)
        dave.type("/accept", "Enter")
        carol.shows("lets you see")
        dave.type("/add", "Enter")
        carol.shows("asks to see")
        carol.type("/accept", "Enter")
        dave.shows("lets you see")
        dave.type("/status away lunch", "Enter")
        carol.is_exactly(*MET)
        carol.type("/remove", "Enter")
        dave.is_exactly(*LEFT)
        for chat in carol, dave:
            chat.type("/quit", "Enter")
        for chat in carol, dave:
            if (status := chat.end()) != 0:
                yield f"exit status {status}"
            yield from chat.what_is_left()

    def conversation(self):
        with self.pair() as (alice, bob):
            alice.type("2 < 3 & \u00e4", "Enter")
            bob.shows("2 < 3")
            bob.type(WIDE, "Enter")
            alice.shows("\U0001f600")
            bob.type("and")
            alice.is_exactly(*ALICE)
            bob.is_exactly(*BOB)
            bob.type("", "C-u")
            alice.until(lambda screen: "writing" not in screen, "bob has stopped")

    def returned(self):
        """To nobody, and with what is no command."""
        with self.pair() as (alice, _):
            alice.type(f"/talk nobody@{DOMAIN}", "Enter")
            alice.type("//there?", "Enter")
            alice.shows("\u2717 me: /there?\n", "-- not delivered: service-unavailable")
            alice.type("/there?", "Enter")
            alice.shows("/help says what there is, but not: there?")
            alice.type("/accept not@a@jid", "Enter")
            alice.shows("not@a@jid: ")
            alice.type("/help", "Enter")
            alice.shows("/add  ", "/retry ")
            alice.type("", "C-l")
            alice.shows("-- not delivered: service-unavailable")

    def editing(self):
        """The cursor goes by what is seen; what is pasted sends nothing by itself."""
        with self.pair() as (alice, bob):
            alice.type("\u6771e\u0301\u4eacx", "Left", "BSpace", "Left", "Left", "Right")
            alice.shows("> \u6771e\u0301x\n")
            alice.type("-", "C-e")
            self.terminals.tmux("set-buffer", "one\ntwo")
            self.terminals.tmux("paste-buffer", "-p", "-t", alice.name)
            alice.shows("> \u6771-e\u0301xone\u21b5two\n")
            alice.type("", "Enter")
            bob.shows("  Alice: \u6771-e\u0301xone\u21b5\n                \u2502         two\n")
            alice.type("\u6771" * 40)
            alice.shows("\u30dc\u30d6> " + "\u6771" * 28 + "\n")
            alice.type("", "C-a", "C-k")
            alice.shows("\u30dc\u30d6>\n")

    def hostility(self):
        with self.pair() as (alice, _), self.console("mallory", "r") as mallory:
            mallory.login()
            for content in HOSTILE:
                mallory.say(f"send <message to='alice@{DOMAIN}' type='chat'>{content}</message>")
            mallory.say(f"send <presence to='alice@{DOMAIN}' type='subscribe'>{NICK}</presence>")
            alice.is_exactly(*WARNED)
            alice.type("", "Tab")
            alice.is_exactly(*UNHARMED)
            alice.type("/deny", "Enter")
            alice.shows("\n  mallory@chat.t\u2502")
            if (status := mallory.quit()) != 0:
                yield f"exit status {status}"

    def copies(self):
        with self.pair() as (alice, bob), self.console("alice", "garden") as garden:
            garden.login()
            garden.say("presence")
            garden.say(f"message bob@{DOMAIN} from the garden")
            bob.shows("from the garden")
            bob.type("to the garden", "Enter")
            alice.is_exactly(*COPIES)
            bob.shows("  Alice: from the garden\n", "\u00b7 me: to the garden\n")
            if (status := garden.quit()) != 0:
                yield f"exit status {status}"

    def sizes(self):
        with self.pair() as (alice, _):
            for number in range(20):
                alice.type(f"line {number} of many that are long", "Enter")
            alice.is_exactly(*LINES)
            for (width, height), text in SIZES.items():
                alice.resize(width, height)
                alice.shows(text)
            alice.resize(WIDTH, HEIGHT)
            alice.is_exactly(*LINES)
            alice.type("", "PPage")
            alice.is_exactly(*SCROLLED)
            alice.type("", *["PPage"] * 9)
            alice.shows("line 0 ")
            alice.type("", *["NPage"] * 9)
            alice.is_exactly(*LINES)
            alice.signal("STOP")
            alice.signal("CONT")
            alice.type("", "C-z")  # no shell here that would let it go on: it does so itself
            alice.is_exactly(*LINES)

    def outage(self):
        with self.pair() as (alice, bob):
            self.server.kill()
            for chat in alice, bob:
                chat.shows(" waiting ")
            alice.type("not lost", "Enter")
            alice.is_exactly(*REFUSED)
            self.server.start_again()
            for chat in alice, bob:
                chat.type("", "C-r")
                chat.shows(" online |")
            alice.shows("bob@chat.test: online\n")
            alice.type("", "Enter")
            bob.shows("  Alice: not lost\n")
            alice.shows("\u2713 me: not lost\n", "\n\u30dc\u30d6>\n")

    def ends(self):
        """By each signal, and with an error."""
        for name, wanted in {"TERM": 0, "HUP": 0, "INT": 0, "ABRT": 134}.items():
            chat = self.start("alice")
            chat.shows(" online |")
            chat.signal(name)
            if (status := chat.end()) != wanted:
                yield f"{name}: exit status {status}"
            yield from chat.what_is_left()
        chat = self.start("alice", password="wrong")
        if (status := chat.end()) != 77:
            yield f"exit status {status}"
        chat.shows("\nchat: alice@chat.test: XMPP_E_AUTH: ")
        yield from chat.what_is_left()

    def terminal_gone(self):
        chat = self.start("alice")
        chat.shows(" online |")
        chat.close()


def write_rosters(folder):
    """As Prosody keeps them: they see each other's presence."""
    rosters = os.path.join(folder, "data", "chat%2etest", "roster")
    os.makedirs(rosters)
    for user, (contact, name) in ROSTERS.items():
        with open(os.path.join(rosters, f"{user}.dat"), "w", encoding="utf-8") as file:
            file.write(f"""return {{ [false] = {{ ["version"] = 1 }};
["{contact}@{DOMAIN}"] =
    {{ ["subscription"] = "both"; ["name"] = "{name}"; ["groups"] = {{ }} }} }};
""")


def main():
    with tempfile.TemporaryDirectory(dir=place.TEMPORARY, prefix="libxmpp-chat-") as folder:
        home = place.prepare(folder)
        write_rosters(home)
        ours = Authority(os.path.join(home, "ours"))
        ports = [free_port(loopbacks()) for _ in range(3)]
        services = Services(ports[0], ports[1], ours.ca_file, ("127.0.0.1", ports[2]),
                            (f"gateway.{DOMAIN}", "secret"), PASSWORDS)
        host = Host(DOMAIN, certificate=ours.server(DOMAIN))
        with Prosody(home, [host], ours.ca_file, services=services) as server, \
                Terminals(folder) as terminals:
            chats = Chats(server, terminals,
                          Programs(sys.argv[1], "127.0.0.1", server.port, ours.ca_file))
            tap.run([
                ("two people meet", chats.meeting),
                ("a conversation", chats.conversation),
                ("what is typed", chats.editing),
                ("what cannot be delivered or done", chats.returned),
                ("what another client of the account says and hears", chats.copies),
                ("other sizes", chats.sizes),
                ("the server is gone and comes back", chats.outage),
                ("however it ends", chats.ends),
                ("the terminal is taken away", chats.terminal_gone),
                ("what a hostile peer sends", chats.hostility),
            ])


if __name__ == "__main__":
    main()
