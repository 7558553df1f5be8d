#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every exported function is given nothing by tests/conn/test_null.c, those of modules by
test_null_modules.c and test_null_hosts.c beside it."""
import source
import tap

TESTS = ("tests/conn/test_null.c", "tests/conn/test_null_modules.c", "tests/conn/test_null_hosts.c")


def every_function_is_given_nothing():
    text = "".join(source.without_comments(source.read(test)) for test in TESTS)
    for name in sorted(source.exported()):
        if name + "(" not in text:
            yield f"{' and '.join(TESTS)} do not call {name}"


if __name__ == "__main__":
    tap.run([("null: every exported function is tried", every_function_is_given_nothing)])
