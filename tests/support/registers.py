#!/usr/bin/env python3
"""registers - a server of register files on loopback: `registers.py FOLDER [CERT KEY [CLIENTS]]`.

Writes its port to the file `port`. What it serves lies in FOLDER, with ETag, Last-Modified and
ranges. Each request becomes a line of `asked`: path, Range, If-Range, If-None-Match, status. The
first part of a path says how it misbehaves:
  break/N/X   breaks off in the middle of its first N answers
  stall/X     sends half, then nothing
  more/X      promises more than it has, and breaks off
  range/X     sends another part than it is asked for
  change/X    breaks off once, then the file is another
  bare/X      names no state, and breaks off once
  open/X      says no length, and ends the connection in due form
  cut/X       says no length, sends half, and cuts the connection
  bad/X       the same, but before it sends anything
  busy/X      503 once, with Retry-After
  gate/X      writes the file `waiting` before its answer, or in the middle of it, and goes on when
              there is a file `gate`
  away/X      redirects to http elsewhere        home/X   redirects to the file
With CLIENTS (a PEM file) only who shows a certificate of it is let in. With OLD_TLS in the environment
it speaks TLS 1.1 at most.
"""
import hashlib
import http.server
import os
import ssl
import sys
import time
import warnings

seen = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        words = self.path.split("?")[0].strip("/").split("/")
        kind = words[0] if len(words) > 1 else ""
        count = seen[self.path] = seen.get(self.path, 0) + 1
        try:
            with open(os.path.join(sys.argv[1], words[-1]), "rb") as file:
                body = file.read()
        except OSError:
            self.answer(404, b"no")
            return
        if kind == "busy" and count == 1:
            self.answer(503, b"later", {"Retry-After": "1"})
        elif kind == "away":
            self.answer(302, b"", {"Location": "http://192.0.2.1/" + words[-1]})
        elif kind == "home":
            self.answer(302, b"", {"Location": f"https://127.0.0.1:{self.server.server_port}/{words[-1]}"})
        else:
            if kind == "change" and count > 1:
                body = body + b"\n"
            self.serve(kind, count, body, int(words[1]) if kind == "break" else 1)

    def serve(self, kind, count, body, breaks):
        tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        headers = {} if kind == "bare" else {"ETag": tag, "Last-Modified": "Thu, 26 Nov 2026 08:00:00 GMT"}
        if self.headers.get("If-None-Match") == tag:
            self.answer(304, None, headers)
            return
        status, start = 200, 0
        asked = self.headers.get("Range", "")
        if asked.startswith("bytes=") and self.headers.get("If-Range") == tag:
            status, start = 206, int(asked[6:].rstrip("-")) - (1 if kind == "range" else 0)
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        broken = kind in ("break", "change", "bare", "range") and count <= breaks
        if kind in ("open", "cut", "bad"):
            self.send_open({"open": body, "cut": body[:len(body) // 2], "bad": b""}[kind], kind == "open")
            return
        self.answer(status, body[start:], headers, cut=broken or kind == "stall",
                    more=1000 if kind == "more" else 0, stall=kind == "stall")

    def answer(self, status, body, headers=None, cut=False, more=0, stall=False):
        with open("asked", "a", encoding="utf-8") as file:
            print(self.path, *(self.headers.get(name, "-") for name in ("Range", "If-Range", "If-None-Match")),
                  status, file=file, flush=True)
        gated = self.path.startswith("/gate/")
        if gated and body is None:
            self.gate()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body) + more))
        self.end_headers()
        if body is None:
            return
        self.wfile.write(body[:len(body) // 2] if cut or gated else body)
        self.wfile.flush()
        if gated:
            self.gate()
            self.wfile.write(body[len(body) // 2:])
        if stall:
            time.sleep(20)
        if cut or more:
            self.close_connection = True

    def send_open(self, body, whole):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        if whole:
            try:
                self.connection.unwrap()
            except OSError: # the other side does not say good-bye
                pass

    def gate(self):
        open("waiting", "w", encoding="ascii").close()
        while not os.path.exists("gate"):
            time.sleep(0.01)

    def log_message(self, *_):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if "OLD_TLS" in os.environ:
            warnings.simplefilter("ignore")
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        if len(sys.argv) > 4:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(sys.argv[4])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with open("port.new", "w", encoding="ascii") as file:
        file.write(str(server.server_address[1]))
    os.rename("port.new", "port")
    server.serve_forever()


main()
