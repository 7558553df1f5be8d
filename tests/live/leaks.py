# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the library has lost of its memory, if it is instrumented to tell. Of the interpreter's own,
and of what it never frees, nothing is said."""
import ctypes
import os
import re
import tempfile

OURS = re.compile(r"libxmpp\.so| in xm(pp)?_|/lib/\w+/\w+\.c:")


def whats_lost():
    """The report of each block that nobody points to and that the library has allocated."""
    check = getattr(ctypes.CDLL(None), "__lsan_do_recoverable_leak_check", None)
    if not check:
        return
    with tempfile.TemporaryFile("w+") as report:  # it is written to standard error
        stderr = os.dup(2)
        os.dup2(report.fileno(), 2)
        try:
            check()
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
        report.seek(0)
        for leak in re.split(r"\n(?=(?:Direct|Indirect) leak)", report.read())[1:]:
            if OURS.search(leak):
                yield leak
