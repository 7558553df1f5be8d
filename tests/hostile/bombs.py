# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a nameserver can do to hurt, beyond lying (lies.py): flood, drip, and fill its answers. The
same form: of a question, what is sent."""
import struct

from lies import Pause, Pieces, to_tcp, truth
from wire import encode_record

PIECE, MOMENT_S = 32, 0.002


def wrong(question, salt):
    """An answer as the right one, but for its number."""
    return question.answer(number=(question.number + 1 + salt) & 0xffff)


def flood(rounds):
    """Wrong ids from where the right answer comes from, faster than they are waited for."""
    def lie(question):
        for one in range(rounds):
            yield from (wrong(question, one * PIECE + salt) for salt in range(PIECE))
            yield Pause(MOMENT_S)
        yield question.answer()
    return lie


def drip(question):
    yield Pieces(question.answer(), 1, 0.02)


def drip_for_ever(question):
    """It announces 65,535 bytes."""
    yield Pieces(question.answer() + bytes(65535 - len(question.answer())), 1, 0.02)


def full(question, make):
    """All that one message can hold of what make(number) gives."""
    room = 65535 - len(question.answer(records=[], status="NOERROR"))
    records = []
    while room > 0:
        records.append(make(len(records)))
        room -= len(encode_record(*records[-1]))
    return question.answer(records=records[:-1], status="NOERROR")


def many_addresses(question):
    """4,000 and more; those that have a name of their own are for nobody."""
    def address(number):
        text = f"2001:db8::{number:x}" if question.type == "AAAA" else (
            f"127.1.{number >> 8 & 255}.{number & 255}")
        return question.name, question.type, text
    yield full(question, address)


def aliases_backwards(question):
    """A chain as long as fits, each link behind the one that leads to it."""
    yield full(question, lambda number: (f"{number}.x." if number else question.name, "CNAME",
                                         f"{number + 1}.x."))


def many_aliases(question):
    """Of the name that is asked for, to as many others."""
    yield full(question, lambda number: (question.name, "CNAME", f"{number}.x."))


def alias_on(question):
    """To a name that has to be asked for, as long as one asks."""
    labels = question.name.split(".")
    there = ".".join([f"a{question.before}{len(labels)}", *labels[-12:]])
    yield question.answer(records=[(question.name, "CNAME", there)], status="NOERROR")


def pointers(question):
    """As many records as can be announced, whose names point at the question."""
    octets = bytearray(question.answer(records=[], edns=False))
    struct.pack_into("!H", octets, 6, 0xffff)
    yield bytes(octets) + b"\xc0\x0c" * 30000


BOMBS = {
    "flood": (flood(150), truth),
    "flood for ever": (flood(1 << 20), truth),
    "drip": (to_tcp, drip),
    "drip for ever": (to_tcp, drip_for_ever),
    "many addresses": (to_tcp, many_addresses),
    "aliases backwards": (to_tcp, aliases_backwards),
    "many aliases": (to_tcp, many_aliases),
    "alias on": (alias_on, alias_on),
    "pointers": (to_tcp, pointers),
}
