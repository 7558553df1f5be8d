#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is implemented, as the public headers say it: the list in doc/extensions.md and the DOAP file
doc/libxmpp.doap are made from them, and every module has its script.

    extensions.py           compares
    extensions.py --write   writes both files

A header's first comment names its specifications, one a line:

    @par Specifications
    - XEP-0199, 2.0.1: complete
    - RFC 6121, 2: complete
    - XEP-0012, 2.0: partial, uptime of servers is not asked for"""
import os
import re
import sys
from xml.sax.saxutils import escape

import source
import tap

LIST, DOAP = "doc/extensions.md", "doc/libxmpp.doap"
LINE = re.compile(r"- (XEP-\d{4}|RFC \d{4}), ([\w., -]+): (complete|partial)(?:, (.+))?")
HOME = "https://xmpp.org/extensions/xep-{}.html"
TITLES = {
    "XEP-0004": "Data Forms", "XEP-0012": "Last Activity",
    "XEP-0013": "Flexible Offline Message Retrieval", "XEP-0016": "Privacy Lists",
    "XEP-0030": "Service Discovery", "XEP-0033": "Extended Stanza Addressing",
    "XEP-0045": "Multi-User Chat", "XEP-0049": "Private XML Storage",
    "XEP-0050": "Ad-Hoc Commands", "XEP-0054": "vcard-temp",
    "XEP-0059": "Result Set Management", "XEP-0068": "Field Standardization for Data Forms",
    "XEP-0077": "In-Band Registration", "XEP-0082": "XMPP Date and Time Profiles",
    "XEP-0085": "Chat State Notifications", "XEP-0091": "Legacy Delayed Delivery",
    "XEP-0092": "Software Version", "XEP-0100": "Gateway Interaction",
    "XEP-0114": "Jabber Component Protocol", "XEP-0115": "Entity Capabilities",
    "XEP-0128": "Service Discovery Extensions",
    "XEP-0153": "vCard-Based Avatars",
    "XEP-0160": "Best Practices for Handling Offline Messages",
    "XEP-0175": "Best Practices for Use of SASL ANONYMOUS",
    "XEP-0178": "Best Practices for Use of SASL EXTERNAL with Certificates",
    "XEP-0184": "Message Delivery Receipts", "XEP-0186": "Invisible Command",
    "XEP-0191": "Blocking Command", "XEP-0199": "XMPP Ping", "XEP-0202": "Entity Time",
    "XEP-0203": "Delayed Delivery", "XEP-0237": "Roster Versioning",
    "XEP-0245": "The /me Command", "XEP-0280": "Message Carbons",
    "XEP-0297": "Stanza Forwarding",
    "XEP-0300": "Use of Cryptographic Hash Functions in XMPP",
    "XEP-0308": "Last Message Correction", "XEP-0319": "Last User Interaction in Presence",
    "XEP-0333": "Displayed Markers", "XEP-0334": "Message Processing Hints",
    "XEP-0359": "Unique and Stable Stanza IDs", "XEP-0368": "SRV records for XMPP over TLS",
    "XEP-0390": "Entity Capabilities 2.0",
    "XEP-0440": "SASL Channel-Binding Type Capability", "XEP-0495": "Happy Eyeballs",
    "RFC 1928": "SOCKS Protocol Version 5", "RFC 1929": "Username/Password Authentication for SOCKS",
    "RFC 2782": "A DNS RR for specifying the location of services (DNS SRV)",
    "RFC 2831": "Digest Authentication as a SASL Mechanism",
    "RFC 4505": "Anonymous SASL Mechanism", "RFC 4616": "The PLAIN SASL Mechanism",
    "RFC 5802": "Salted Challenge Response Authentication Mechanism (SCRAM)",
    "RFC 5929": "Channel Bindings for TLS", "RFC 6120": "XMPP: Core",
    "RFC 6121": "XMPP: Instant Messaging and Presence",
    "RFC 6698": "DNS-Based Authentication of Named Entities (DANE): TLSA",
    "RFC 6724": "Default Address Selection for IPv6", "RFC 7590": "Use of TLS in XMPP",
    "RFC 7622": "XMPP: Address Format", "RFC 7673": "Using DANE TLSA Records with SRV Records",
    "RFC 7677": "SCRAM-SHA-256 and SCRAM-SHA-256-PLUS",
    "RFC 8305": "Happy Eyeballs Version 2", "RFC 9110": "HTTP Semantics (CONNECT)",
    "RFC 9266": "Channel Bindings for TLS 1.3", "RFC 9525": "Service Identity in TLS",
}


def in_tree(path):
    return os.path.join(source.TOP, path)


def first_comment(path):
    match = re.search(r"/\*\*.*?\*/", source.read(path), re.S)
    return [re.sub(r"^ ?\* ?", "", line) for line in match.group().splitlines()] if match else []


def specifications():
    """(what, version, state, note, header) for each line that a header has."""
    for path in source.public_headers():
        lines = first_comment(path)
        start = next((i for i, line in enumerate(lines) if line.startswith("@par Spec")), None)
        for line in "\n".join(lines[start + 1:]).replace("\n  ", " ").splitlines() if start else ():
            if line.startswith("- "):
                match = LINE.fullmatch(line.strip())
                yield (*match.groups(), path) if match else (None, line, None, None, path)


def rows():
    return sorted(row for row in specifications() if row[0])


def module_of(header):
    """The source of the module that the header belongs to; None: it is of no module."""
    name = os.path.basename(header)[:-2]
    return next((path for folder in ("im", "xep")
                 if os.path.exists(in_tree(path := f"lib/{folder}/{name}.c"))), None)


def table():
    text = [
        "# What is implemented", "",
        "Made from the public headers, which say it of themselves; the same as DOAP is "
        "[libxmpp.doap](libxmpp.doap).", "",
        "| specification | title | version or part | state | module, by its header |", "| --- | --- | --- | --- | --- |"]
    for what, version, state, note, header in rows():
        name = os.path.basename(header)
        said = f"{state}: {note}" if note else state
        text.append(f"| {what} | {TITLES[what]} | {version} | {said} | "
                    f"[{name}](../include/xmpp/{name}) |")
    return "\n".join(text) + "\n"


def doap():
    text = ["""<?xml version='1.0' encoding='UTF-8'?>
<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->
<rdf:RDF xmlns='http://usefulinc.com/ns/doap#' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'
    xmlns:xmpp='https://linkmauve.fr/ns/xmpp-doap#'>
  <Project>
    <name>libxmpp</name>
    <shortdesc xml:lang='en'>XMPP client library in C that never blocks</shortdesc>
    <programming-language>C</programming-language>
    <category rdf:resource='https://linkmauve.fr/ns/xmpp-doap#category-library'/>"""]
    for what, version, state, note, _ in rows():
        if what.startswith("RFC"):
            line = f"    <implements rdf:resource='https://www.rfc-editor.org/info/rfc{what[4:]}'/>"
            text += [line] if line not in text else [] # more than one header may have a part
            continue
        text += ["    <implements>", "      <xmpp:SupportedXep>",
                 f"        <xmpp:xep rdf:resource='{HOME.format(what[4:])}'/>",
                 f"        <xmpp:status>{state}</xmpp:status>",
                 f"        <xmpp:version>{version}</xmpp:version>"]
        text += [f"        <xmpp:note xml:lang='en'>{escape(note)}</xmpp:note>"] if note else []
        text += ["      </xmpp:SupportedXep>", "    </implements>"]
    text += ["  </Project>", "</rdf:RDF>"]
    return "\n".join(text) + "\n"


def every_line_can_be_read():
    for what, version, _, _, path in specifications():
        if not what:
            yield f"{path}: {version}"
        elif what not in TITLES:
            yield f"{path}: {what} has no title in tests/lint/extensions.py"


def every_module_says_what_it_is():
    said = {header for *_, header in rows()}
    for path in source.public_headers():
        if module_of(path) and path not in said:
            yield f"{path}: names no specification"


def every_module_has_its_script():
    for header in sorted({header for *_, header in rows()}):
        module = module_of(header)
        if module:
            script = module.replace("lib/", "tests/").replace("_", "-")[:-2] + ".xmpp"
            if not os.path.exists(in_tree(script)):
                yield f"{header} implements {what_of(header)}, and there is no {script}"


def what_of(header):
    return ", ".join(row[0] for row in rows() if row[4] == header)


def the_list_is_true():
    if source.read(LIST) != table():
        yield f"{LIST} is not what the headers say: tests/lint/extensions.py --write"


def the_doap_is_true():
    if source.read(DOAP) != doap():
        yield f"{DOAP} is not what the headers say: tests/lint/extensions.py --write"


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        for name, text in ((LIST, table()), (DOAP, doap())):
            with open(in_tree(name), "w", encoding="utf-8") as file:
                file.write(text)
        sys.exit()
    tap.run([
        ("extensions: every line can be read", every_line_can_be_read),
        ("extensions: every module says what it implements", every_module_says_what_it_is),
        ("extensions: every module has its script", every_module_has_its_script),
        ("extensions: the list is what the headers say", the_list_is_true),
        ("extensions: so is the DOAP file", the_doap_is_true),
    ])
