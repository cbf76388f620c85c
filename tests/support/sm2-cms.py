#!/usr/bin/python3
"""sm2-cms - a detached signature by SM2 with SM3, put together byte by byte around what openssl
signs: sm2-cms.py KEY CERTIFICATE FILE SIGNATURE [gm]. With "gm" in the form of GB/T 35275."""
import hashlib
import subprocess
import sys
import tempfile

DISTINGUISHING_ID = "1234567812345678"


def tlv(tag, *parts):
    inside = b"".join(parts)
    size = len(inside)
    if size < 128:
        return bytes([tag, size]) + inside
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + inside


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    body = bytes([40 * first + second])
    for number in rest:
        septets = [number & 0x7F]
        while number > 0x7F:
            number >>= 7
            septets.append(number & 0x7F | 0x80)
        body += bytes(reversed(septets))
    return tlv(6, body)


def inside(der, count=1):
    """The values in a sequence, the first `count` of them, each with its header."""
    values = []
    at = 2 if der[1] < 128 else 2 + (der[1] & 0x7F)
    for _ in range(count):
        size, header = der[at + 1], 2
        if size >= 128:
            header = 2 + (size & 0x7F)
            size = int.from_bytes(der[at + 2:at + header], "big")
        values.append(der[at:at + header + size])
        at += header + size
    return values


def sign(key, content):
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-digest", "sm3", "-inkey", key,
                               "-pkeyopt", "distid:" + DISTINGUISHING_ID, "-in", file.name],
                              check=True, capture_output=True).stdout


def main():
    key, certificate, name, out = sys.argv[1:5]
    kind = "1.2.156.10197.6.1.4.2." if sys.argv[5:] == ["gm"] else "1.2.840.113549.1.7."
    with open(name, "rb") as file:
        content = file.read()
    der = subprocess.run(["openssl", "x509", "-in", certificate, "-outform", "DER"], check=True,
                         capture_output=True).stdout
    _, serial, _, issuer = inside(inside(der)[0], 4)
    sm3 = tlv(0x30, oid("1.2.156.10197.1.401"))
    attributes = (tlv(0x30, oid("1.2.840.113549.1.9.3"), tlv(0x31, oid(kind + "1")))
                  + tlv(0x30, oid("1.2.840.113549.1.9.4"),
                        tlv(0x31, tlv(4, hashlib.new("sm3", content).digest()))))
    signer = tlv(0x30, b"\x02\x01\x01", tlv(0x30, issuer, serial), sm3, tlv(0xA0, attributes),
                 tlv(0x30, oid("1.2.156.10197.1.501")), tlv(4, sign(key, tlv(0x31, attributes))))
    signed = tlv(0x30, b"\x02\x01\x01", tlv(0x31, sm3), tlv(0x30, oid(kind + "1")), tlv(0xA0, der),
                 tlv(0x31, signer))
    with open(out, "wb") as file:
        file.write(tlv(0x30, oid(kind + "2"), tlv(0xA0, signed)))


main()
