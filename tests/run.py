#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds three times, runs the suites of each, counts cases. Started by tests/run.sh, which installs
what this needs. Reads what meson's test runner leaves; knows nothing of what is tested."""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
SANITIZED = ["-Dwerror=true", "-Doptimization=1", "-Ddebug=true", "-Db_lundef=false",
             "-Db_sanitize=address,undefined"]
STRICT = "-Dc_args=-fno-sanitize-recover=all -fno-omit-frame-pointer"
# What each build is for, and the suites (meson's word: --suite) that another one runs.
BUILDS = {
    # what gcc guesses of lengths in snprintf is wrong in instrumented code; "release" has its say
    "gcc": ([*SANITIZED, f"{STRICT} -Wno-format-truncation"], ["lint"]),
    "clang": ([*SANITIZED, f"{STRICT} -fsanitize=fuzzer-no-link", "-Dfuzz=true"],
              ["lint", "live"]),
    "release": (["-Dwerror=true", "-Doptimization=3", "-Ddebug=true", "-Dbench=true",
                 "-Ddocs=true"], ["live"]),
}
QUICK = {"gcc": (BUILDS["gcc"][0], [])}
ENVIRONMENT = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:"
                    "allocator_may_return_null=1:allow_addr2line=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "MALLOC_PERTURB_": "0",  # it would be counted among the instructions that are measured
}


class Count:
    """Cases, by what meson's log of a run says."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def add(self, passed, failed):
        self.passed += passed
        self.failed += failed


def say(text):
    print(text, flush=True)


def run(command, log, **more):
    with open(log, "a", encoding="utf-8") as out:
        return subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, check=False,
                              **more).returncode


def tail(path, lines=60):
    with open(path, encoding="utf-8", errors="replace") as file:
        return "".join(file.readlines()[-lines:])


CASE = re.compile(r"^(not )?ok\b[ \t]*\d*[^#\n]*(#[ \t]*(?:skip|todo)\b.*)?", re.M | re.I)
PLAN = re.compile(r"^1\.\.(\d+)", re.M)


def cases(test):
    """(passed, failed) of one program. What is skipped, announced and not run, or ends badly after
    its last case, has failed."""
    passed = failed = 0
    output = test.get("stdout") or ""
    for match in CASE.finditer(output):
        good = not match[1] and not match[2]
        passed += good
        failed += not good
    plan = PLAN.search(output)
    if plan and int(plan[1]) > passed + failed:
        failed += int(plan[1]) - passed - failed
    if failed == 0 and test["result"] != "OK":
        return passed, 1
    return (passed, failed) if passed + failed else (1, 0)  # one that tells by its exit status


def configure(name, options, fresh):
    """Builds; the build's folder and whether all went well."""
    folder = os.path.join(TOP, "build", name)
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
    log = os.path.join(folder, "run.log")
    compiler = "clang" if name == "clang" else "gcc"
    environment = dict(os.environ, CC=compiler)
    began = time.monotonic()
    setup = ["meson", "setup", folder, TOP, *options]
    if os.path.exists(os.path.join(folder, "build.ninja")):
        setup.insert(2, "--reconfigure")
    code = run(setup, log, env=environment) or run(["ninja", "-C", folder], log, env=environment)
    say(f"{name:8} built in {time.monotonic() - began:.0f} s")
    if code:
        say(tail(log))
    return folder, code == 0


def named(folder, words):
    """The tests that a developer means: by a part of the name, or by the suite."""
    done = subprocess.run(["meson", "introspect", "--tests", folder], capture_output=True,
                          text=True, check=True)
    return sorted({test["name"] for test in json.loads(done.stdout) for word in words
                   if word in test["name"] or word in [s.split(":")[-1] for s in test["suite"]]})


def count_wanted(folder, without, wanted):
    """How many tests meson is asked to run; each is to have a name of its own, or its log fails."""
    done = subprocess.run(["meson", "introspect", "--tests", folder], capture_output=True,
                          text=True, check=True)
    tests = [test for test in json.loads(done.stdout)
             if not {suite.split(":")[-1] for suite in test["suite"]} & set(without)]
    return len([test for test in tests if not wanted or test["name"] in wanted])


def run_tests(folder, without, words, count):
    """Runs meson's tests; what its log says of each. One of which it says nothing has failed."""
    wanted = named(folder, words)
    if words and not wanted:
        return []
    results = os.path.join(folder, "meson-logs", "testlog.json")
    if os.path.exists(results):
        os.unlink(results)
    command = ["meson", "test", "-C", folder, "--no-rebuild", "--timeout-multiplier", "4",
               "--num-processes", str((os.cpu_count() or 1) + 1), *wanted]
    for suite in without:
        command += ["--no-suite", suite]
    run(command, os.path.join(folder, "run.log"), env={**os.environ, **ENVIRONMENT})
    if not os.path.exists(results):
        return []
    with open(results, encoding="utf-8") as file:
        told = [json.loads(line) for line in file if line.strip()]
    silent = count_wanted(folder, without, wanted) - len(told)
    if silent > 0:
        say(f"{silent} tests were not run\n{tail(os.path.join(folder, 'run.log'))}")
        count.add(0, silent)
    return told


def report(build, test, count):
    passed, failed = cases(test)
    count.add(passed, failed)
    title = test["name"].split(" / ")[-1]
    say(f"{build:8} {title:32} {passed:5} passed {failed:3} failed {test['duration']:8.2f} s")
    output = (test.get("stdout") or "").rstrip()
    if failed:
        say(f"--- {build} {title}: {test['result']}, exit {test.get('returncode')}")
        lines = output.splitlines()
        marks = [i for i, line in enumerate(lines) if not re.match(r"ok\b", line)]
        say("\n".join(lines[i] for i in marks[-200:]))
        say((test.get("stderr") or "").rstrip()[-8000:])
        say("---")
    elif title == "bench" or title.startswith(("fuzz-", "hostile_")):
        say("\n".join(line for line in output.splitlines() if line.startswith("#")))


def main():
    parser = argparse.ArgumentParser(usage="sh tests/run.sh [--quick] [suite...]")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("suites", nargs="*")
    options = parser.parse_args()
    count = Count()
    began = time.monotonic()
    for name, (settings, without) in (QUICK if options.quick else BUILDS).items():
        folder, built = configure(name, settings, fresh=not options.quick)
        if not built:
            count.add(0, 1)
            continue
        tests = run_tests(folder, without, options.suites, count)
        if not tests and not options.suites:
            say(f"{name}: no test ran\n{tail(os.path.join(folder, 'run.log'))}")
            count.add(0, 1)
        for test in tests:
            report(name, test, count)
    say(f"all of it took {time.monotonic() - began:.0f} s")
    say(f"{count.passed} passed, {count.failed} failed")
    sys.exit(1 if count.failed or not count.passed else 0)


if __name__ == "__main__":
    main()
