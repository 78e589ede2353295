#!/usr/bin/env python3
"""A service that wants an API key, for http_client.cpp:   api_server.py KEY_FILE LOG

Answers 200 to requests with "Authorization: Bearer" and what KEY_FILE holds at that moment, 401 to all others. Writes a
line for each to LOG: the path and the status. Prints its port, and ends with its standard input.
"""
import hmac
import http.server
import pathlib
import sys
import threading

key_file, log = (pathlib.Path(argument) for argument in sys.argv[1:])


class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        wanted = f"Bearer {key_file.read_text()}"
        status = 200 if hmac.compare_digest(self.headers.get("Authorization", ""), wanted) else 401
        with log.open("a") as lines:
            print(self.path, status, file=lines)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
