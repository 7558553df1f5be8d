# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints TAP: a check is a function that yields one line for each thing that is wrong."""
import sys


def run(checks):
    """Runs (name, function) pairs; exits 1 if anything is wrong, or if nothing was checked."""
    failed = 0
    print(f"1..{len(checks)}")
    for number, (name, check) in enumerate(checks, 1):
        problems = list(check())
        print(f"{'not ok' if problems else 'ok'} {number} - {name}")
        for problem in problems[:50]:
            print(f"# {problem}")
        failed += bool(problems)
    sys.exit(1 if failed or not checks else 0)
