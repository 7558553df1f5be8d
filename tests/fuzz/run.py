#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""One fuzz target for some seconds, from the seeds of its corpus and those that the scripts give.
Arguments: the program, its name; FUZZ_SECONDS says how long."""
import glob
import hashlib
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # pylint: disable=wrong-import-position

TESTS = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
FEWEST = {"modules": 100}  # inputs: each is a whole session
SECONDS = int(os.environ.get("FUZZ_SECONDS", "10"))


def part(script, name):
    """Beside the script, or where those of the whole client are."""
    beside = os.path.join(os.path.dirname(script), name + ".part")
    return beside if os.path.exists(beside) else os.path.join(TESTS, "script", name + ".part")


def lines(path):
    """Of a script, with what it includes."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"\n[ \t]+", " ", file.read())
    for line in text.splitlines():
        if line.startswith("include "):
            yield from lines(part(path, line.split()[1]))
        else:
            yield line


def dialogues():
    """What the server of each script says, a list of pieces each."""
    for path in sorted(glob.glob(os.path.join(TESTS, "**", "*.xmpp"), recursive=True)):
        said = [line[2:].strip() for line in lines(path) if line.startswith("S:")]
        if said:
            yield said


def addresses():
    """What stands in the dialogues where an address may stand."""
    for said in dialogues():
        for one, other in re.findall(r"""(?:from|to)=["']([^"']+)["']|<jid>([^<]+)</jid>""",
                                     "".join(said)):
            yield one or other


def elements():
    """Forms, result sets and answers of service discovery that calls are given, and requests."""
    for path in sorted(glob.glob(os.path.join(TESTS, "xep", "*.xmpp"))):
        for line in lines(path):
            found = re.match(r"(?:do [^<]*|S: <iq[^>]*>)(<(x|set|query)\b.*</\2>)", line)
            if found:
                yield found[1]


def sessions(said):
    """What stands behind the login, the names of ids being numbers in their order."""
    numbers = {}
    for piece in said:
        if re.match("<(message|presence|iq)\\b", piece) and "xmpp-bind" not in piece:
            yield re.sub(r"\*(\w+)", lambda m: f"*{numbers.setdefault(m[1], len(numbers)) % 10}",
                         piece)


def seeds(name):
    """In the form that the target reads, which its first lines tell."""
    if name == "parser":
        return {"!" + "".join(said) for said in dialogues()}
    if name == "stream":
        return {settings + "|".join(said).replace("capulet.example", "example.com")
                for said in dialogues() for settings in "@D` "}
    if name == "modules":
        all_pieces = [list(sessions(said)) for said in dialogues()]
        return {"\0".join(pieces[at:at + 4]) for pieces in all_pieces
                for at in range(0, len(pieces), 4)}
    if name == "forms":
        return set(elements())
    if name == "readers":
        return {piece for said in dialogues() for piece in said if piece.startswith("<")}
    return set(addresses()) if name == "jid" else set()


def fuzz(program, name):
    with tempfile.TemporaryDirectory(prefix="libxmpp-fuzz-") as folder:
        fresh = os.path.join(folder, "corpus")
        os.mkdir(fresh)
        given = sorted(seeds(name))
        for seed in given:
            data = seed.encode()
            with open(os.path.join(fresh, hashlib.sha1(data).hexdigest()), "wb") as file:
                file.write(data)
        kept = os.path.join(TESTS, "fuzz", "corpus", name)
        command = [os.path.abspath(program), f"-max_total_time={SECONDS}", "-timeout=10",
                   "-rss_limit_mb=2048", "-max_len=16384", "-print_final_stats=1",
                   f"-artifact_prefix={folder}/", fresh, *([kept] if os.path.isdir(kept) else [])]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        said = done.stderr.decode(errors="replace")
        runs = re.search(r"stat::number_of_executed_units: (\d+)", said)
        print(f"# {name}: {runs[1] if runs else 'no'} inputs in {SECONDS} s, "
              f"{len(given)} seeds from the scripts")
        if done.returncode:
            yield said[-6000:]
            for path in glob.glob(os.path.join(folder, "*-*")):
                with open(path, "rb") as file:
                    yield f"the input: {file.read()!r}"
        elif not runs or int(runs[1]) < FEWEST.get(name, 1000):
            yield "it hardly ran: " + said[-2000:]


if __name__ == "__main__":
    tap.run([(f"fuzz: {sys.argv[2]}", lambda: fuzz(*sys.argv[1:]))])
