# SPDX-License-Identifier: LGPL-2.1-or-later
"""xmpp_resolve as a program that is run against the lab: knows its options and what it prints."""
import contextlib
import json
import os
import subprocess
import sys
import tempfile

import place
import schema
from client import PATIENCE, environment
from lab import Lab

import tap

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(place.__file__)), "..", "..", "doc",
                      "xmpp_resolve.schema.json")
DELAY_MS = 250  # between two starts
ADDRESSES = {"127.0.0.1": "4", "127.0.0.2": "2", "127.0.0.3": "3", "::1": "6", None: "-"}


class Tool:
    """The program, and the resolver that it asks."""

    def __init__(self, folder, lab):
        self.folder, self.lab = folder, lab
        with open(SCHEMA, encoding="utf-8") as file:
            self.schema = json.load(file)

    def start(self, domain, *options, nameserver=None):
        """Runs it; what it says is asked for later."""
        address, port = nameserver or self.lab.names.resolver
        address = f"[{address}]" if ":" in address else address
        command = [os.path.join(self.folder, "xmpp_resolve"), "--nameserver", f"{address}:{port}",
                   *options, domain]
        return Run(self, domain, subprocess.Popen(
            command, env=environment(None), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True))

    def plan(self, domain, nameserver=None):
        return self.start(domain, "--json", nameserver=nameserver).report()

    def connect(self, domain, is_trusted):
        """Whether the lab's authority is trusted, or those of the system."""
        trust = ["--ca", self.lab.ca_file] if is_trusted else []
        return self.start(domain, "--json", "--connect", *trust).report()

    def text(self, domain):
        return self.start(domain).said()


class Run:
    """One run of it."""

    def __init__(self, tool, domain, process):
        self.tool, self.domain, self.process = tool, domain, process

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def said(self):
        """Exit status and standard output; standard error has to be empty."""
        try:
            out, errors = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        assert not errors, f"{self.domain}: {errors}"
        return self.process.returncode, out

    def report(self):
        """What it printed, which has to be as the schema says, and consistent."""
        status, out = self.said()
        found = json.loads(out)
        wrong = list(schema.problems(self.tool.schema, found))
        assert not wrong, "\n".join([f"{self.domain}: {out}"] + wrong)
        return Report(self, status, found)


class Report:
    """What the tool said of a domain, in the short form of the tests: see told()."""

    def __init__(self, run, status, found):
        self.lab, self.status, self.found = run.tool.lab, status, found
        self.ok, self.reason = found["ok"], found["reason"]
        self.lookups, self.tries = found["lookups"], found["tries"]
        assert found["domain"] == run.domain, found
        assert status == (0 if self.ok else 1), f"exit status {status}: {found}"
        assert bool(self.reason) != self.ok, f"the reason is {self.reason!r}: {found}"
        for one in self.tries:
            is_left_out = one["outcome"] == "left-out"
            assert (one["planned_ms"] is None) == is_left_out, one
            assert bool(one["code"]) == (one["outcome"] in ("failed", "left-out")), one
            assert bool(one["reason"]) == bool(one["code"]), one
            assert (one["started_ms"] is None) == (one["outcome"] in ("none", "left-out")), one
        for one in self.lookups:
            assert bool(one["reason"]) == (one["status"] == "failed"), one
            assert bool(one["records"]) == (one["status"] == "found"), one

    def told(self, one):
        """A try as HOST:ADDRESS:PORT:TLS, with the words of zones.py for hosts in the zone of the
        domain and for ports, and the last part of the address; left out: -HOST."""
        host, zone = one["host"], ".".join(self.found["domain"].split(".")[-2:])
        host = host.removesuffix(f".{zone}")
        if one["outcome"] == "left-out":
            return f"-{host}"
        words = {str(port): word for word, port in self.lab.places.items()}
        port = words.get(str(one["port"]), str(one["port"]))
        address = ADDRESSES.get(one["address"], one["address"])
        return f"{host}:{address}:{port}:{one['tls']}"

    def groups(self):
        """The tries, a list for each priority."""
        groups, priority = [], -1
        for one in self.tries:
            if one["priority"] != priority or not groups:
                groups.append([])
            priority = one["priority"]
            groups[-1].append(one)
        return groups

    def status_of(self, kind, name=None):
        """What became of the questions of that type (and name): a set."""
        return {one["status"] for one in self.lookups
                if one["type"] == kind and name in (None, one["name"])}


def wrong_plan(report, text):
    """In what the report is not the plan, which is written as in reach_tables.py."""
    groups = [[report.told(one) for one in group] for group in report.groups()]
    wanted = [group.split() for group in text.split("|")]
    is_same = len(groups) == len(wanted)
    for group, want in zip(groups, wanted):
        full = [whole(one) for one in want if one != "~"]
        is_same &= sorted(group) == sorted(full) if want[0] == "~" else group == full
    if not report.ok or not is_same:
        yield f"{groups} ({report.reason})"


def whole(one):
    """A try in full: its TLS is that of the port."""
    if one.startswith("-") or one.count(":") == 3:
        return one
    return one + (":direct" if one.endswith(":tls") else ":starttls")


def wrong_times(group):
    """Those of one priority start one after the other."""
    times = [one["planned_ms"] for one in group if one["outcome"] != "left-out"]
    if times != [DELAY_MS * number for number in range(len(times))]:
        yield f"planned at {times}"


def in_lab(make_cases):
    """Runs the cases that are made of a lab, the tool, and a stack for what is to be closed."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=place.TEMPORARY,
                                                                 prefix="libxmpp-reach-"))
        lab = stack.enter_context(Lab(place.prepare(folder)))
        tap.run(make_cases(lab, Tool(os.path.abspath(sys.argv[1]), lab), stack))
