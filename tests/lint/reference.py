#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The reference documents each exported function and each constant. Argument: doxygen's XML."""
import glob
import os
import re
import sys
import xml.etree.ElementTree as etree

import source
import tap

FOLDER = sys.argv[1]


def documented(tag, kind=None):
    """Names of the elements of that tag and kind that have a description."""
    found = set()
    for path in glob.glob(os.path.join(FOLDER, "*.xml")):
        for node in etree.parse(path).getroot().iter(tag):
            said = "".join("".join(node.find(part).itertext()) for part in
                           ("briefdescription", "detaileddescription")).strip()
            if said and node.get("kind") == kind:
                found.add(node.findtext("name"))
    return found


def every_function():
    have, want = documented("memberdef", "function"), set(source.exported())
    yield from (f"{name} is not documented" for name in sorted(want - have))
    yield from (f"{name} is documented, not exported" for name in sorted(have - want))


def every_constant():
    have = documented("enumvalue")
    for path in source.public_headers():
        for body in re.findall(r"\benum\s+\w*\s*\{([^}]*)\}",
                               source.without_comments(source.read(path))):
            for name in re.findall(r"(XMPP_\w+)\s*=", body):
                if name not in have:
                    yield f"{path}: {name} is not documented"


def every_header():
    said = {
        node.findtext("compoundname")
        for path in glob.glob(os.path.join(FOLDER, "*_8h.xml"))
        for node in etree.parse(path).getroot().iter("compounddef")
        if "".join(node.find("briefdescription").itertext()).strip()}
    for path in source.public_headers():
        if os.path.basename(path) not in said:
            yield f"{path}: does not say what it is"


tap.run([
    ("reference: every exported function, and no other", every_function),
    ("reference: every constant", every_constant),
    ("reference: every header says what it is", every_header),
])
