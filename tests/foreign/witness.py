#!/usr/bin/python3
"""witness - a small witness (C2SP tlog-witness) for tests, on loopback; and a web server for a folder.

    witness.py serve FOLDER PORTFILE             the folder over http
    witness.py witness DIR PORTFILE              DIR holds: key.pem, name, log.pem, origin; `mode`,
                                                 read for each request; `state` (size root), written
                                                 before the answer; `requests`, one a line

Modes: honest, and the lies and failures that the log's side must stand: see `answer`. Signatures by
openssl, since Python has no Ed25519 of its own."""
import base64
import functools
import hashlib
import http.server
import os
import subprocess
import sys


def sha(data):
    return hashlib.sha256(data).digest()


def ed25519(args, text, signature=None):
    for name, data in (("text.tmp", text), ("signature.tmp", signature)):
        if data is not None:
            with open(name, "wb") as file:
                file.write(data)
    return subprocess.run(["openssl", "pkeyutl", "-rawin", "-in", "text.tmp", *args], capture_output=True, check=False)


def consistent(old_size, old_root, size, root, proof):
    """RFC 9162, 2.1.4.2."""
    if old_size == 0:
        return not proof
    if old_size == size:
        return not proof and old_root == root
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    proof = list(proof)
    if node == 0:
        proof.insert(0, old_root)
    if not proof:
        return False
    first = second = proof[0]
    for part in proof[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = sha(b"\1" + part + first), sha(b"\1" + part + second)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            second = sha(b"\1" + second + part)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read().strip()


def cosignature(key, name, text, time=1800000000):
    public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], capture_output=True, check=True).stdout[-32:]
    signature = ed25519(["-sign", "-inkey", key], b"cosignature/v1\ntime %d\n" % time + text).stdout
    content = sha(name.encode() + b"\n\4" + public)[:4] + time.to_bytes(8, "big") + signature
    return ("\u2014 %s %s\n" % (name, base64.b64encode(content).decode())).encode()


def honest(body):
    head, text, signatures = body.split(b"\n\n", 2)
    text += b"\n"
    old_size = int(head.split(b"\n")[0][4:])
    proof = [base64.b64decode(line) for line in head.split(b"\n")[1:]]
    origin, size, root = text.decode().split("\n")[:3]
    size, root = int(size), base64.b64decode(root)
    if origin != read("origin"):
        return 404, b""
    signature = base64.b64decode(signatures.split(b"\n")[0].split(b" ")[-1])[4:]
    if ed25519(["-verify", "-pubin", "-inkey", "log.pem", "-sigfile", "signature.tmp"], text, signature).returncode != 0:
        return 403, b""
    if old_size > size:
        return 400, b""
    seen, seen_root = read("state").split() if os.path.exists("state") else ("0", "")
    if old_size != int(seen):
        return 409, seen.encode() + b"\n"
    if not consistent(old_size, base64.b64decode(seen_root), size, root, proof):
        return (409, seen.encode() + b"\n") if old_size == size else (422, b"")
    with open("state.tmp", "w", encoding="utf-8") as file:
        file.write("%d %s" % (size, base64.b64encode(root).decode()))
    os.rename("state.tmp", "state")
    return 200, cosignature("key.pem", read("name"), text)


def answer(mode, body):
    text = body.split(b"\n\n", 2)[1] + b"\n"
    name = read("name")
    if mode == "honest":
        return honest(body)
    if mode.isdigit():  # a bare status
        return int(mode), b""
    return {
        "stranger": lambda: (200, cosignature("other.pem", name, text)),
        "other-text": lambda: (200, cosignature("key.pem", name, text.replace(b"\n", b"\nx", 1))),
        "longer-text": lambda: (200, b"more\n\n" + cosignature("key.pem", name, text + b"\nmore\n")),
        "other-name": lambda: (200, cosignature("key.pem", "else.example", text)),
        "among-others": lambda: (200, cosignature("other.pem", "else.example", text) + cosignature("key.pem", name, text)),
        "garbage": lambda: (200, b"\377\376 garbage"),
        "words": lambda: (200, b"thank you\n"),
        "empty": lambda: (200, b""),
        "endless": lambda: (200, b"x" * 1000000),
        "ahead": lambda: (409, b"1000000\n"),
        "no-size": lambda: (409, b"many\n"),
        "never-content": lambda: (409, b"%d\n" % (2 if body.startswith(b"old 1\n") else 1)),
    }[mode]()


class Witness(http.server.BaseHTTPRequestHandler):
    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open("requests", "a", encoding="utf-8") as file:
            file.write("%s %s\n" % (self.path, body.split(b"\n")[0].decode()))
        status, text = answer(read("mode"), body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        if status == 409:
            self.send_header("Content-Type", "text/x.tlog.size")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format, *args):  # noqa: A002
        pass


class Folder(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):  # noqa: A002
        pass


def main():
    kind, folder, port_file = sys.argv[1:4]
    handler = functools.partial(Folder, directory=folder) if kind == "serve" else Witness
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    with open(port_file + ".tmp", "w", encoding="utf-8") as file:
        file.write(str(server.server_port))
    os.rename(port_file + ".tmp", port_file)
    if kind == "witness":
        os.chdir(folder)
    server.serve_forever()


main()
