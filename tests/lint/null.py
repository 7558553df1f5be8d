#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every exported function is given nothing by tests/conn/test_null.c."""
import source
import tap

TEST = "tests/conn/test_null.c"


def every_function_is_given_nothing():
    text = source.without_comments(source.read(TEST))
    for name in sorted(source.exported()):
        if name + "(" not in text:
            yield f"{TEST} does not call {name}"


if __name__ == "__main__":
    tap.run([("null: every exported function is tried", every_function_is_given_nothing)])
