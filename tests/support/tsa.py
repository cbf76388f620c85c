#!/usr/bin/python3
"""tsa - a time-stamping authority on loopback, for tests: http before `openssl ts`.

    tsa.py CONF PORT-FILE PLAN        runs until it is killed

PORT-FILE gets the port. PLAN is a file that is read for each request: words, of which the request takes
the first and leaves the rest (the last one stays): `good`, `busy` (503), `garbage`, `refused` (the
authority says no), `stale` (a reply to another request), `silent` (no answer), `weak` and `sha1` (sections of CONF)."""
import http.server
import os
import subprocess
import sys
import tempfile
import threading
import time

conf, port_file, plan = sys.argv[1:4]
folder = tempfile.mkdtemp()
kept = {}
one_at_a_time = threading.Lock()  # plan, serial number and query are files


def next_word():
    with open(plan, encoding="utf-8") as file:
        words = file.read().split()
    if len(words) > 1:
        with open(plan, "w", encoding="utf-8") as file:
            file.write(" ".join(words[1:]))
    return words[0]


def reply(query, section):
    path = os.path.join(folder, "query")
    with open(path, "wb") as file:
        file.write(query)
    return subprocess.run(["openssl", "ts", "-reply", "-config", conf, "-section", section, "-queryfile", path],
                          capture_output=True, check=False).stdout


class Authority(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        status, body = 200, b"no time-stamp"
        with one_at_a_time:
            word = next_word()
            with open(plan + ".asked", "a", encoding="utf-8") as file:
                file.write("%s %s %s\n" % (word, self.headers["Content-Type"], self.client_address[1]))
            if word == "stale":
                body = kept["last"]
            elif word in ("good", "refused", "weak", "sha1"):
                body = reply(query, word)
                kept["last"] = body if word == "good" else kept.get("last")
        if word == "silent":
            time.sleep(3)
            self.close_connection = True
            return
        if word == "busy":
            status = 503
        self.send_response(status)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Authority)
with open(port_file + ".tmp", "w", encoding="utf-8") as file:
    file.write(str(server.server_address[1]))
os.rename(port_file + ".tmp", port_file)
server.serve_forever()
