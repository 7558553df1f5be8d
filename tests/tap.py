# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints TAP for tests that are written in Python. A check is a function that yields one line for
each thing that is wrong, or raises; nothing yielded and nothing raised is good."""
import sys
import traceback


def run(checks):
    """Runs (name, function) pairs; exits 1 if anything is wrong, or if nothing was checked."""
    failed = 0
    print(f"1..{len(checks)}", flush=True)
    for number, (name, check) in enumerate(checks, 1):
        problems = outcome(check)
        print(f"{'not ok' if problems else 'ok'} {number} - {name}")
        for problem in problems[:50]:
            print("# " + problem.replace("\n", "\n# "))
        sys.stdout.flush()
        failed += bool(problems)
    sys.exit(1 if failed or not checks else 0)


def outcome(check):
    try:
        return list(check() or ())
    except AssertionError as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return [f"{where.filename}:{where.lineno}: {error or where.line}"]
    except Exception:  # whatever a test program may do, the others are still to be run
        return traceback.format_exc().splitlines()
