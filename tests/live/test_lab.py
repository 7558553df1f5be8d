#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""That what finding a server is tried against is what it says: the zones, as the nameserver and the
resolver tell them; the servers and the black holes behind them; and each lie of the liar."""
import os
import socket
import ssl
import tempfile
import time

import place
import wire
from lab import Lab
from liar import Liar
from lies import LATE_S, LIES
from tlsa import associations

import tap

NAME, TYPE, TEXT = "_xmpp-client._tcp.lie.test", "SRV", "0 0 5222 host.lie.test."
SILENCE_S = 0.15


class Records:
    """The records of a zone's text, and those that it becomes when it is forged."""

    def __init__(self, zone, forgery):
        self.zone, self.forgery, self.sets = zone, forgery, {}
        for line in zone.text.splitlines():
            fields = line.partition(";")[0].split(None, 2)
            if fields and fields[1] != "TXT":
                key = f"{fields[0]}.{zone.name}", fields[1]
                self.sets.setdefault(key, set()).add(self._complete(fields[1], fields[2]))

    def _complete(self, kind, data):
        words = " ".join(data.lower().split())
        is_relative = kind in ("SRV", "CNAME") and not words.endswith(".")
        return words + f".{self.zone.name}." if is_relative else words

    def forged(self, texts):
        """What becomes of them behind the signatures."""
        changed = set()
        for text in texts:
            for before, after in self.forgery.items():
                text = f" {text} ".replace(f" {before} ", f" {after} ").strip()
            changed.add(text)
        return changed


def told(server, name, kind):
    """The answer, asked again by TCP if it does not fit."""
    answer = wire.ask(server, name, kind)
    return wire.ask(server, name, kind, tcp=True) if answer.has(wire.TC) else answer


def texts(answer):
    return {text.lower() for text in answer.texts()}


class Cases:
    """The cases."""

    def __init__(self, lab):
        self.lab, self.names = lab, lab.names

    # --- zones ------------------------------------------------------------------------------

    def zone(self, zone):
        """Each of its records, by both servers."""
        records = Records(zone, self.names.forgery)
        assert zone.name == "test" or records.sets
        for (name, kind), want in records.sets.items():
            forged = records.forged(want)
            if texts(told(self.names.authority, name, kind)) != forged:
                yield f"{name} {kind}: not what the zone says"
            answer = told(self.names.resolver, name, kind)
            got = answer.status, answer.has(wire.AD), texts(answer)
            is_good = forged == want and zone.signing in (None, "good")
            if got != (("NOERROR", zone.signing == "good", want) if is_good
                       else ("SERVFAIL", False, set())):
                yield f"{name} {kind}: {got}"

    def what_is_forged(self):
        """There is something, and it is what an attacker would want."""
        for name, kind, want in [
                ("forgedaddress.example.test", "A", {"127.0.0.1"}),
                ("_xmpp-client._tcp.forged.example.test", "SRV",
                 {f"1 0 {self.lab.places['c2s']} four.example.test."}),
                (f"_{self.lab.places['c2s']}._tcp.forgedtlsa.example.test", "TLSA",
                 {f"3 1 1 {associations(self.lab.certificate[0])[1, 1]}"})]:
            if (got := texts(told(self.names.authority, name, kind))) != want:
                yield f"{name}: {got}"
            if (status := told(self.names.resolver, name, kind).status) != "SERVFAIL":
                yield f"{name}: {status}"

    RESOLVED = [
        ("nowhere.example.test", "A", "NXDOMAIN", True, 0),
        ("nosrv.example.test", "AAAA", "NOERROR", True, 0),
        ("_xmpp-client._tcp.nosrv.example.test", "SRV", "NXDOMAIN", True, 0),
        ("nowhere.plain.test", "A", "NXDOMAIN", False, 0),
        ("nothing.plain.test", "A", "NOERROR", False, 0),
        ("_xmpp-client._tcp.alias.plain.test", "SRV", "NOERROR", False, 1),
        ("_xmpp-client._tcp.aliases.plain.test", "SRV", "NOERROR", False, 1),
        ("_xmpp-client._tcp.loop.plain.test", "SRV", "SERVFAIL", False, 0),
        ("loop1.plain.test", "A", "SERVFAIL", False, 0),
        ("targetalias1.plain.test", "A", "NOERROR", False, 1),
        ("_xmpp-client._tcp.dangling.plain.test", "SRV", "NXDOMAIN", False, 0),
        ("_xmpps-client._tcp.halflame.plain.test", "SRV", "SERVFAIL", False, 0),
        ("host.lame", "A", "SERVFAIL", False, 0),
        ("leavingalias.example.test", "A", "NOERROR", False, 1),
        ("_{c2s}._tcp.eealias.example.test", "TLSA", "NOERROR", True, 1),
        ("_{c2s}._tcp.both.example.test", "TLSA", "NXDOMAIN", True, 0),
    ]

    def resolved(self):
        """What is more than a look into a zone, at each address of the resolver."""
        for name, kind, status, is_secure, count in self.RESOLVED:
            name = name.format(**self.lab.places)
            for address in self.names.addresses:
                answer = told((address, self.names.resolver[1]), name, kind)
                got = answer.status, answer.has(wire.AD), len(answer.texts())
                if got != (status, is_secure, count):
                    yield f"{name} {kind} at {address}: {got}"

    def large_answers(self):
        for name, count in ("large", 60), ("huge", 300):
            for server in self.names.authority, self.names.resolver:
                question = f"_xmpp-client._tcp.{name}.plain.test", "SRV"
                short = wire.ask(server, *question)
                if not short.has(wire.TC) or len(short.octets) > wire.UDP_SIZE:
                    yield f"{name}: {len(short.octets)} bytes by UDP"
                whole = wire.ask(server, *question, tcp=True)
                if len(whole.texts()) != count or (count > 100 and len(whole.octets) <= 4096):
                    yield f"{name}: {len(whole.texts())} in {len(whole.octets)} bytes by TCP"

    # --- what stands behind them ------------------------------------------------------------

    def presented(self, domain, address):
        """The certificate that Prosody has for the domain, by direct TLS, as a file."""
        context = ssl.create_default_context(cafile=self.lab.ca_file)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection((address, self.lab.places["tls"]), timeout=5) as sock:
            with context.wrap_socket(sock, server_hostname=domain) as tls:
                path = os.path.join(self.lab.folder, "presented.pem")
                with open(path, "w", encoding="ascii") as file:
                    file.write(ssl.DER_cert_to_PEM_cert(tls.getpeercert(binary_form=True)))
        return path

    def certificates(self):
        """What TLSA records say fits what is presented, where it should."""
        for domain, host, is_right in [("ee", "ee", True), ("ee00", "ee00", True),
                                       ("ee12", "ee12", True), ("stranger", "stranger", True),
                                       ("wrong", "wrong", False)]:
            answer = told(self.names.resolver,
                          f"_{self.lab.places['c2s']}._tcp.{host}.example.test", "TLSA")
            for address in self.names.addresses:
                known = associations(self.presented(f"{domain}.example.test", address))
                _, selector, matching, data = answer.texts()[0].split()
                if (known[int(selector), int(matching)] == data) != is_right:
                    yield f"{domain} at {address}: {known} and {answer.texts()}"

    def names_in_certificates(self):
        """OpenSSL is content with the domain where it should be, and nowhere else."""
        for domain in "direct.plain.test", "example.test", "ee.example.test":
            self.handshake(domain)
        for domain in "stranger.example.test", "target.example.test":
            try:
                self.handshake(domain)
                yield f"{domain}: accepted"
            except ssl.SSLCertVerificationError:
                pass
        self.handshake("target.example.test", "targethost.example.test")

    def handshake(self, domain, name=None):
        context = ssl.create_default_context(cafile=self.lab.ca_file)
        context.check_hostname = name is None
        with socket.create_connection(("127.0.0.1", self.lab.places["tls"]), timeout=5) as sock:
            with context.wrap_socket(sock, server_hostname=domain) as tls:
                found = [value for _, value in tls.getpeercert()["subjectAltName"]]
        assert name is None or found == [name], found

    def what_does_not_answer(self):
        c2s, mixed = self.lab.places["c2s"], self.lab.places["mixed"]
        for server, want in [(("127.0.0.1", c2s), None), (("::1", c2s), None),
                             (("127.0.0.1", mixed), None), (("::1", mixed), TimeoutError),
                             (("127.0.0.3", c2s), TimeoutError),
                             (("127.0.0.2", c2s), ConnectionRefusedError)]:
            for _ in range(3):  # and it stays that way
                if (got := outcome(server)) is not want:
                    yield f"{server}: {got}"

    def the_unwelcoming_one(self):
        with socket.create_connection(("127.0.0.1", self.lab.places["unwelcome"]), 5) as sock:
            sock.sendall(b"<?xml version='1.0'?><stream:stream to='v4.plain.test'>")
            said = b""
            while piece := sock.recv(4096):
                said += piece
        if b"<host-unknown " not in said:
            yield repr(said)

    # --- lies -------------------------------------------------------------------------------

    RIGHT, TRUNCATED, SERVFAIL = ["right"], ["truncated"], ["SERVFAIL"]
    TOLD = {  # by UDP the first time, and the second time; by TCP
        "truth": (RIGHT, RIGHT, RIGHT),
        "silence": ([], [], []),
        "silent the first time": ([], RIGHT, RIGHT),
        "late": (RIGHT, RIGHT, RIGHT),
        "wrong id": (["wrong id"], ["wrong id"], RIGHT),
        "wrong id first": (["wrong id", "right"], ["wrong id", "right"], RIGHT),
        "wrong question": (["wrong question"], ["wrong question"], RIGHT),
        "wrong question first": (["wrong question", "right"],) * 2 + (RIGHT,),
        "other case": (["other case"], ["other case"], RIGHT),
        "other case always": (["other case"],) * 3,
        "no QR": (["no QR"],) * 3,
        "rubbish": (["rubbish"],) * 3,
        "rubbish first": (["rubbish", "right"], ["rubbish", "right"], RIGHT),
        "empty": (["empty"],) * 3,
        "cut": (["rubbish"],) * 3,
        "pointer loop": (["rubbish"],) * 3,
        "truncated": (TRUNCATED, TRUNCATED, RIGHT),
        "truncated, TCP silent": (TRUNCATED, TRUNCATED, []),
        "truncated, TCP closing": (TRUNCATED, TRUNCATED, ["end"]),
        "truncated, TCP slow": (TRUNCATED, TRUNCATED, RIGHT),
        "servfail": (SERVFAIL,) * 3,
        "servfail the first time": (SERVFAIL, RIGHT, RIGHT),
        "refused": (["REFUSED"],) * 3,
        "no such name": (["NXDOMAIN"],) * 3,
        "formerr to EDNS": (["FORMERR"],) * 3,
        "notimp to EDNS": (["NOTIMP"],) * 3,
        "badvers to EDNS": (["BADVERS"],) * 3,
        "another port": (["right, from elsewhere"],) * 2 + (RIGHT,),
        "another port first": (["0 records, from elsewhere", "right"],) * 2 + (RIGHT,),
        "twice": (["right", "right"], ["right", "right"], RIGHT),
        "alias loop": (["2 records"],) * 3,
        "alias chain": (TRUNCATED, TRUNCATED, ["41 records"]),
        "huge": (TRUNCATED, TRUNCATED, ["808 records"]),
        "AD": (["right, AD"],) * 3,
    }

    def lie(self, lie):
        def check():
            by_udp, again, by_tcp = self.TOLD[lie]
            with Liar({(NAME, TYPE): [TEXT]}, lie) as liar:
                started = time.monotonic()
                for want in by_udp, again:
                    if (got := heard_by_udp(liar.server, len(want))) != want:
                        yield f"by UDP: {got}"
                if lie == "late" and time.monotonic() - started < 2 * LATE_S:
                    yield "not late"
                if (got := heard_by_tcp(liar.server, len(by_tcp))) != by_tcp:
                    yield f"by TCP: {got}"
                if "EDNS" in lie:
                    plain = wire.ask(liar.server, NAME, TYPE, edns=False)
                    assert plain.texts() == [TEXT] and not plain.has_edns, plain.octets
                if liar.count(NAME, TYPE, "udp") < 2 or liar.count(over="tcp") != 1:
                    yield f"{len(liar.asked)} questions are remembered"
        return check

    def a_lie_for_some(self):
        """The others are told the truth."""
        with Liar({(NAME, TYPE): [TEXT], ("host.lie.test", "A"): ["192.0.2.1"]},
                  {"_xmpps-client": "servfail", "A": "refused"}) as liar:
            for name, kind, status in [(NAME, TYPE, "NOERROR"),
                                       (NAME.replace("xmpp", "xmpps"), TYPE, "SERVFAIL"),
                                       ("host.lie.test", "A", "REFUSED"),
                                       ("host.lie.test", "AAAA", "NOERROR"),
                                       ("other.lie.test", "AAAA", "NXDOMAIN")]:
                if (got := wire.ask(liar.server, name, kind).status) != status:
                    yield f"{name} {kind}: {got}"

    def cases(self):
        assert self.TOLD.keys() == LIES.keys()
        return [
            *((f"the zone {zone.name}", lambda zone=zone: self.zone(zone))
              for zone in self.names.zones),
            ("what is forged is worth believing, and is not believed", self.what_is_forged),
            ("names that do not exist, aliases, loops, nobody who answers", self.resolved),
            ("answers that do not fit into a datagram", self.large_answers),
            ("the certificates are those of the TLSA records", self.certificates),
            ("the certificates have the names that they should", self.names_in_certificates),
            ("who refuses, and who swallows", self.what_does_not_answer),
            ("a server that has none of the domains", self.the_unwelcoming_one),
            *((f"the liar: {lie}", self.lie(lie)) for lie in LIES),
            ("the liar: some questions only", self.a_lie_for_some),
        ]


def outcome(server):
    """How a connect ends: None, or an exception's class."""
    try:
        socket.create_connection(server, timeout=SILENCE_S).close()
        return None
    except OSError as error:
        return type(error)


def heard_by_udp(server, count):
    """What is said to a question: so many datagrams, or more."""
    question = wire.encode_question(4711, NAME, TYPE)
    heard = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(question, server)
        try:
            while not count or len(heard) < count:
                sock.settimeout(5 if count else SILENCE_S)
                octets, sender = sock.recvfrom(65535)
                heard.append(described(octets) + (", from elsewhere" if sender != server else ""))
        except TimeoutError:
            pass
    return heard


def heard_by_tcp(server, count):
    with socket.create_connection(server, timeout=5 if count else SILENCE_S) as sock:
        sock.sendall(wire.framed(wire.encode_question(4711, NAME, TYPE)))
        try:
            return [described(wire.read_framed(sock))]
        except EOFError:
            return ["end"]
        except TimeoutError:
            return []


def described(octets):
    """In what the message is not the right answer."""
    if not octets:
        return "empty"
    try:
        answer = wire.Message(octets)
    except (ValueError, IndexError):
        return "rubbish"
    if answer.number != 4711:
        return "wrong id"
    if not answer.has(wire.QR):
        return "no QR"
    if answer.name != NAME + ".":
        return "other case" if answer.name.lower() == NAME + "." else "wrong question"
    if answer.status != "NOERROR":
        return answer.status
    if answer.has(wire.TC):
        return "truncated"
    is_right = answer.records == [(answer.name, TYPE, TEXT)]
    said = "right" if is_right else f"{len(answer.records)} records"
    return said + (", AD" if answer.has(wire.AD) else "")


def main():
    with tempfile.TemporaryDirectory(dir=place.TEMPORARY, prefix="libxmpp-lab-") as folder:
        with Lab(place.prepare(folder)) as lab:
            tap.run(Cases(lab).cases())


if __name__ == "__main__":
    main()
