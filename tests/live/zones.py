# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the private nameserver knows: zones below "test.", each domain in them a way to be reached,
or not to be. Text alone; who serves it is nameservers.py.

Addresses: 127.0.0.1 and ::1 answer; 127.0.0.2 refuses; 127.0.0.3 swallows what goes to the port of
STARTTLS. Ports are in braces: {c2s} and {tls} are Prosody's, {mixed} answers on 127.0.0.1 and is a
black hole on ::1, {unwelcome} knows no domain. What is not below "test.", such as "host.lame.",
nobody answers for."""
from collections import namedtuple

# `signing`: None, "good", "expired", or "strange" (the parent vouches for another key)
Zone = namedtuple("Zone", "name signing text")

# What is changed behind the back of the signatures: who believes the change gets in. {right} is the
# digest of the server's key.
FORGERY = {"127.0.0.66": "127.0.0.1", "66 66": "1 0", "66" * 32: "{right}"}

HOSTS = """
both            A     127.0.0.1
both            AAAA  ::1
four            A     127.0.0.1
six             AAAA  ::1
dead            A     127.0.0.2
hole            A     127.0.0.3
"""

# Not signed.
PLAIN = HOSTS + """
; --- which targets, in which order ---
_xmpp-client._tcp.one           SRV  0 0 {c2s} both
_xmpp-client._tcp.ordered       SRV  30 0 {c2s} third
_xmpp-client._tcp.ordered       SRV  10 0 {c2s} first
_xmpp-client._tcp.ordered       SRV  20 0 {c2s} second
first           A     127.0.0.1
second          A     127.0.0.1
third           A     127.0.0.1
_xmpp-client._tcp.weights       SRV  0 0  {c2s} never
_xmpp-client._tcp.weights       SRV  0 10 {c2s} seldom
_xmpp-client._tcp.weights       SRV  0 90 {c2s} often
never           A     127.0.0.1
seldom          A     127.0.0.1
often           A     127.0.0.1
_xmpp-client._tcp.zeroweights   SRV  0 0 {c2s} first
_xmpp-client._tcp.zeroweights   SRV  0 0 {c2s} second
_xmpp-client._tcp.zeroweights   SRV  0 0 {c2s} third

; --- direct TLS and STARTTLS (XEP-0368) ---
_xmpps-client._tcp.mixed        SRV  5  0 {tls} first
_xmpp-client._tcp.mixed         SRV  10 0 {c2s} second
_xmpps-client._tcp.mixed        SRV  20 0 {tls} third
_xmpp-client._tcp.mixed         SRV  30 0 {c2s} four
_xmpps-client._tcp.equal        SRV  10 1 {tls} first
_xmpp-client._tcp.equal         SRV  10 1 {c2s} second
_xmpps-client._tcp.direct       SRV  0 0 {tls} four
_xmpp-client._tcp.crossed       SRV  1 0 {tls} four
_xmpps-client._tcp.crossed      SRV  2 0 {c2s} four
_xmpps-client._tcp.crossed      SRV  3 0 {tls} four

; --- no service: what stands at the domain itself must not be tried ---
none                            A    127.0.0.1
_xmpp-client._tcp.none          SRV  0 0 0 .
_xmpps-client._tcp.none         SRV  0 0 0 .
onedot                          A    127.0.0.1
_xmpp-client._tcp.onedot        SRV  0 0 0 .
nostarttls                      A    127.0.0.1
_xmpp-client._tcp.nostarttls    SRV  0 0 0 .
_xmpps-client._tcp.nostarttls   SRV  0 0 {tls} four
nodirect                        A    127.0.0.1
_xmpp-client._tcp.nodirect      SRV  0 0 {c2s} four
_xmpps-client._tcp.nodirect     SRV  0 0 0 .

; --- no SRV: the domain itself, port 5222 ---
nosrv                           A    127.0.0.2
nosrvboth                       A    127.0.0.2
nosrvboth                       AAAA ::1
nothing                         TXT  "neither service nor address"

; --- families ---
_xmpp-client._tcp.v4            SRV  0 0 {c2s} four
_xmpp-client._tcp.v6            SRV  0 0 {c2s} six
_xmpp-client._tcp.v6hole        SRV  0 0 {mixed} both
_xmpp-client._tcp.families      SRV  0 0 {c2s} many
many            A     127.0.0.2
many            A     127.0.0.4
many            A     127.0.0.5
many            A     127.0.0.6
many            A     127.0.0.7
many            A     127.0.0.8
many            A     127.0.0.9
many            A     127.0.0.10
many            AAAA  ::1

; --- some do not answer ---
; the first refuses; the second is a black hole, and in front of the third by its family
_xmpp-client._tcp.third         SRV  1 0 {c2s} dead
_xmpp-client._tcp.third         SRV  2 0 {mixed} six
_xmpp-client._tcp.third         SRV  2 0 {c2s} four
_xmpp-client._tcp.alldead       SRV  1 0 {c2s} dead
_xmpp-client._tcp.alldead       SRV  2 0 {tls} dead
_xmpp-client._tcp.swallowed     SRV  0 0 {c2s} hole
_xmpp-client._tcp.unwelcome     SRV  1 0 {unwelcome} four
_xmpp-client._tcp.unwelcome     SRV  2 0 {c2s} four

; --- targets that are none ---
_xmpp-client._tcp.notarget      SRV  1 0 {c2s} nowhere
_xmpp-client._tcp.notarget      SRV  2 0 {c2s} nothing
_xmpp-client._tcp.notarget      SRV  3 0 {c2s} four
_xmpp-client._tcp.onlynotarget  SRV  1 0 {c2s} nowhere
_xmpp-client._tcp.port0         SRV  1 0 0 four
_xmpp-client._tcp.port0         SRV  2 0 {c2s} four
_xmpp-client._tcp.literal       SRV  1 0 {c2s} 127.0.0.1.
_xmpp-client._tcp.literal       SRV  2 0 {c2s} four
_xmpp-client._tcp.lametarget    SRV  1 0 {c2s} host.lame.
_xmpp-client._tcp.lametarget    SRV  2 0 {c2s} four

; --- aliases ---
_xmpp-client._tcp.alias         CNAME _xmpp-client._tcp.v4
_xmpp-client._tcp.aliases       CNAME alias1
alias1          CNAME alias2
alias2          CNAME alias3
alias3          CNAME _xmpp-client._tcp.v4
_xmpp-client._tcp.targetalias   SRV  0 0 {c2s} targetalias1
targetalias1    CNAME targetalias2
targetalias2    CNAME four
_xmpp-client._tcp.loop          CNAME loop1
loop1           CNAME loop2
loop2           CNAME loop1
_xmpp-client._tcp.targetloop    SRV  1 0 {c2s} loop1
_xmpp-client._tcp.targetloop    SRV  2 0 {c2s} four
_xmpp-client._tcp.dangling      CNAME nowhere
dangling        A     127.0.0.2
; one of the two questions fails
_xmpps-client._tcp.halflame     CNAME host.lame.
_xmpp-client._tcp.halflame      SRV  0 0 {c2s} four

; --- letters ---
_xmpp-client._tcp.letters       SRV  0 0 {c2s} FoUr
_xmpp-client._tcp.xn--bcher-kva SRV  0 0 {c2s} four
"""

# Signed; the parent vouches for it. No TLSA record where a comment does not say so.
SIGNED = HOSTS + """
_xmpp-client._tcp               SRV  0 0 {c2s} both
_xmpps-client._tcp.mixed        SRV  5 0 {tls} ee
_xmpp-client._tcp.mixed         SRV  6 0 {c2s} ee
_xmpp-client._tcp.none          SRV  0 0 0 .
_xmpps-client._tcp.none         SRV  0 0 0 .
nosrv                           A    127.0.0.2

; --- TLSA: the server's own key, its certificate, the authority ---
_xmpp-client._tcp.ee            SRV  0 0 {c2s} ee
ee              A     127.0.0.1
_{c2s}._tcp.ee  TLSA  3 1 1 {right}
_{tls}._tcp.ee  TLSA  3 1 1 {right}
_xmpps-client._tcp.eedirect     SRV  0 0 {tls} ee
_xmpp-client._tcp.eealias       SRV  0 0 {c2s} eealias
eealias         A     127.0.0.1
_{c2s}._tcp.eealias CNAME _{c2s}._tcp.ee
_xmpp-client._tcp.wrong         SRV  0 0 {c2s} wrong
wrong           A     127.0.0.1
_{c2s}._tcp.wrong TLSA 3 1 1 {wrong}
_xmpp-client._tcp.several       SRV  0 0 {c2s} several
several         A     127.0.0.1
_{c2s}._tcp.several TLSA 3 1 1 {wrong}
_{c2s}._tcp.several TLSA 255 255 255 00
_{c2s}._tcp.several TLSA 3 1 1 {right}
_xmpp-client._tcp.ta            SRV  0 0 {c2s} ta
ta              A     127.0.0.1
_{c2s}._tcp.ta  TLSA  2 0 1 {ca}
_xmpp-client._tcp.pkixta        SRV  0 0 {c2s} pkixta
pkixta          A     127.0.0.1
_{c2s}._tcp.pkixta TLSA 0 0 1 {ca}
_xmpp-client._tcp.pkixee        SRV  0 0 {c2s} pkixee
pkixee          A     127.0.0.1
_{c2s}._tcp.pkixee TLSA 1 1 1 {right}
_xmpp-client._tcp.pkixwrong     SRV  0 0 {c2s} pkixwrong
pkixwrong       A     127.0.0.1
_{c2s}._tcp.pkixwrong TLSA 1 1 1 {wrong}
_xmpp-client._tcp.unusable      SRV  0 0 {c2s} unusable
unusable        A     127.0.0.1
_{c2s}._tcp.unusable TLSA 255 255 255 00
_{c2s}._tcp.unusable TLSA 3 1 1 0066
_xmpp-client._tcp.next          SRV  1 0 {c2s} wrong
_xmpp-client._tcp.next          SRV  2 0 {c2s} ee

; --- who is not what the authority says: strangers' certificates ---
; of nobody we know, for another name, and out of date: usage 3 does not mind
_xmpp-client._tcp.stranger      SRV  0 0 {c2s} stranger
stranger        A     127.0.0.1
_{c2s}._tcp.stranger TLSA 3 1 1 {stranger}
_xmpp-client._tcp.strangerpkix  SRV  0 0 {c2s} strangerpkix
strangerpkix    A     127.0.0.1
_{c2s}._tcp.strangerpkix TLSA 1 1 1 {stranger}
; for the target's name, not for the domain's
_xmpp-client._tcp.target        SRV  0 0 {c2s} targethost
targethost      A     127.0.0.1
_{c2s}._tcp.targethost TLSA 2 0 1 {ca}
_xmpp-client._tcp.targetpkix    SRV  0 0 {c2s} four

; --- forged ---
_xmpp-client._tcp.forged        SRV  66 66 {c2s} four
_xmpp-client._tcp.forgedaddress SRV  0 0 {c2s} forgedaddress
forgedaddress   A     127.0.0.66
_xmpp-client._tcp.forgedtlsa    SRV  0 0 {c2s} forgedtlsa
forgedtlsa      A     127.0.0.1
_{c2s}._tcp.forgedtlsa TLSA 3 1 1 {forged}
_xmpp-client._tcp.forgedfirst   SRV  1 0 {c2s} forgedaddress
_xmpp-client._tcp.forgedfirst   SRV  2 0 {c2s} forgedtlsa
_xmpp-client._tcp.forgedfirst   SRV  3 0 {c2s} four

; --- out of the signed zone, and into it ---
_xmpp-client._tcp.leaving       SRV  0 0 {c2s} four.plain.test.
_xmpp-client._tcp.leavingalias  SRV  0 0 {c2s} leavingalias
leavingalias    CNAME ee.plain.test.
_{c2s}._tcp.leavingalias TLSA 3 1 1 {wrong}
"""

ENTERING = """
_xmpp-client._tcp.entering      SRV  0 0 {c2s} wrong.example.test.
ee              A     127.0.0.1
"""

ANYTHING = """
_xmpp-client._tcp               SRV  0 0 {c2s} four
four            A     127.0.0.1
"""


def selectors_and_matchings(associations):
    """A domain for each of them: ee00 to ee12, with usage 3."""
    lines = []
    for (selector, matching), data in associations.items():
        name = f"ee{selector}{matching}"
        lines += [f"_xmpp-client._tcp.{name} SRV 0 0 {{c2s}} {name}", f"{name} A 127.0.0.1",
                  f"_{{c2s}}._tcp.{name} TLSA 3 {selector} {matching} {data}"]
    return "\n".join(lines) + "\n"


def large(name, count):
    """A domain with so many targets, which share one address."""
    lines = [f"_xmpp-client._tcp.{name} SRV {number} 0 {{c2s}} {target(number)}"
             for number in range(count)]
    return "\n".join(lines) + "\n"


def target(number):
    return f"a-target-whose-name-is-rather-long-{number:03}"


def targets(count):
    return "\n".join(f"{target(number)} A 127.0.0.1" for number in range(count)) + "\n"


def zones(places, digests, associations):
    """The zones: `places` gives the ports and `digests` the hexadecimal words in braces;
    `associations` is {(selector, matching): hexadecimal} of the server's certificate."""
    def filled(text):
        return text.format(**places, **digests, wrong="99" * 32, forged="66" * 32)
    plain = PLAIN + ENTERING + large("large", 60) + large("huge", 300) + targets(300)
    return [
        Zone("test", "good", ""),
        Zone("plain.test", None, filled(plain)),
        Zone("example.test", "good", filled(SIGNED + selectors_and_matchings(associations))),
        Zone("bogus.test", "strange", filled(ANYTHING)),
        Zone("expired.test", "expired", filled(ANYTHING)),
    ]
