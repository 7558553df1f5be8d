#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An extension of somebody's own, examples/extension: built as a project of its own against the
library as it is installed, and run against a private Prosody. And the library's own modules: they
compile with nothing but the installed headers. Arguments: the build folder, the source folder, the
compiler."""
import glob
import os
import subprocess
import sys
import tempfile

import place
from prosody import PASSWORDS, Prosody, hosts_for_tests

import tap

BUILD, SOURCE = (os.path.abspath(path) for path in sys.argv[1:3])
COMPILER = sys.argv[3:]


def run(*command, **options):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, timeout=100, check=False,
                            **options)
    if result.returncode:
        raise AssertionError(f"{' '.join(command)}: {result.returncode}\n{result.stdout[-2000:]}")
    return result.stdout


class Installed:
    """The library in a folder as `meson install` would put it."""

    def __init__(self, folder, server):
        self.root, self.work, self.server = os.path.join(folder, "root"), folder, server
        self.prefix = self.libraries = None

    def install(self):
        run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", self.root)
        found = glob.glob(f"{self.root}/**/libxmpp.pc", recursive=True)
        if len(found) != 1:
            yield f"installed: {found}"
            return
        self.libraries = os.path.dirname(os.path.dirname(found[0]))
        with open(found[0], encoding="utf-8") as file:
            text = file.read()
        prefix = [line[7:].strip() for line in text.splitlines() if line.startswith("prefix=")][0]
        self.prefix = self.root + prefix
        with open(found[0], "w", encoding="utf-8") as file:
            file.write(text.replace(f"prefix={prefix}", f"prefix={self.prefix}", 1))

    def environment(self, **more):
        return {**os.environ, "PKG_CONFIG_PATH": f"{self.libraries}/pkgconfig",
                "LD_LIBRARY_PATH": self.libraries, **more}

    def program(self):
        return os.path.join(self.work, "build", "roll")

    def builds_alone(self):
        example = os.path.join(SOURCE, "examples", "extension")
        run("meson", "setup", os.path.join(self.work, "build"), example,
            env=self.environment(CC=" ".join(COMPILER)))
        run("meson", "compile", "-C", os.path.join(self.work, "build"), env=self.environment())
        if not os.path.exists(self.program()):
            yield "there is no program"

    def talks(self):
        said = run(self.program(), "127.0.0.1", str(self.server.port), self.server.ca_file,
                   "alice@tls13.test/dice", env=self.environment(XMPP_PASSWORD=PASSWORDS["alice"]))
        if said != "rolled a number from 1 to 6\nheard the boast, rolled 1 time(s) for others\n":
            yield f"it said: {said!r}"

    def modules_need_nothing_else(self):
        sources = sorted(glob.glob(f"{SOURCE}/lib/im/*.c") + glob.glob(f"{SOURCE}/lib/xep/*.c"))
        for source in sources:
            run(*COMPILER, "-std=c11", "-D_GNU_SOURCE", "-fsyntax-only", f"-I{self.prefix}/include",
                source, cwd=self.work)
        if not sources:
            yield "there are no modules"


def main():
    with tempfile.TemporaryDirectory(dir=place.TEMPORARY, prefix="libxmpp-live-") as folder:
        home = place.prepare(folder)
        hosts, authority = hosts_for_tests(home)
        with Prosody(home, hosts, authority.ca_file) as server:
            installed = Installed(folder, server)
            tap.run([
                ("extension: the library is installed", installed.install),
                ("extension: it builds as a project of its own", installed.builds_alone),
                ("extension: it talks", installed.talks),
                ("extension: ours need no more than theirs", installed.modules_need_nothing_else),
            ])


if __name__ == "__main__":
    main()
