# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the servers of the tests live: a folder that an unprivileged user can read and write,
whatever umask, TMPDIR or home the tests were started with."""
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
TEMPORARY = "/tmp"
os.environ.pop("LD_PRELOAD", None)  # a sanitizer's, which is for us and not for what we start


def prepare(folder):
    """Makes the folder passable, and in it one for a server: its path. From now on a program that
    is told to end does so in order, and leaves neither the folder nor a server behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    os.umask(0o022)
    os.chmod(folder, 0o755)
    home = os.path.join(folder, "server")
    os.makedirs(home, exist_ok=True)
    return home
