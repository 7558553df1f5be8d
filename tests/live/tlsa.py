# SPDX-License-Identifier: LGPL-2.1-or-later
"""What TLSA records say of a certificate (RFC 6698 2.1), computed without our code or GnuTLS."""
import hashlib
import re
import ssl

MATCHINGS = {0: lambda data: data, 1: lambda data: hashlib.sha256(data).digest(),
             2: lambda data: hashlib.sha512(data).digest()}
PUBLIC_KEY = 6  # the element of a version 3 TBSCertificate, from 0 (RFC 5280 4.1)


def associations(file):
    """{(selector, matching): hexadecimal} for the first certificate of a PEM file."""
    with open(file, encoding="ascii") as lines:
        found = re.search("-----BEGIN CERT.*?-----END CERT[^-]*-----", lines.read(), re.S)
    whole = ssl.PEM_cert_to_DER_cert(found[0])
    selected = {0: whole, 1: public_key(whole)}
    return {(selector, matching): compute(data).hex()
            for selector, data in selected.items() for matching, compute in MATCHINGS.items()}


def public_key(certificate):
    """Its SubjectPublicKeyInfo."""
    to_be_signed, _ = inside(certificate, 0)
    at, _ = inside(certificate, to_be_signed)
    for _ in range(PUBLIC_KEY):
        at = inside(certificate, at)[1]
    return certificate[at:inside(certificate, at)[1]]


def inside(der, at):
    """Where the content of the element begins that stands there, and where it ends."""
    size, start = der[at + 1], at + 2
    if size >= 0x80:
        start += size & 0x7f
        size = int.from_bytes(der[at + 2:start], "big")
    return start, start + size
