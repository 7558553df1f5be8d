#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the table behind xmpp_strerror() of the comments of enum xmpp_error_code."""
import re
import sys

source, target = sys.argv[1], sys.argv[2]
text = open(source, encoding="utf-8").read()
body = re.search(r"enum xmpp_error_code \{(.*?)\n\};", text, re.S).group(1)
body = re.sub(r"/\* .*?\*/", "", body, flags=re.S)
rows = re.findall(r"(XMPP_\w+)\s*=\s*(-?\d+)\s*,?\s*/\*\*<\s*(.*?)\s*\*/", body, re.S)
if len(rows) != body.count("XMPP_"):
    sys.exit("error.h: a code has no comment, or no value of its own")
if len({value for _, value, _ in rows}) != len(rows):
    sys.exit("error.h: two codes have the same value")
with open(target, "w", encoding="utf-8") as out:
    out.write("/* Made by gen-error-table.py of include/xmpp/error.h. */\n")
    for name, value, comment in rows:
        out.write('    {%s, "%s", "%s"},\n' % (value, name, " ".join(comment.split())))
