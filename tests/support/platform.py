#!/usr/bin/env python3
"""platform - a national platform on loopback for the scripts: `platform.py CERT KEY [CLIENTS]`.

Writes its port to the file `port`. Each POST becomes a line of `received`: key, number, state,
operation. What it answers say files of the present folder, read at every request:
  refuse   numbers that get code 0        warn    numbers that get code 2
  status   "503 2": the next two get that status, with Retry-After 0
  answer   the body instead of a code     mute    the next request is taken and never answered
  hang     requests wait while it is there; "hung" tells that one does
With CLIENTS (a PEM file) only who shows a certificate of it is let in.
"""
import http.server
import json
import os
import ssl
import sys
import time


def words(name):
    try:
        with open(name, encoding="utf-8") as file:
            return file.read().split()
    except FileNotFoundError:
        return []


def countdown():
    status = words("status")
    if len(status) != 2 or int(status[1]) == 0:
        return None
    with open("status.new", "w", encoding="utf-8") as file:
        file.write(f"{status[0]} {int(status[1]) - 1}")
    os.rename("status.new", "status")
    return int(status[0])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        record = json.loads(body)
        with open("received", "a", encoding="utf-8") as file:
            print(self.headers.get("Idempotency-Key"), record["certNum"], record["certState"],
                  record["operateType"], file=file, flush=True)
        with open("last", "w", encoding="utf-8") as file:
            file.write(str(self.headers) + body.decode())
        if os.path.exists("mute"):
            os.rename("mute", "muted")
            self.close_connection = True
            return
        while os.path.exists("hang"):
            open("hung", "w", encoding="ascii").close()
            time.sleep(0.05)
        status = countdown()
        if status is not None:
            self.answer(status, "{}")
            return
        number = record["certNum"]
        code = 0 if number in words("refuse") else 2 if number in words("warn") else 1
        text = {0: "证书编号已存在 " + record["name"], 1: "", 2: "职务"}[code]
        own = words("answer")
        self.answer(200, " ".join(own) if own else json.dumps({"code": code, "message": text}, ensure_ascii=False))

    def answer(self, status, text):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        if status in (429, 503):
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    if len(sys.argv) > 3:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(sys.argv[3])
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with open("port.new", "w", encoding="utf-8") as file:
        print(server.server_address[1], file=file)
    os.rename("port.new", "port")
    server.serve_forever()


main()
