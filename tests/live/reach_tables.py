# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is to become of the domains of zones.py: what is planned, and what happens."""

# Domains below "test.", and what is planned for them: HOST:ADDRESS:PORT[:TLS] as in reach.py, TLS
# if it is not what the port is for; "|" between priorities, "~" in front of an order that is drawn.
PLANS = """
one.plain           both:6:c2s both:4:c2s
ordered.plain       first:4:c2s | second:4:c2s | third:4:c2s
weights.plain       ~ never:4:c2s seldom:4:c2s often:4:c2s
zeroweights.plain   ~ first:4:c2s second:4:c2s third:4:c2s
mixed.plain         first:4:tls | second:4:c2s | third:4:tls | four:4:c2s
equal.plain         ~ first:4:tls second:4:c2s
direct.plain        four:4:tls
crossed.plain       four:4:tls:starttls | four:4:c2s:direct | four:4:tls
nostarttls.plain    four:4:tls
nodirect.plain      four:4:c2s
nosrv.plain         nosrv:2:5222
nosrvboth.plain     nosrvboth:6:5222 nosrvboth:2:5222
v4.plain            four:4:c2s
v6.plain            six:6:c2s
v6hole.plain        both:6:mixed both:4:mixed
third.plain         dead:2:c2s | six:6:mixed four:4:c2s
alldead.plain       dead:2:c2s | dead:2:tls:starttls
swallowed.plain     hole:3:c2s
unwelcome.plain     four:4:unwelcome | four:4:c2s
notarget.plain      -nowhere | -nothing | four:4:c2s
port0.plain         -four | four:4:c2s
literal.plain       -127.0.0.1 | four:4:c2s
lametarget.plain    -host.lame | four:4:c2s
alias.plain         four:4:c2s
aliases.plain       four:4:c2s
targetalias.plain   targetalias1:4:c2s
targetloop.plain    -loop1 | four:4:c2s
dangling.plain      dangling:2:5222
letters.plain       four:4:c2s
b\u00fccher.plain   four:4:c2s
entering.plain      wrong.example.test:4:c2s
example             both:6:c2s both:4:c2s
mixed.example       ee:4:tls | ee:4:c2s
nosrv.example       nosrv:2:5222
ee.example          ee:4:c2s
eedirect.example    ee:4:tls
eealias.example     eealias:4:c2s
several.example     several:4:c2s
unusable.example    unusable:4:c2s
next.example        wrong:4:c2s | ee:4:c2s
forgedfirst.example -forgedaddress | -forgedtlsa | four:4:c2s
leaving.example     four.plain.test:4:c2s
leavingalias.example leavingalias:4:c2s
"""

# Nothing to try: the status of the questions for SRV, and what is left out.
NO_PLANS = {
    "none.plain": ({"found"}, []),
    "onedot.plain": ({"found", "no-name"}, []),
    "none.example": ({"found"}, []),
    "nothing.plain": ({"no-name"}, ["-nothing"]),
    "nowhere.plain": ({"no-name"}, ["-nowhere"]),
    "onlynotarget.plain": ({"found", "no-name"}, ["-nowhere"]),
    "forgedaddress.example": ({"found", "no-name"}, ["-forgedaddress"]),
    "forgedtlsa.example": ({"found", "no-name"}, ["-forgedtlsa"]),
}
# A question for SRV that fails ends it, whatever the other says.
FAILED = ["loop.plain", "halflame.plain", "forged.example", "bogus", "expired"]

# DNSSEC of the tries, and how many TLSA records decide.
DANE = {
    "one.plain": ("insecure", 0), "example": ("secure", 0), "ee.example": ("secure", 1),
    "eedirect.example": ("secure", 1), "eealias.example": ("secure", 1),
    "several.example": ("secure", 2), "wrong.example": ("secure", 1),
    "ta.example": ("secure", 1), "pkixta.example": ("secure", 1),
    "unusable.example": ("secure", 0), "leaving.example": ("insecure", 0),
    "leavingalias.example": ("insecure", 0), "entering.plain": ("insecure", 0),
}

# How each try of a domain ends that is not left as it was, in order: "won", "failed CODE",
# "cancelled", "left-out".
OUTCOMES = {
    "one.plain": ["won"],
    "ordered.plain": ["won"],
    "mixed.plain": ["won"],
    "direct.plain": ["won"],
    "crossed.plain": ["failed XMPP_E_.*", "failed XMPP_E_TLS.*", "won"],
    "nostarttls.plain": ["won"],
    "nodirect.plain": ["won"],
    "v4.plain": ["won"],
    "v6.plain": ["won"],
    "v6hole.plain": ["cancelled", "won"],
    "third.plain": ["failed XMPP_E_REFUSED", "cancelled", "won"],
    "unwelcome.plain": ["failed XMPP_E_STREAM", "won"],
    "notarget.plain": ["left-out", "left-out", "won"],
    "port0.plain": ["left-out", "won"],
    "lametarget.plain": ["left-out", "won"],
    "aliases.plain": ["won"],
    "targetalias.plain": ["won"],
    "letters.plain": ["won"],
    "b\u00fccher.plain": ["won"],
    "entering.plain": ["won"],
    "example": ["won"],
    "ee.example": ["won"],
    "eedirect.example": ["won"],
    "eealias.example": ["won"],
    "several.example": ["won"],
    "ta.example": ["won"],
    "pkixta.example": ["won"],
    "pkixee.example": ["won"],
    "unusable.example": ["won"],
    "next.example": ["failed XMPP_E_CERT_DANE", "won"],
    "stranger.example": ["won"],
    "target.example": ["won"],
    "forgedfirst.example": ["left-out", "left-out", "won"],
    "leaving.example": ["won"],
    "leavingalias.example": ["won"],
    **{f"ee{selector}{matching}.example": ["won"] for selector in "01" for matching in "012"},
    "alldead.plain": ["failed XMPP_E_REFUSED", "failed XMPP_E_REFUSED"],
    "wrong.example": ["failed XMPP_E_CERT_DANE"],
    "pkixwrong.example": ["failed XMPP_E_CERT_DANE"],
    "strangerpkix.example": ["failed XMPP_E_CERT_(UNTRUSTED|NAME|EXPIRED)"],
    "targetpkix.example": ["failed XMPP_E_CERT_NAME"],
}
# The same where the lab's authority is not trusted: DANE does without, or does not.
OUTCOMES_UNTRUSTED = {
    "ee.example": ["won"],
    "ta.example": ["won"],
    "stranger.example": ["won"],
    "pkixee.example": ["failed XMPP_E_CERT_UNTRUSTED"],
    "example": ["failed XMPP_E_CERT_UNTRUSTED", "failed XMPP_E_CERT_UNTRUSTED"],
}
