#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the programs that measure and prints each number with its bound beside it.

    python3 tests/bench/run.py BUILD/tests/bench

Counts are exact, and fail when they are over. Instructions (valgrind's callgrind) and memory differ
a little from machine to machine: they fail when they are over by more than a tenth. Times are
printed and never judged. A cost for each of many is the difference between two runs of different
length, so that setting up cancels out."""
import os
import re
import subprocess
import sys
import tempfile

FEW, MANY = 400, 2000
CONNECTIONS = 1000
SLACK = 1.1


class Table:
    """Prints a row for each number, and a case for each that has a bound."""

    def __init__(self):
        self.cases = 0
        self.failed = 0
        print(f"# {'':52} {'measured':>10}   {'bound':>8}")

    def row(self, name, value, bound=None, digits=0, slack=1.0):
        text = f"# {name:52} {value:>10,.{digits}f}"
        if bound is None:
            print(text, flush=True)
            return
        is_over = value > bound + 1e-9
        print(f"{text}   {bound:>8,.{digits}f}  {'over' if is_over else 'ok'}")
        is_failed = value > bound * slack + 1e-9
        self.cases += 1
        self.failed += is_failed
        print(f"{'not ok' if is_failed else 'ok'} {self.cases} - {name}", flush=True)


class Programs:
    def __init__(self, folder):
        self.folder = folder

    def run(self, name, *args, under=()):
        # what the allocator writes into its blocks would be counted
        environment = {**os.environ, "BENCH_COUNT": "1", "MALLOC_PERTURB_": "0"}
        result = subprocess.run([*under, os.path.join(self.folder, name), *map(str, args)],
                                env=environment, capture_output=True, text=True, timeout=240,
                                check=False)
        if result.returncode:
            sys.exit(f"Bail out! {name} {args}: {result.returncode}\n{result.stderr[-2000:]}")
        return result.stdout, result.stderr

    def values(self, name, *args):
        """What it prints as "name value"."""
        output, _ = self.run(name, *args)
        return {key: float(value) for key, value in re.findall(r"^(\S+) ([\d.]+)$", output, re.M)}

    def each(self, name, what, key):
        """A value of many, without what only the beginning costs."""
        few, many = (self.values(name, what, n)[key] * n for n in (FEW, MANY))
        return (many - few) / (MANY - FEW)

    def instructions(self, name, what, function, few=FEW, many=MANY):
        """Inside the function, for each of many."""
        def of(n):
            with tempfile.NamedTemporaryFile() as out:
                _, notes = self.run(name, what, n, under=[
                    "valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}",
                    f"--toggle-collect={function}*"])
            return int(re.search(r"Collected : (\d+)", notes)[1])
        return (of(many) - of(few)) / (many - few)

    def mallocs(self, name, what):
        """Of the whole program, for each of many."""
        def of(n):
            return int(re.search(r"all-mallocs (\d+)", self.run(name, what, n)[1])[1])
        return (of(MANY) - of(FEW)) / (MANY - FEW)


def receive(table, programs):
    floor = programs.instructions("bench-parse", "floor", "run_floor")
    parser = programs.instructions("bench-parse", "parser", "run_parser")
    ours = programs.instructions("bench-conn", "receive", "measured_receive")
    turns = programs.instructions("bench-conn", "turns", "measured_turns")
    table.row("received stanza: instructions of the floor", floor)
    table.row("received stanza: instructions of the parser alone", parser)
    table.row("received stanza: instructions", ours, 32000, slack=SLACK)
    table.row("received stanza: times the floor", ours / floor, 1.15, 3, SLACK)
    pieces = programs.instructions("bench-conn", "pieces", "measured_receive")
    table.row("received stanza, 16 KiB a turn: times the floor", pieces / floor, 1.15, 3, SLACK)
    table.row("received stanza, one a turn: times the floor", turns / floor, digits=3)
    modules = programs.instructions("bench-conn", "modules", "measured_receive")
    table.row("received stanza, modules of a client: times the floor", modules / floor, digits=3)
    floor = programs.mallocs("bench-parse", "floor")
    table.row("received stanza: mallocs of the floor", floor, digits=3)
    ours = programs.each("bench-conn", "receive", "mallocs")
    table.row("received stanza: mallocs", ours, floor + 0.05, 3)
    pieces = programs.each("bench-conn", "pieces", "mallocs")
    table.row("received stanza, 16 KiB a turn: mallocs", pieces, floor + 0.05, 3)
    turns = programs.each("bench-conn", "turns", "mallocs")
    table.row("received stanza, one a turn: mallocs", turns, digits=3)
    modules = programs.each("bench-conn", "modules", "mallocs")
    table.row("received stanza, modules of a client: mallocs", modules, digits=3)
    tls = programs.values("bench-conn", "tls-receive", MANY)
    table.row("received stanza, one a TLS record: system calls", tls["recvs"] + tls["sends"], 0.05,
              3)


def send(table, programs):
    table.row("sent message: instructions", programs.instructions(
        "bench-conn", "send", "measured_send", 640, 3200), 4000, slack=SLACK)
    clear = programs.values("bench-conn", "send", 3200)
    table.row("sent message: mallocs", clear["mallocs"], 0.05, 3)
    table.row("a turn of 32 messages: system calls to send", clear["sends-a-turn"], 1, 2)
    tls = programs.values("bench-conn", "tls-send", 3200)
    table.row("a turn of 32 messages, TLS: records", tls["records-a-turn"], 1, 2)
    table.row("a turn of 32 messages, TLS: system calls to send", tls["sends-a-turn"], 1, 2)


def connections(table, programs):
    table.row("a connection made and freed: instructions", programs.instructions(
        "bench-conn", "new", "measured_new"), 5000, slack=SLACK)
    table.row("a connection made and freed: mallocs",
              programs.values("bench-conn", "new", MANY)["mallocs"], 10, 2)
    for name, what, kib, sends in (("TLS", "tls-", 28, 8), ("clear text", "", 6, 4)):
        # memory that the allocator happens to keep only ever adds to it: the least of three
        idle = min((programs.values("bench-many", what + "idle", CONNECTIONS) for _ in range(3)),
                   key=lambda values: values["kib"])
        table.row(f"an idle connection, {name}: KiB", idle["kib"], kib, 2, SLACK)
        table.row(f"{CONNECTIONS} idle connections, {name}: awake", idle["awake"], 0)
        login = programs.values("bench-many", what + "login", 20)
        table.row(f"a login, {name}: system calls to send", login["sends"], sends, 2)
        table.row(f"a login, {name}: turns of the loop", login["turns"], digits=2)
        table.row(f"a login, {name}: ms (median)", login["ms"], digits=2)
        table.row(f"a login, {name}: ms (longest)", login["ms-most"], digits=2)


def main():
    table = Table()
    programs = Programs(sys.argv[1])
    for group in (receive, send, connections):
        group(table, programs)
    print(f"1..{table.cases}")
    sys.exit(1 if table.failed else 0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: run.py BUILD/tests/bench")
    main()
