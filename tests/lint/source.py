# SPDX-License-Identifier: LGPL-2.1-or-later
"""The files of the source tree, and C without its comments. Knows no rule."""
import os
import re
import sys

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(TOP, "tests"))


def files(*folders, ends=("",)):
    """Paths below folders ("" is the whole tree), relative to the top; not what builds leave."""
    found = []
    for folder in folders or ("",):
        for where, names, leaves in os.walk(os.path.join(TOP, folder)):
            names[:] = sorted(n for n in names if not is_made(os.path.join(where, n)))
            found += [os.path.relpath(os.path.join(where, leaf), TOP) for leaf in sorted(leaves)
                      if leaf.endswith(tuple(ends)) and leaf not in (".git", "compile_commands.json")]
    return found


def is_made(folder):
    name = os.path.basename(folder)
    return (name in (".git", "__pycache__", ".cache") or
            (name.startswith("build") and os.path.dirname(folder) == TOP) or
            os.path.isdir(os.path.join(folder, "meson-private")))


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def without_comments(text, strings=True):
    """C with comments, and unless asked to keep them strings, blanked; lines stay where they are."""
    def blank(match):
        token = match.group()
        if token[0] == "/":
            return re.sub(r"[^\n]", " ", token)
        return token if strings else token[0] + " " * (len(token) - 2) + token[-1]
    return TOKEN.sub(blank, text)


INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def includes(path):
    """[(is_angle, name)] of a C file."""
    return [(m[1] == "<", m[2]) for m in INCLUDE.finditer(without_comments(read(path)))]


def public_headers():
    return files("include", ends=(".h",))


DECLARATION = re.compile(r"\bXMPP_API\b([^;{]*?)\b(\w+)\s*\(([^;]*)\)\s*;")


def exported():
    """{function: its parameters} as the public headers declare them."""
    found = {}
    for path in public_headers():
        text = without_comments(read(path), strings=False)
        text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
        for match in DECLARATION.finditer(text):
            found[match[2]] = " ".join(match[3].split())
    return found
