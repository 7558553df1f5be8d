#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can be seen in the text alone: licence lines, format, left-over marks, lengths, and that
what the documents name exists."""
import os
import re
import shutil
import subprocess

import source
import tap

CODE = (".c", ".h", ".py", ".sh", "meson.build", "meson_options.txt", "Doxyfile", "run", ".lua")
LONGEST_FUNCTION = 60
LONGEST_FILE = 450


def c_files():
    return source.files("lib", "include", "examples", "tests", ends=(".c", ".h"))


def licence_lines():
    if "GNU LESSER GENERAL PUBLIC LICENSE" not in source.read("COPYING"):
        yield "COPYING is not the LGPL"
    for path in source.files(ends=CODE):
        if "SPDX-License-Identifier: LGPL-2.1-or-later" not in "".join(
                source.read(path).splitlines(keepends=True)[:3]):
            yield f"{path}: no SPDX line"


def texts():
    """All but the inputs of the fuzzers, which may be anything."""
    for path in source.files():
        if path.startswith("tests/fuzz/corpus/"):
            continue
        try:
            yield path, source.read(path)
        except UnicodeDecodeError:
            yield path, "\0"


def text_is_plain():
    for path, text in texts():
        if "\0" in text or "\r" in text:
            yield f"{path}: not plain text"
        if text and not text.endswith("\n"):
            yield f"{path}: no newline at the end"
        if path == "COPYING":
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if line != line.rstrip() and not path.endswith(".md"):
                yield f"{path}:{number}: blanks at the end"
            if "\t" in line and path.endswith(CODE):
                yield f"{path}:{number}: a tab"


def no_marks_are_left():
    marks = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b")
    conflicts = re.compile(r"^([<>|])\1{6} ")
    places = re.compile(r"(?<![\w.$}])/(home|root|Users|work|tmp)/\w[\w.-]*/")
    for path, text in texts():
        for number, line in enumerate(text.splitlines(), 1):
            if marks.search(line):
                yield f"{path}:{number}: a mark was left: {line.strip()}"
            if conflicts.match(line):
                yield f"{path}:{number}: two versions were left: {line.strip()}"
            if places.search(line):
                yield f"{path}:{number}: a path of one machine: {line.strip()}"


def clang_format():
    for name in ("clang-format-14", "clang-format"):
        if shutil.which(name):
            return name
    raise SystemExit("Bail out! clang-format is missing")


def format_is_clean():
    done = subprocess.run([clang_format(), "--style=file", "--dry-run", "-Werror", *c_files()],
                          cwd=source.TOP, capture_output=True, text=True, check=False)
    if done.returncode:
        yield from [x for x in done.stderr.splitlines() if "error:" in x] or [done.stderr]


def shell_scripts():
    for path in source.files():
        if path.endswith(".sh") or path == ".ci/run":
            yield path, "bash" if "bash" in source.read(path).splitlines()[0] else "sh"


def shell_scripts_parse():
    for path, shell in shell_scripts():
        done = subprocess.run([shell, "-n", os.path.join(source.TOP, path)], capture_output=True,
                              text=True, check=False)
        if done.returncode:
            yield done.stderr.strip()


def shellcheck_is_content():
    for path, shell in shell_scripts():
        done = subprocess.run(["shellcheck", "-x", "-s", shell, "-f", "gcc", path], cwd=source.TOP,
                              capture_output=True, text=True, check=False)
        yield from done.stdout.splitlines() + done.stderr.splitlines()


def python_parses():
    for path in source.files(ends=(".py",)):
        try:
            compile(source.read(path), path, "exec")
        except SyntaxError as error:
            yield f"{path}: {error}"


def what_documents_name_exists():
    for path in source.files(ends=(".md",)):
        text = source.read(path)
        here = os.path.dirname(path)
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if "://" not in link and not os.path.exists(os.path.join(source.TOP, here, link)):
                yield f"{path}: links to {link}"
        for name in re.findall(r"(?<![\w/.])((?:lib|include|examples|tests|doc)/[\w./-]*\w)", text):
            bases = (source.TOP, os.path.join(source.TOP, here))
            if not any(os.path.exists(os.path.join(base, name)) for base in bases):
                yield f"{path}: names {name}"
        for script in re.findall(r"^\s*(?:\$ )?(?:ba)?sh ([\w./-]+)", text, re.M):
            if not os.path.exists(os.path.join(source.TOP, script)):
                yield f"{path}: the command `sh {script}` has no script"


def code_in_documents_is_that_of_the_examples():
    """What a reader copies from README.md and doc/event-loops.md is compiled and run by tests."""
    def words(text):
        return " ".join(text.split())
    examples = [words(source.read(path)) for path in source.files("examples", ends=(".c",))]
    for path in ("README.md", "doc/event-loops.md"):
        for block in re.findall(r"^```c\n(.*?)^```", source.read(path), re.M | re.S):
            if not any(words(block) in example for example in examples):
                yield f"{path}: no example has: {block}"


def the_readme_shows_the_two_commands():
    first_screen = "\n".join(source.read("README.md").splitlines()[:40])
    for command in ("sh examples/quickstart.sh", "sh tests/run.sh"):
        if command not in first_screen:
            yield f"README.md: `{command}` is not on the first screen"


FUNCTION = re.compile(r"^(?:static |const |_Noreturn )*\w[\w \*]*?\b(\w+)\([^;{}]*\)\s*\n\{\n(.*?)^\}",
                      re.M | re.S)


def lengths():
    functions, files = [], []
    for path in source.files("lib", ends=(".c", ".h")):
        text = source.read(path)
        files.append((text.count("\n"), path))
        functions += [(body.count("\n"), f"{path}: {name}")
                      for name, body in FUNCTION.findall(text)]
    return sorted(functions, reverse=True), sorted(files, reverse=True)


def nothing_grows_too_long():
    functions, files = lengths()
    middle = functions[len(functions) // 2][0] if functions else 0
    print(f"# {len(functions)} functions, median {middle} lines; the longest:")
    for lines, name in functions[:5]:
        print(f"#   {lines:4} {name}")
    for lines, name in files[:5]:
        print(f"#   {lines:4} {name}")
    yield from (f"{n}: {lines} lines" for lines, n in functions if lines > LONGEST_FUNCTION)
    yield from (f"{n}: {lines} lines" for lines, n in files if lines > LONGEST_FILE)


if __name__ == "__main__":
    tap.run([
        ("text: every source has its licence line", licence_lines),
        ("text: plain text, no tabs, no blanks at the end", text_is_plain),
        ("text: no marks and no machine's paths are left", no_marks_are_left),
        ("text: clang-format would change nothing", format_is_clean),
        ("text: shell scripts parse", shell_scripts_parse),
        ("text: shellcheck has nothing to say", shellcheck_is_content),
        ("text: Python parses", python_parses),
        ("text: what the documents name exists", what_documents_name_exists),
        ("text: code in the documents is that of the examples",
         code_in_documents_is_that_of_the_examples),
        ("text: README.md shows the two commands first", the_readme_shows_the_two_commands),
        ("text: functions and files stay short", nothing_grows_too_long),
    ])
