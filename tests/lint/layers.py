#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The layers of lib/: a file includes what stands below it, nothing beside it, nothing above it;
each library's headers, and the system's, are seen in their own folder only."""
import functools
import os
import re

import source
import tap

RANK = {"base": 0, "crypto": 1, "jid": 2, "xml": 2, "stanza": 3, "sasl": 4, "tls": 4, "stream": 4,
        "dns": 4, "dial": 4, "net": 5, "conn": 6, "im": 7, "xep": 7}
# Folders that may use less than their rank allows: net/ knows no protocol, modules use the public
# face and the containers of base/.
ONLY = {"net": {"base", "crypto"}, "im": {"base"}, "xep": {"base"}}

# Folders without lib/ on their path: their own headers are found beside the file.
MODULES = {"im", "xep"}

ISO_C = {"assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "stdalign.h", "stdarg.h",
         "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h",
         "strings.h", "sys/types.h"}
# What else a folder may include, by the beginning of the name.
FOREIGN = {
    "base": (),
    "crypto": ("gnutls/",),
    "jid": ("idn2.h", "unicase.h", "unictype.h", "uninorm.h", "unistr.h", "unitypes.h"),
    "xml": ("libxml/", "pthread.h"),
    "tls": ("gnutls/", "pthread.h"),
    "sasl": ("gsasl.h",),
    "dns": ("ldns/",),
    "net": ("sys/", "netinet/", "arpa/", "net/", "fcntl.h", "unistd.h", "poll.h", "time.h"),
    "conn": ("poll.h",),
}


def folder_of(path):
    return path.split("/")[1]


def library():
    return source.files("lib", ends=(".c", ".h"))


def every_folder_is_a_layer():
    for path in library():
        if folder_of(path) not in RANK:
            yield f"{path}: {folder_of(path)} is no layer that is known"


def nothing_upwards_or_sideways():
    for path in library():
        own = folder_of(path)
        for angle, name in source.includes(path):
            if angle or name.startswith("xmpp/"):
                continue
            below = name.split("/")[0] if "/" in name or own not in MODULES else own
            if below == own:
                continue
            allowed = ONLY.get(own, {f for f in RANK if RANK[f] < RANK[own]})
            if below not in allowed:
                yield f'{path}: includes "{name}"'


def includes_are_written_from_lib():
    for path in library() + source.public_headers():
        for angle, name in source.includes(path):
            if angle:
                continue
            beside = folder_of(path) in MODULES and "/" not in name
            root = ("include" if name.startswith("xmpp/") else
                    os.path.dirname(path) if beside else "lib")
            made = name == "base/error_table.h"
            if not made and not os.path.exists(os.path.join(source.TOP, root, name)):
                yield f'{path}: "{name}" is not written from {root}/'
            if name.endswith(".c") or os.path.basename(name) == "common.h":
                yield f'{path}: includes "{name}"'


@functools.lru_cache(maxsize=None)
def reach(path):
    """The angle includes of a file, those of what it includes among them."""
    found = set()
    for angle, name in source.includes(path):
        if angle:
            found.add(name)
            continue
        for root in ("lib", "include"):
            if os.path.exists(os.path.join(source.TOP, root, name)):
                found |= reach(f"{root}/{name}")
    return frozenset(found)


def foreign_headers_stay_in_their_folder():
    for path in library():
        for name in sorted(reach(path)):
            if name not in ISO_C and not name.startswith(FOREIGN.get(folder_of(path), ())):
                yield f"{path}: sees <{name}>"


def libxml_is_seen_by_one_file():
    seeing = [p for p in library() if any(n.startswith("libxml/") for n in reach(p))]
    if len([p for p in seeing if p.endswith(".c")]) > 1:
        yield "more than one file sees libxml2: " + ", ".join(seeing)


def public_headers_include_only_each_other():
    for path in source.public_headers():
        for angle, name in source.includes(path):
            if (name not in ("stddef.h", "stdint.h")) if angle else not name.startswith("xmpp/"):
                yield f"{path}: includes {name}"


def the_struct_of_the_connection_is_seen_by_conn_only():
    layout = re.compile(r"\bstruct\s+xmpp_conn\s*\{")
    homes = [p for p in library() if layout.search(source.without_comments(source.read(p)))]
    if folders := [p for p in homes if folder_of(p) != "conn"]:
        yield f"defined outside conn/: {folders}"
    for home in homes:
        name = home.removeprefix("lib/")
        for path in library():
            if (False, name) not in source.includes(path):
                continue
            if folder_of(path) != "conn" or not path.endswith(".c"):
                yield f"{path}: includes {name}"


def examples_see_the_public_face_only():
    for path in source.files("examples", ends=(".c", ".h")):
        for angle, name in source.includes(path):
            local = os.path.exists(os.path.join(source.TOP, os.path.dirname(path), name))
            if not angle and not local and not name.startswith("xmpp/"):
                yield f'{path}: includes "{name}"'


if __name__ == "__main__":
    tap.run([
        ("layers: every folder of lib/ is a layer", every_folder_is_a_layer),
        ("layers: nothing is included from above or beside", nothing_upwards_or_sideways),
        ("layers: includes are written from lib/, and of headers", includes_are_written_from_lib),
        ("layers: foreign headers stay in their folder", foreign_headers_stay_in_their_folder),
        ("layers: libxml2 is seen by one file", libxml_is_seen_by_one_file),
        ("layers: public headers include each other only", public_headers_include_only_each_other),
        ("layers: conn/ alone sees the struct of the connection",
         the_struct_of_the_connection_is_seen_by_conn_only),
        ("layers: examples see the public face only", examples_see_the_public_face_only),
    ])
