# SPDX-License-Identifier: LGPL-2.1-or-later
"""DNS messages (RFC 1035 4), as far as the tests need them, and a client that asks one question.
Shares nothing with the library, so that a mistake in one is seen by the other."""
import ipaddress
import os
import socket
import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "TXT": 16, "AAAA": 28, "SRV": 33, "OPT": 41,
         "RRSIG": 46, "TLSA": 52}
STATUS = {"NOERROR": 0, "FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4, "REFUSED": 5,
          "BADVERS": 16}
QR, AA, TC, RD, RA, AD = 0x8000, 0x400, 0x200, 0x100, 0x80, 0x20
UDP_SIZE = 1232


def name_of_number(table, number):
    return next((name for name, known in table.items() if known == number), str(number))


def encode_name(name):
    labels = [label.encode() for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def decode_name(message, at):
    """The name, with the dot at its end, and where it ends. A pointer goes backwards only."""
    labels, end = [], 0
    while message[at]:
        if message[at] < 0xc0:
            labels.append(message[at + 1:at + 1 + message[at]].decode())
            at += 1 + message[at]
            continue
        end = end or at + 2
        target = struct.unpack_from("!H", message, at)[0] & 0x3fff
        if target >= at:
            raise ValueError("a pointer that does not go backwards")
        at = target
    return ".".join(labels) + ".", end or at + 1


def encode_data(kind, text):
    """The data of a record, from the form of a zone file."""
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(text).packed
    if kind == "CNAME":
        return encode_name(text)
    first, second, third, rest = text.split()
    numbers = int(first), int(second), int(third)
    if kind == "SRV":
        return struct.pack("!HHH", *numbers) + encode_name(rest)
    return bytes(numbers) + bytes.fromhex(rest)


def decode_data(kind, message, at, end):
    """The data of a record, in the form of a zone file."""
    if kind in ("A", "AAAA"):
        return str(ipaddress.ip_address(message[at:end]))
    if kind == "CNAME":
        return decode_name(message, at)[0]
    if kind == "SRV":
        numbers = struct.unpack_from("!HHH", message, at)
        return "{} {} {} {}".format(*numbers, decode_name(message, at + 6)[0])
    if kind == "TLSA":
        return "{} {} {} {}".format(*message[at:at + 3], message[at + 3:end].hex())
    return message[at:end].hex()


def encode_record(name, kind, text, ttl=60):
    data = encode_data(kind, text)
    return encode_name(name) + struct.pack("!HHIH", TYPES[kind], 1, ttl, len(data)) + data


def encode_opt(size=UDP_SIZE, extended=0):
    """EDNS0 (RFC 6891 6.1); `extended` is the upper part of the status."""
    return b"\0" + struct.pack("!HHBBHH", TYPES["OPT"], size, extended, 0, 0, 0)


def encode_question(number, name, kind, edns=True, flags=RD | AD):
    return (struct.pack("!HHHHHH", number, flags, 1, 0, 0, int(edns)) + encode_name(name)
            + struct.pack("!HH", TYPES[kind], 1) + (encode_opt() if edns else b""))


class Message:
    """A message taken apart: `records` are (name, type, text) of the answer section."""

    def __init__(self, octets):
        self.octets = octets
        self.number, self.flags, n_questions, n_answers, n_authority, n_additional = (
            struct.unpack_from("!HHHHHH", octets))
        if n_questions != 1:
            raise ValueError(f"{n_questions} questions")
        self.name, at = decode_name(octets, 12)
        self.type = name_of_number(TYPES, struct.unpack_from("!H", octets, at)[0])
        self.end_of_question = at = at + 4
        self.records, self.has_edns, status = [], False, self.flags & 15
        for index in range(n_answers + n_authority + n_additional):
            name, at = decode_name(octets, at)
            number, _, ttl, size = struct.unpack_from("!HHIH", octets, at)
            at, kind = at + 10, name_of_number(TYPES, number)
            if index < n_answers:
                self.records.append((name, kind, decode_data(kind, octets, at, at + size)))
            if kind == "OPT":
                self.has_edns, status = True, status | ttl >> 24 << 4
            at += size
        self.status = name_of_number(STATUS, status)

    def has(self, flag):
        return bool(self.flags & flag)

    def texts(self, kind=None):
        """The data of the records of that type, which is else the one that was asked for."""
        return [text for _, found, text in self.records if found == (kind or self.type)]


def ask(server, name, kind, tcp=False, edns=True, patience=5):
    """Asks (address, port) that one question; the Message that answers it."""
    number = int.from_bytes(os.urandom(2), "big")
    question = encode_question(number, name, kind, edns)
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) as sock:
        sock.settimeout(patience)
        sock.connect(server)
        sock.sendall(framed(question) if tcp else question)
        answer = Message(read_framed(sock) if tcp else sock.recv(65535))
    if not answer.has(QR) or (answer.number, answer.name.lower(), answer.type) != (
            number, name.rstrip(".").lower() + ".", kind):
        raise ValueError("the answer to another question")
    return answer


def framed(message):
    """As it is sent by TCP (RFC 1035 4.2.2)."""
    return struct.pack("!H", len(message)) + message


def read_framed(sock):
    """The next message of a TCP connection; raises EOFError at its end."""
    return read_exactly(sock, struct.unpack("!H", read_exactly(sock, 2))[0])


def read_exactly(sock, size):
    got = b""
    while len(got) < size:
        piece = sock.recv(size - len(got))
        if not piece:
            raise EOFError
        got += piece
    return got
