# SPDX-License-Identifier: LGPL-2.1-or-later
"""All that finding and reaching a server is tried against, on loopback: the nameserver and the
resolver with the zones, Prosody behind them on both its ports, two black holes, and a server that
is not the right one."""
import contextlib
import os

import zones
from authority import EXPIRED, Authority
from hole import BlackHole
from nameservers import Nameservers
from prosody import Host, Prosody
from recorder import Recorder
from tlsa import associations
from unwelcome import Unwelcome

# The domains that can be connected to, with a good certificate.
SERVED = [f"{name}.plain.test" for name in (
    "one", "ordered", "weights", "mixed", "direct", "crossed", "nostarttls", "nodirect", "v4", "v6",
    "v6hole", "third", "unwelcome", "notarget", "port0", "literal", "lametarget", "alias",
    "aliases", "targetalias", "targetloop", "letters", "b\u00fccher", "large", "entering")]
SERVED += ["example.test"] + [f"{name}.example.test" for name in (
    "mixed", "ee", "eedirect", "eealias", "wrong", "several", "ta", "pkixta", "pkixee", "pkixwrong",
    "unusable", "next", "forged", "forgedaddress", "forgedtlsa", "forgedfirst", "leaving",
    "leavingalias", "ee00", "ee01", "ee02", "ee10", "ee11", "ee12")]
SERVED += ["bogus.test", "expired.test", "lie.test"]


class Lab:
    """`with Lab(folder) as lab:` lab.server is Prosody, lab.names the nameservers, lab.places the
    ports that zones.py gives names to, lab.ca_file the authority to trust."""

    def __init__(self, folder):
        self.folder = folder
        home = self._folder("server")  # Prosody has to be able to read its keys
        self.authority = Authority(os.path.join(home, "ours"))
        self.stranger = Authority(os.path.join(home, "stranger"), "stranger")
        self.ca_file = self.authority.ca_file
        self.certificate = self._certificate("lab.test", SERVED)
        self.unknown = self.stranger.server("unknown.test", ["elsewhere.test"], EXPIRED)
        self.stack = contextlib.ExitStack()
        self.server = self.names = self.places = None

    def _certificate(self, name, names):
        names = [one.encode("idna").decode() for one in names]
        return self.authority.with_issuer(*self.authority.server(name, names))

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            enter = stack.enter_context
            self.server = enter(Prosody(self._folder("server"), self._hosts(), self.ca_file, True))
            slow = enter(Recorder("127.0.0.1", self.server.port))
            enter(BlackHole("::1", slow.port))
            enter(BlackHole("127.0.0.3", self.server.port))
            unwelcome = enter(Unwelcome("127.0.0.1"))
            self.places = {"c2s": self.server.port, "tls": self.server.direct_port,
                           "mixed": slow.port, "unwelcome": unwelcome.port}
            self.names = enter(Nameservers(self._folder("names"), *self._zones()))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def _folder(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def _hosts(self):
        by_target = self._certificate("target.test", ["targethost.example.test"])
        others = {"stranger": self.unknown, "strangerpkix": self.unknown, "target": by_target,
                  "targetpkix": by_target}
        return ([Host(domain, certificate=self.certificate) for domain in SERVED]
                + [Host(f"{name}.example.test", certificate=certificate)
                   for name, certificate in others.items()])

    def _zones(self):
        """The zones, and what is forged in them."""
        server = associations(self.certificate[0])
        digests = {"right": server[1, 1], "ca": associations(self.ca_file)[0, 1],
                   "stranger": associations(self.unknown[0])[1, 1]}
        forgery = {before: after.format(**digests) for before, after in zones.FORGERY.items()}
        return zones.zones(self.places, digests, server), forgery
