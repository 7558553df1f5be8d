#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Channel binding, and a server that lies, against plus_server, which computes with OpenSSL.
Arguments: the folder of the examples, the program plus_server."""
import os
import shutil
import subprocess
import sys
import tempfile

import place
from authority import Authority
from client import Programs
from prosody import as_unprivileged, give_to_unprivileged, read

import tap

DOMAIN, USER, PASSWORD = "plus.test", "alice", "pencil & paper"
PLUS256, SHA256 = "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"
EXPORTER, END_POINT, UNIQUE = "tls-exporter", "tls-server-end-point", "tls-unique"


class Server:
    """One plus_server, told what to be."""

    def __init__(self, program, home, certificate, **options):
        self.record = os.path.join(home, "record")
        open(self.record, "wb").close()
        give_to_unprivileged(home)
        options = {"domain": DOMAIN, "user": USER, "password": PASSWORD, "cert": certificate[0],
                   "key": certificate[1], "record": self.record, **options}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen(as_unprivileged(program, *arguments), cwd=home, text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.said = []
        self.port = int(self._line().split()[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def _line(self):
        line = self.process.stdout.readline().strip()
        assert line, "plus_server ended"
        self.said.append(line)
        return line

    def session(self):
        """What the server says of one session, up to its end; what it was sent."""
        while self._line() != "closed":
            pass
        return self.said[1:], read(self.record)


class Plus:
    """The cases."""

    def __init__(self, examples, program, home):
        self.examples, self.program, self.home = examples, program, home
        ours, stranger = Authority(home), Authority(home, "stranger")
        self.ca_file = ours.ca_file
        self.good = ours.server(DOMAIN)
        self.rsa = ours.server("rsa." + DOMAIN, [DOMAIN], rsa=True)
        self.unknown = stranger.server("unknown." + DOMAIN, [DOMAIN])

    def attempt(self, certificate=None, options=("--allow-plain",), **server):
        """One attempt to log in: the facts or the error, the server's lines, what it was sent."""
        server.setdefault("mechanisms", f"{PLUS256} {SHA256}")
        with Server(self.program, self.home, certificate or self.good, **server) as peer:
            programs = Programs(self.examples, "127.0.0.1", peer.port, self.ca_file)
            with programs.console(f"{USER}@{DOMAIN}", PASSWORD, *options) as console:
                console.say("connect", "wait online 30000")
                console.expect("result", command="wait")
                seen = {one["event"]: one for one in console.seen}
                console.quit()
            said, sent = peer.session()
        assert PASSWORD not in sent, "the password was sent"
        return seen.get("facts") or seen["error"], said, sent

    def bound(self, binding, mechanism=PLUS256, **how):
        def check():
            facts, said, _ = self.attempt(**how)
            if (facts.get("mechanism"), facts.get("binding")) != (mechanism, binding):
                yield f"{facts}"
            if f"auth {mechanism} p={binding}" not in said or "bound" not in said:
                yield f"the server says {said}"
        return check

    def unbound(self, flag, note, mechanism=SHA256, **how):
        def check():
            facts, said, _ = self.attempt(**how)
            if facts.get("mechanism") != mechanism or facts.get("binding_note") != note:
                yield f"{facts}"
            if f"auth {mechanism} {flag}" not in said or "bound" not in said:
                yield f"the server says {said}"
        return check

    def refused(self, code, unsent="", unseen="bound", **how):
        """Fails with that code; `unsent` was never sent, the server never came to `unseen`."""
        def check():
            error, said, sent = self.attempt(**how)
            if error.get("name") != code:
                yield f"{error}"
            if unsent and unsent in sent:
                yield f"{unsent} was sent: {sent}"
            if any(line.split()[0] == unseen for line in said):
                yield f"the server says {said}"
        return check

    def cases(self):
        return self.bindings() + self.choices() + self.lies()

    def bindings(self):
        """Each type, with each version of TLS that has it, over certificates of both kinds."""
        found = []
        for tls, kinds in (("1.3", (EXPORTER, END_POINT)), ("1.2", (END_POINT, UNIQUE, EXPORTER))):
            found += [(f"TLS {tls}, {kind} announced: {PLUS256} with it",
                       self.bound(kind, tls=tls, bindings=kind)) for kind in kinds]
        found += [(f"TLS 1.3, {END_POINT} of an RSA certificate",
                   self.bound(END_POINT, tls="1.3", bindings=END_POINT, certificate=self.rsa))]
        for sha in ("SCRAM-SHA-1-PLUS", "SCRAM-SHA-512-PLUS"):
            found += [(f"{sha} with {EXPORTER}",
                       self.bound(EXPORTER, sha, tls="1.3", bindings=EXPORTER, mechanisms=sha))]
        return found

    def choices(self):
        """What is chosen where there is a choice, or none."""
        return [
            ("TLS 1.3, all announced: tls-exporter",
             self.bound(EXPORTER, tls="1.3", bindings=f"{UNIQUE} {END_POINT} {EXPORTER}")),
            ("the stronger hash of those with -PLUS, not the strongest without",
             self.bound(EXPORTER, "SCRAM-SHA-256-PLUS", tls="1.3", bindings=EXPORTER,
                        mechanisms=f"SCRAM-SHA-512 SCRAM-SHA-1-PLUS {PLUS256}")),
            ("TLS 1.2, none announced: tls-unique", self.bound(UNIQUE, tls="1.2")),
            ("TLS 1.3, none announced: SCRAM without binding, and n",
             self.unbound("n", "binding not used: types not announced", tls="1.3")),
            ("TLS 1.3, none announced, binding required: tls-exporter",
             self.bound(EXPORTER, tls="1.3", options=("--channel-binding", "required"))),
            ("a type that is not ours and one that is: the latter",
             self.bound(END_POINT, tls="1.3", bindings=f"tls-of-tomorrow {END_POINT}")),
            ("types that are not ours only: given up",
             self.refused("XMPP_E_AUTH_BINDING", "<auth", tls="1.3", bindings="tls-of-tomorrow")),
            ("types announced without any -PLUS: given up",
             self.refused("XMPP_E_AUTH_BINDING", "<auth", tls="1.3", bindings=EXPORTER,
                          mechanisms=SHA256)),
            ("neither -PLUS nor types: y",
             self.unbound("y", "binding not used: not offered", tls="1.3", mechanisms=SHA256)),
            ("no mechanism that is known",
             self.refused("XMPP_E_AUTH_MECHANISM", "<auth", tls="1.3", mechanisms="X-UNKNOWN")),
            ("PLAIN alone, which nobody has allowed",
             self.refused("XMPP_E_AUTH_MECHANISM", "<auth", tls="1.3", mechanisms="PLAIN",
                          options=())),
            ("PLAIN allowed, and binding required",
             self.refused("XMPP_E_AUTH_BINDING", "<auth", tls="1.3", mechanisms="PLAIN",
                          options=("--allow-plain", "--channel-binding", "required"))),
            ("a certificate of an unknown authority: nothing is said",
             self.refused("XMPP_E_CERT_UNTRUSTED", "<auth", tls="1.3", bindings=EXPORTER,
                          certificate=self.unknown)),
        ]

    def lies(self):
        """A server that has the certificate and lies, or somebody between the two."""
        how = {"tls": "1.3", "bindings": EXPORTER}
        return [
            ("a binding that is not ours: the server refuses, and that is the end",
             self.refused("XMPP_E_AUTH", unseen="verified", lie="binding", **how)),
            ("a wrong signature of the server",
             self.refused("XMPP_E_AUTH_SERVER", "urn:ietf:params:xml:ns:xmpp-bind",
                          lie="signature", **how)),
            ("success without a signature",
             self.refused("XMPP_E_AUTH_SERVER", "urn:ietf:params:xml:ns:xmpp-bind",
                          lie="unproven", **how)),
            ("success before the proof", self.refused("XMPP_E_AUTH_SERVER", "<response",
                                                      lie="early", **how)),
            ("a nonce that does not begin with ours",
             self.refused("XMPP_E_AUTH_PROTOCOL", "<response", lie="nonce", **how)),
            ("one round", self.refused("XMPP_E_AUTH_ITERATIONS", "<response", lie="few", **how)),
            ("a hundred million rounds",
             self.refused("XMPP_E_AUTH_ITERATIONS", "<response", lie="many", **how)),
            ("a challenge behind the last one",
             self.refused("XMPP_E_AUTH_PROTOCOL", "urn:ietf:params:xml:ns:xmpp-bind",
                          lie="twice", **how)),
            ("the signature in a last challenge is as good as in success",
             self.bound(EXPORTER, lie="last-challenge", **how)),
            ("a stanza slipped in behind <proceed/>",
             self.refused("XMPP_E_TLS_INJECTED", "<auth", unseen="tls", lie="inject", **how)),
        ]


def main():
    examples, program = map(os.path.abspath, sys.argv[1:])
    if not os.access(program, os.X_OK):
        sys.exit(f"Bail out! {program} is missing")
    with tempfile.TemporaryDirectory(dir=place.TEMPORARY, prefix="libxmpp-plus-") as folder:
        home = place.prepare(folder)
        # nobody may not be allowed to look into the folder of the build
        copy = shutil.copy(program, os.path.join(folder, "plus_server"))
        os.chmod(copy, 0o755)
        tap.run(Plus(examples, copy, home).cases())


if __name__ == "__main__":
    main()
