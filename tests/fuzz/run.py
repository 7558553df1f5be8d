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
SECONDS = int(os.environ.get("FUZZ_SECONDS", "10"))


def said_by_servers():
    """What the server of each script says, in one piece: bytes of the wire, a dialogue each."""
    for path in sorted(glob.glob(os.path.join(TESTS, "**", "*.xmpp"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"\n[ \t]+", " ", file.read())
        said = re.findall(r"^S: ?(.*)$", text, re.M)
        if said:
            yield "".join(said)


def addresses():
    """What stands in the dialogues where an address may stand."""
    for text in said_by_servers():
        yield from re.findall(r"""(?:from|to)=["']([^"']+)["']|<jid>([^<]+)</jid>""", text)


def seeds(name):
    if name in ("parser", "stream", "stanza"):
        return list(said_by_servers())
    if name == "jid":
        return sorted({one or other for one, other in addresses()})
    return []


def fuzz(program, name):
    with tempfile.TemporaryDirectory(prefix="libxmpp-fuzz-") as folder:
        fresh = os.path.join(folder, "corpus")
        os.mkdir(fresh)
        for seed in seeds(name):
            data = seed.encode()
            with open(os.path.join(fresh, hashlib.sha1(data).hexdigest()), "wb") as file:
                file.write(data)
        kept = os.path.join(TESTS, "fuzz", "corpus", name)
        command = [os.path.abspath(program), f"-max_total_time={SECONDS}", "-timeout=10", "-rss_limit_mb=2048",
                   "-max_len=16384", "-print_final_stats=1", f"-artifact_prefix={folder}/", fresh,
                   *([kept] if os.path.isdir(kept) else [])]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        said = done.stderr.decode(errors="replace")
        runs = re.search(r"stat::number_of_executed_units: (\d+)", said)
        print(f"# {name}: {runs[1] if runs else 'no'} inputs in {SECONDS} s")
        if done.returncode:
            yield said[-6000:]
            for path in glob.glob(os.path.join(folder, "*-*")):
                with open(path, "rb") as file:
                    yield f"the input: {file.read()!r}"
        elif not runs or int(runs[1]) < 1000:
            yield "it hardly ran: " + said[-2000:]


if __name__ == "__main__":
    tap.run([(f"fuzz: {sys.argv[2]}", lambda: fuzz(*sys.argv[1:]))])
