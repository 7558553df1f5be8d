#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The public headers: each compiles alone, as C99 and as C++11, and holds nothing that a generated
binding could not express. Arguments: the C compiler's command."""
import os
import re
import subprocess
import sys
import tempfile

import source
import tap

COMPILER = sys.argv[1:] or ["cc"]


def compiles(language, standard, extra=()):
    def check():
        for path in source.public_headers():
            name = path.removeprefix("include/")
            with tempfile.TemporaryDirectory() as folder:
                unit = os.path.join(folder, "unit")
                with open(unit, "w", encoding="utf-8") as file:
                    file.write(f'#include "{name}"\n#include "{name}"\nint unit_of_its_own;\n')
                command = [*COMPILER, "-x", language, f"-std={standard}", "-fsyntax-only", "-Wall",
                           "-Wextra", "-pedantic", "-Werror", *extra,
                           "-I", os.path.join(source.TOP, "include"), unit]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                yield f"{path}: {done.stderr.strip()}"
    return check


def texts():
    for path in source.public_headers():
        yield path, source.without_comments(source.read(path), strings=False)


def nothing_that_bindings_cannot_express():
    forbidden = {
        r"\b(?:struct|union)\s+\w*\s*\{": "a layout", r"\bunion\b": "a union",
        r"\binline\b": "inline code", r"\bstatic\b": "something static",
        r"\.\.\.": "variable arguments", r"^\s*#\s*define\s+\w+\(": "a macro with arguments",
        r"\w\s*:\s*\d+\s*[;,]": "a bit-field", r"\btypedef\b[^;]*\b\w+_t\s*;": "a type named _t",
        r"\bva_list\b": "va_list", r"\blong\b": "a type whose size depends on the machine",
    }
    for path, text in texts():
        for pattern, what in forbidden.items():
            for match in re.finditer(pattern, text, re.M):
                yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {what}"


def constants_have_values():
    for path, text in texts():
        for body in re.findall(r"\benum\s+\w*\s*\{([^}]*)\}", text):
            for member in body.split(","):
                if member.strip() and "=" not in member:
                    yield f"{path}: {member.strip()} has no explicit value"


def callbacks_have_userdata():
    for path, text in texts():
        for name, params in re.findall(r"\btypedef\b[^;]*?\(\*(\w+)\)\(([^;]*)\)\s*;", text):
            if not name.endswith("_fn"):
                yield f"{path}: {name} does not end in _fn"
            if not re.search(r"void\s*\*userdata\s*$", params.strip()):
                yield f"{path}: {name} does not end with userdata"


def userdata_is_destroyed():
    for name, params in source.exported().items():
        if re.search(r"void\s*\*\s*userdata\b", params) and not re.search(
                r"void\s*\*\s*userdata\s*,\s*xmpp_destroy_fn\s+destroy\b", params):
            yield f"{name}: userdata is not followed by destroy"


def names_are_ours():
    if not source.exported():
        yield "no declaration was found"
    for name in source.exported():
        if not re.fullmatch(r"xmpp_[a-z0-9]+(_[a-z0-9]+)*", name):
            yield f"{name} is not an xmpp_noun_verb"
    for path, text in texts():
        for name in re.findall(r"^\s*#\s*define\s+(\w+)", text, re.M):
            if not name.startswith("XMPP_"):
                yield f"{path}: defines {name}"


def the_umbrella_has_all():
    umbrella = {name for _, name in source.includes("include/xmpp/xmpp.h")}
    there = {path.removeprefix("include/") for path in source.public_headers()} - {"xmpp/xmpp.h"}
    for name in sorted(umbrella ^ there):
        yield f"{name} is {'missing in' if name in there else 'no header, but in'} xmpp/xmpp.h"


if __name__ == "__main__":
    tap.run([
        ("headers: each compiles alone as C99", compiles("c", "c99", ["-Wstrict-prototypes"])),
        ("headers: each compiles alone as C11", compiles("c", "c11")),
        ("headers: each compiles alone as C++11", compiles("c++", "c++11")),
        ("headers: opaque types, nothing inline, no varargs", nothing_that_bindings_cannot_express),
        ("headers: constants have explicit values", constants_have_values),
        ("headers: callbacks end with userdata", callbacks_have_userdata),
        ("headers: userdata is followed by its destroy", userdata_is_destroyed),
        ("headers: names are prefixed", names_are_ours),
        ("headers: xmpp/xmpp.h includes them all", the_umbrella_has_all),
    ])
