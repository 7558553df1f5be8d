#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The symbols: what the shared library exports is what the headers declare and the map lists; what
the archive holds is prefixed; what it asks of libc is nothing that prints, waits or ends a process.

    symbols.py --write-map            writes lib/libxmpp.map from the headers
    symbols.py LIBXMPP.so LIBXMPP.a   checks (a build without sanitizers)
"""
import os
import re
import subprocess
import sys

import source
import tap

MAP = "lib/libxmpp.map"
NODE = "LIBXMPP_0.1"
FORBIDDEN = {
    "it prints": """printf fprintf vprintf vfprintf dprintf puts putchar fputs fputc fwrite perror
        __printf_chk __fprintf_chk __vprintf_chk __vfprintf_chk __dprintf_chk syslog stdout stderr
        write warn err""",
    "it ends the process": "exit _exit _Exit quick_exit abort raise kill",
    "it starts something": "fork vfork system popen execve posix_spawn pthread_create thrd_create",
    "it touches signals": "signal sigaction sigprocmask pthread_sigmask sigset alarm setitimer",
    "it waits": """poll __poll_chk ppoll select pselect epoll_wait epoll_pwait sleep usleep nanosleep
        clock_nanosleep getaddrinfo getnameinfo gethostbyname gethostbyname_r gethostbyaddr res_query
        pthread_cond_wait sem_wait pause flock lockf""",
    "it is not for threads": "strerror strtok localtime gmtime rand srand random setlocale getenv",
    "it writes without bound": "strcpy strcat sprintf vsprintf gets alloca",
}
# The one-time initialisations and the default system trust: doc/architecture.md.
MUTABLE = {
    "lib/tls": r"system_(trust|lock)",
}


def nm(*arguments):
    return subprocess.run(["nm", *arguments], capture_output=True, text=True, check=True).stdout


def map_text():
    lines = "".join(f"    {name};\n" for name in sorted(source.exported()))
    return f"{NODE} {{\nglobal:\n{lines}local:\n    *;\n}};\n"


def the_map_lists_the_headers():
    if source.read(MAP) != map_text():
        yield f"{MAP} is not what the headers declare; `tests/lint/symbols.py --write-map` mends it"


def the_library_exports_the_headers(library):
    rows = [line.split() for line in nm("-D", "--defined-only", library).splitlines()]
    have = {row[2].split("@")[0] for row in rows if row[1] != "A"}
    want = set(source.exported())
    yield from (f"{name} is declared, not exported" for name in sorted(want - have))
    yield from (f"{name} is exported, not declared" for name in sorted(have - want))
    yield from (f"{row[2]} is not of {NODE}" for row in rows
                if row[1] != "A" and not row[2].endswith("@@" + NODE))


def the_archive_is_prefixed(archive):
    names = {row[0] for row in map(str.split, nm("-g", "--defined-only", "-P", archive).splitlines())
             if len(row) > 1}
    if not names:
        yield "no symbol was found"
    yield from (name for name in sorted(names) if not name.startswith(("xmpp_", "xm_")))


def the_archive_asks_nothing_forbidden(archive):
    member = ""
    for line in nm("-u", archive).splitlines():
        if line.endswith(":"):
            member = line[:-1]
        name = line.split()[-1].split("@")[0] if line.strip() else ""
        for why, names in FORBIDDEN.items():
            if name in names.split():
                yield f"{member}: {name}: {why}"


def nothing_is_mutable(archive):
    member = ""
    for line in nm("-f", "sysv", archive).splitlines():
        if match := re.match(r"Symbols from .*\[(.*)\]:", line):
            member = match[1]
        row = [cell.strip() for cell in line.split("|")]
        if len(row) < 7 or row[3] == "SECTION" or row[2] == "U":
            continue
        mutable = re.match(r"\.(data(?!\.rel\.ro)|bss|tdata|tbss)|\*COM\*", row[6])
        if mutable and not any(re.fullmatch(names, row[0]) for names in MUTABLE.values()):
            yield f"{member}: {row[0]} in {row[6]}"


def main():
    if sys.argv[1:] == ["--write-map"]:
        with open(os.path.join(source.TOP, MAP), "w", encoding="utf-8") as file:
            file.write(map_text())
        return
    shared, archive = sys.argv[1:]
    tap.run([
        ("symbols: the map lists what the headers declare", the_map_lists_the_headers),
        ("symbols: the shared library exports it", lambda: the_library_exports_the_headers(shared)),
        ("symbols: the archive's names are prefixed", lambda: the_archive_is_prefixed(archive)),
        ("symbols: nothing that prints, waits, or ends a process is called",
         lambda: the_archive_asks_nothing_forbidden(archive)),
        ("symbols: no variable is global and mutable", lambda: nothing_is_mutable(archive)),
    ])


if __name__ == "__main__":
    main()
