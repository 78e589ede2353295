#!/usr/bin/env python3
"""A small HTTP server on real sockets that answers as hostile servers do; the path says how.

    http_fake.py FOLDER

Makes certificates in FOLDER (ca.pem, client.pem, client2.pem, self.pem), listens on free ports of 127.0.0.1, prints
"NAME PORT" for each and "ready", and ends when its standard input does. Ports:

    plain, elsewhere   http
    tls                a certificate for localhost and 127.0.0.1, signed by ca.pem
    mtls               the same, and wants a client certificate of that authority
    self, expired, early, wrong_host, untrusted, tls11    what is wrong with their certificate, or TLS
    silent             accepts, and says nothing
    refused            nobody listens there
"""

import base64
import datetime
import functools
import gzip
import itertools
import ipaddress
import json
import socket
import ssl
import struct
import sys
import threading
import time
import warnings
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.1 is what the test is about


class Authority:
    """Signs certificates; all keys are P-256, which is quick to make."""

    def __init__(self, name):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = build(self.name, self.name, self.key, self.key, days=(-1, 30), authority=True)

    def sign(self, name, hosts=(), days=(-1, 30), client=False):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return pem(build(subject, self.name, key, self.key, days, hosts, client=client)) + pem_key(key)

    def pem(self):
        return pem(self.certificate)


def build(subject, issuer, key, signer, days, hosts=(), authority=False, client=False):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=days[0]))
        .not_valid_after(now + datetime.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if not authority:
        usage = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([host_name(host) for host in hosts]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def host_name(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def pem_key(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def server_context(path, minimum=ssl.TLSVersion.TLSv1_2, maximum=ssl.TLSVersion.MAXIMUM_SUPPORTED):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if maximum == ssl.TLSVersion.TLSv1_1:
        context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = minimum
    context.maximum_version = maximum
    context.load_cert_chain(path)
    return context


class Counters:
    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {}

    def add(self, key):
        with self.lock:
            self.counts[key] = self.counts.get(key, 0) + 1
            return self.counts[key]

    def get(self, key):
        with self.lock:
            return self.counts.get(key, 0)


COUNTERS = Counters()
IDLE = []
# What /reset/N and /cut/N send the first N bytes of.
WHOLE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 35\r\n\r\n{"data":{"value":"not-all-of-it!"}}'


def answer(status, body=b"", headers=()):
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class NotHttp(Exception):
    pass


class Request:
    def __init__(self, reader):
        head = reader.readline()
        if not head:
            raise EOFError
        try:
            self.method, self.target, _ = head.decode("latin-1").split(" ", 2)
        except ValueError:
            raise NotHttp from None
        self.headers = []
        for line in iter(reader.readline, b"\r\n"):
            if not line:
                raise EOFError
            name, _, value = line.decode("latin-1").rstrip("\r\n").partition(":")
            self.headers.append([name, value.strip()])
        self.body = reader.read(int(self.header("content-length") or 0))

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), None)


class Connection:
    def __init__(self, name, sock):
        self.name, self.sock, self.served = name, sock, 0
        self.reader = sock.makefile("rb")

    def run(self):
        while True:
            request = Request(self.reader)
            if request.method == "CONNECT":
                self.refuse_tunnel(request)
                continue
            path = request.target.partition("?")[0].split("/")[1:]
            COUNTERS.add(request.target)
            handler = getattr(self, "do_" + path[0].replace("-", "_"), None)
            self.served += 1
            if handler is None:
                self.send(answer(404, b'{"errors":[]}'))
            elif handler(request, *path[1:]) is False:
                return

    def refuse_tunnel(self, request):
        COUNTERS.add("tunnels")
        COUNTERS.add("credentials told to the proxy" if request.header("x-vault-token") else "silent tunnels")
        self.send(answer(404))

    def send(self, data):
        self.sock.sendall(data)

    def drip(self, data):
        for i in range(len(data)):
            self.send(data[i : i + 1])
            time.sleep(1)

    # Plain answers.

    def do_echo(self, request, *_):
        peer = self.sock.getpeercert() if isinstance(self.sock, ssl.SSLSocket) else None
        names = [value for part in (peer or {}).get("subject", ()) for key, value in part if key == "commonName"]
        said = {"method": request.method, "target": request.target, "headers": request.headers, "peer": names,
                "body": base64.b64encode(request.body).decode(), "connection": self.served}
        body = b"" if request.method == "HEAD" else json.dumps(said).encode()
        self.send(answer(200, body, ["Date: Sun, 06 Nov 1994 08:49:37 GMT"]))

    def do_mirror(self, request, cut=None):
        """The token and the body as they came, or the first half of them."""
        said = answer(200, json.dumps({"token": request.header("x-vault-token"), "body": request.body.decode()}).encode())
        self.send(said[: len(said) // 2] if cut else said)
        return not cut

    def do_status(self, _, status, *__):
        self.send(answer(int(status), b"" if status == "204" else b'{"errors":["as asked"]}'))

    def do_count(self, _, *path):
        self.send(answer(200, str(COUNTERS.get("/" + "/".join(path))).encode()))

    def do_counter(self, _, name):
        self.send(answer(200, str(COUNTERS.get(name.replace("%20", " "))).encode()))

    def do_big(self, _, size):
        self.send(answer(200, b"x" * int(size)))

    def do_wait(self, _, milliseconds, *__):
        time.sleep(int(milliseconds) / 1000)
        self.send(answer(200, b"{}"))

    def do_hints(self, *_):
        self.send(b"HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n" + answer(200, b"{}", ["X-Late: yes"]))

    def do_trailers(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: yes\r\n\r\n")

    def do_challenges(self, *_):
        self.send(answer(401, b"", ["WWW-Authenticate: Basic", "WWW-Authenticate: Bearer scope=x"]))

    # Answers that should be tried again.

    def do_flaky(self, request, _, times, status="503"):
        if COUNTERS.get(request.target) > int(times):
            self.send(answer(200, b"{}"))
        else:
            self.send(answer(int(status), b"", ["Retry-After: 0"]))

    def do_retry_after(self, _, *value):
        self.send(answer(503, b"", ["Retry-After: " + "/".join(value).replace("_", " ")]))

    # Answers that are none.

    def do_redirect(self, _, status):
        self.send(answer(int(status), b"", [f"Location: http://127.0.0.1:{PORTS['elsewhere']}/echo/stolen"]))

    def do_endless(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            self.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    def do_endless_head(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.send(b"X-More: " + b"x" * 1000 + b"\r\n")

    def do_endless_line(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while True:
            self.send(b"x" * 1000)

    def do_endless_hints(self, *_):
        while True:
            self.send(b"HTTP/1.1 103 Early Hints\r\nX-More: " + b"x" * 1000 + b"\r\n\r\n")

    def do_gzip_bomb(self, *_):
        self.send(answer(200, gzip.compress(b"x" * (64 << 20)), ["Content-Encoding: gzip"]))

    def do_lying_length(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
        while True:
            self.send(b"x" * 0x10000)

    def do_drip(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        self.drip(b"x" * 1000)

    def do_drip_head(self, *_):
        self.drip(WHOLE)

    def do_hang(self, *_):
        self.reader.read()  # until the other side gives up
        return False

    def do_reset(self, _, count):
        self.send(WHOLE[: int(count)])
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def do_cut(self, _, count):
        self.send(WHOLE[: int(count)])
        return False

    def do_lose(self, *_):
        """The request arrived, and the connection is closed without an answer."""
        return False

    def do_lose_first(self, request, *_):
        """The first such request arrived, and the connection is closed without an answer; the second has one."""
        if COUNTERS.get(request.target) == 1:
            return False
        self.send(answer(200, b"{}"))
        return True

    def do_leave(self, *_):
        """Answers, promises to stay, and leaves."""
        self.send(answer(200, b"{}"))
        return False

    def do_html(self, *_):
        self.send(answer(200, b"<html><body>Please log in</body></html>", ["Content-Type: text/html"]))

    def do_deep(self, _, depth):
        self.send(answer(200, b'{"a":' * int(depth) + b"1" + b"}" * int(depth)))

    def do_junk(self, *_):
        self.send(b"SSH-2.0-OpenSSH_9.2p1\r\n")
        return False

    def do_idle(self, *_):
        """From now on this connection may be interrupted."""
        IDLE.append(self)
        self.send(answer(200, b"asked"))

    def do_interrupt(self, *_):
        """Says something on the connections that nothing was asked on."""
        while IDLE:
            IDLE.pop().send(answer(200, b"unasked"))
        self.send(answer(200))

    def do_folded(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nX-A: b\r\n c: d\r\nContent-Length: 2\r\n\r\n{}")

    def do_v1(self, request, mount, what, *path):
        """A Vault that answers more than anybody wants; the mount says of what."""
        if mount == "endless":
            return self.do_endless()
        self.send(answer(200, vault_says(mount, what, len(path), request.target.endswith("list=true"))))

    def do_folded_first(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\n folded: yes\r\nContent-Length: 0\r\n\r\n")

    def do_two_lengths(self, *_):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}")


@functools.cache
def vault_says(mount, what, depth, listing):
    if mount == "sys":  # sys/health
        return json.dumps({"initialized": True, "sealed": False, "padding": "x" * (300 << 10)}).encode()
    if listing:
        return json.dumps({"data": {"keys": vault_keys(mount, depth)}}, separators=(",", ":")).encode()
    if mount == "histories":
        return json.dumps({"data": {"versions": [0] * 900_000}}, separators=(",", ":")).encode()
    version = {"created_time": "2026-11-22T14:00:04Z", "deletion_time": "", "destroyed": False}
    return json.dumps({"data": {"current_version": 1, "versions": {"1": version}}}).encode()


def vault_keys(mount, depth):
    if mount == "histories":
        return [f"n{i:02}" for i in range(16)]
    if mount == "many":
        return [f"{i:036}" for i in range(100_000)] if depth else ["a/", "b/"]
    # As many as go into 4 MiB, and long names before them.
    short = ("".join(letters) for letters in itertools.product("abcdefghijklmnopqrstuvwxyz0123456789", repeat=4))
    return list(itertools.islice(short, 599_000)) if depth else [f"{i:0480}/" for i in range(8)]


def serve_connection(name, sock, context):
    sock.settimeout(60)
    try:
        if context:
            sock = context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
            sock.do_handshake()
        elif sock.recv(1, socket.MSG_PEEK) == b"\x16":
            raise NotHttp  # a TLS record: it may hold no line break that would end the reading of a line
        Connection(name, sock).run()
    except NotHttp:
        sock.sendall(answer(400, b"this is HTTP\n"))
    except ssl.SSLError:
        linger(sock)
    except (OSError, EOFError):
        pass  # the other side left, as it should
    finally:
        sock.close()


def linger(sock):
    """Closing with something unread would reset the connection, and the other side might never read the alert."""
    try:
        sock.settimeout(1)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(4096):
            pass
    except OSError:
        pass


def serve(name, listener, context):
    while True:
        sock, _ = listener.accept()
        COUNTERS.add("connections " + name)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if name == "silent":
            SILENT.append(sock)
            continue
        threading.Thread(target=serve_connection, args=(name, sock, context), daemon=True).start()


PORTS = {}
SILENT = []


def contexts(folder):
    def file(name, content):
        path = folder / name
        path.write_bytes(content)
        path.chmod(0o600)
        return path

    authority, other = Authority("fake authority"), Authority("another authority")
    file("ca.pem", authority.pem())
    file("other-ca.pem", other.pem())
    file("client.pem", authority.sign("first client", client=True))
    file("client2.pem", authority.sign("second client", client=True))
    file("foreign-client.pem", other.sign("foreign client", client=True))
    here = ("localhost", "127.0.0.1")
    good = file("server.pem", authority.sign("server", here))
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "itself")])
    own = build(name, name, key, key, (-1, 30), here)
    self_signed = file("self.pem", pem(own) + pem_key(key))
    mutual = server_context(good)
    mutual.verify_mode = ssl.CERT_REQUIRED
    mutual.load_verify_locations(folder / "ca.pem")
    old = ssl.TLSVersion.TLSv1_1
    return {
        "plain": None,
        "elsewhere": None,
        "silent": None,
        "tls": server_context(good),
        "mtls": mutual,
        "self": server_context(self_signed),
        "expired": server_context(file("expired.pem", authority.sign("old", here, days=(-30, -1)))),
        "early": server_context(file("early.pem", authority.sign("early", here, days=(10, 30)))),
        "wrong_host": server_context(file("wrong.pem", authority.sign("wrong", ("vault.example",)))),
        "untrusted": server_context(file("untrusted.pem", other.sign("untrusted", here))),
        "tls11": server_context(good, old, old),
    }


def main():
    for name, context in contexts(Path(sys.argv[1])).items():
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        PORTS[name] = listener.getsockname()[1]
        threading.Thread(target=serve, args=(name, listener, context), daemon=True).start()
    nobody = socket.socket()  # bound, so that nobody else gets it; not listening
    nobody.bind(("127.0.0.1", 0))
    PORTS["refused"] = nobody.getsockname()[1]
    for name, port in PORTS.items():
        print(name, port)
    print("whole", len(WHOLE))
    print("ready", 0, flush=True)
    sys.stdin.read()


main()
