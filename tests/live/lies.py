# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a nameserver that lies makes of a question: the truth from a small table, given out wrongly,
late, twice, from elsewhere, or not at all. No socket: who says it is liar.py."""
import struct

from wire import (AA, AD, QR, RA, STATUS, TC, TYPES, Message, encode_name, encode_opt,
                  encode_record)

LATE_S = 0.3  # longer than any answer on loopback, shorter than anybody's patience


class Question(Message):
    """What was asked, by "udp" or "tcp", and how often that had been asked before."""

    def __init__(self, octets, over, records):
        super().__init__(octets)
        self.over, self.before, self.known = over, 0, records

    def answer(self, number=None, status=None, name=None, records=None, add=0, remove=0,
               edns=True):
        """The truth, but for what is said here; `records` are (name, type, text)."""
        found = self._true_records()
        if records is None:
            records = found or []
        if status is None:
            status = "NXDOMAIN" if found is None else "NOERROR"
        code = STATUS[status]
        flags = (QR | AA | RA | self.flags & 0x100 | code & 15 | add) & ~remove
        edns = edns and self.has_edns
        asked = self.octets[12:self.end_of_question]
        if name is not None:
            asked = encode_name(name) + asked[-4:]
        return b"".join([
            struct.pack("!HHHHHH", self.number if number is None else number, flags, 1,
                        len(records), 0, int(edns)),
            asked, *(encode_record(*record) for record in records),
            encode_opt(extended=code >> 4) if edns else b""])

    def _true_records(self):
        """None: there is no such name."""
        name = self.name.lower().rstrip(".")
        if not any(known == name for known, _ in self.known):
            return None
        return [(self.name, self.type, text) for text in self.known.get((name, self.type), [])]


class Pause:
    """In the place of an answer: nothing for so many seconds."""

    def __init__(self, seconds):
        self.seconds = seconds


class Elsewhere:
    """An answer that leaves by another port."""

    def __init__(self, octets):
        self.octets = octets


class Pieces:
    """By TCP: in pieces of so many bytes, so many seconds behind each other."""

    def __init__(self, octets, size, pause=0):
        self.octets, self.size, self.pause = octets, size, pause


# --- the lies: of a question, what is sent ---------------------------------------------------


def truth(question):
    yield question.answer()


def silence(_):
    yield Pause(None)


def closing(_):
    yield from ()


def late(question):
    yield Pause(LATE_S)
    yield question.answer()


def changed(also_right=False, **changes):
    """The changed answer; with `also_right`, the right one behind it. A change is a value, or what
    makes one of the question."""
    def lie(question):
        yield question.answer(**{what: value(question) if callable(value) else value
                                 for what, value in changes.items()})
        if also_right:
            yield question.answer()
    return lie


def without_edns(status):
    """Understands no EDNS0, and says so with that status."""
    def lie(question):
        if question.has_edns:
            yield question.answer(status=status, records=[], edns=status == "BADVERS")
        else:
            yield question.answer()
    return lie


def only_later(first):
    """Lies the first time that something is asked."""
    return lambda question: truth(question) if question.before else first(question)


def rubbish(question):
    yield struct.pack("!H", question.number) + b"\xff" * 62


def rubbish_first(question):
    yield from rubbish(question)
    yield question.answer()


def empty(_):
    yield b""


def cut(question):
    """In the middle of what it announces, without saying so."""
    yield question.answer(edns=False)[:-3]


def pointer_loop(question):
    """A record of the type that was asked for, whose name is a pointer to itself."""
    head = bytearray(question.answer(records=[], edns=False))
    struct.pack_into("!H", head, 6, 1)
    yield bytes(head) + struct.pack("!HHHIH", 0xc000 | len(head), TYPES[question.type], 1, 60,
                                    4) + bytes(4)


def elsewhere(question):
    yield Elsewhere(question.answer())


def elsewhere_first(question):
    yield Elsewhere(question.answer(records=[]))
    yield question.answer()


def twice(question):
    yield question.answer()
    yield question.answer()


def alias_loop(question):
    there = "other." + question.name
    yield question.answer(records=[(question.name, "CNAME", there),
                                   (there, "CNAME", question.name)], status="NOERROR")


def alias_chain(question):
    """Forty aliases, and then the truth."""
    names = [question.name] + [f"a{number}.{question.name}" for number in range(40)]
    aliases = [(one, "CNAME", other) for one, other in zip(names, names[1:])]
    true = [(names[-1], question.type, text) for text in
            question.known.get((question.name.lower().rstrip("."), question.type), [])]
    yield question.answer(records=aliases + true)


def huge(question):
    """All that one message can hold."""
    def record(number):
        return question.name, "SRV", f"{number} 0 5222 host{number:04}.{question.name}"
    count = (65535 - len(question.answer(records=[]))) // len(encode_record(*record(0)))
    yield question.answer(records=[record(number) for number in range(count)])


def slow(question):
    yield Pieces(question.answer(), 7)


def stranger(question):
    return "stranger." + question.name


def other_case(question):
    return question.name.swapcase()


to_tcp = changed(add=TC, records=[])

# What each does by UDP, and by TCP, where there is no need of it unless UDP has failed.
LIES = {
    "truth": (truth, truth),
    "silence": (silence, silence),
    "silent the first time": (only_later(silence), truth),
    "late": (late, late),
    "wrong id": (changed(number=lambda question: question.number ^ 1), truth),
    "wrong id first": (changed(True, number=lambda question: question.number ^ 1), truth),
    "wrong question": (changed(name=stranger), truth),
    "wrong question first": (changed(True, name=stranger), truth),
    "other case": (changed(name=other_case), truth),
    "other case always": (changed(name=other_case), changed(name=other_case)),
    "no QR": (changed(remove=QR), changed(remove=QR)),
    "rubbish": (rubbish, rubbish),
    "rubbish first": (rubbish_first, truth),
    "empty": (empty, empty),
    "cut": (cut, cut),
    "pointer loop": (pointer_loop, pointer_loop),
    "truncated": (to_tcp, truth),
    "truncated, TCP silent": (to_tcp, silence),
    "truncated, TCP closing": (to_tcp, closing),
    "truncated, TCP slow": (to_tcp, slow),
    "servfail": (changed(status="SERVFAIL", records=[]),) * 2,
    "servfail the first time": (only_later(changed(status="SERVFAIL", records=[])), truth),
    "refused": (changed(status="REFUSED", records=[]),) * 2,
    "no such name": (changed(status="NXDOMAIN", records=[]),) * 2,
    "formerr to EDNS": (without_edns("FORMERR"),) * 2,
    "notimp to EDNS": (without_edns("NOTIMP"),) * 2,
    "badvers to EDNS": (without_edns("BADVERS"),) * 2,
    "another port": (elsewhere, truth),
    "another port first": (elsewhere_first, truth),
    "twice": (twice, truth),
    "alias loop": (alias_loop, alias_loop),
    "alias chain": (to_tcp, alias_chain),
    "huge": (to_tcp, huge),
    "AD": (changed(add=AD), changed(add=AD)),
}
