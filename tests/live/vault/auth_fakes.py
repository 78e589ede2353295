#!/usr/bin/env python3
"""What OpenBao asks in turn when somebody logs in, where there is no real one here; and keys to log in with.

    auth_fakes.py FOLDER

Writes into FOLDER: client.pem and other.pem (a certificate with its key, each), issuer.pem (a public key), and tokens
signed with its private key: jwt, jwt-expired, jwt-stranger (another key's), service-account and service-account-stranger
(as Kubernetes makes them).
Listens on free ports of 127.0.0.1, prints "NAME PORT" for each and "ready", and ends when its standard input does:

    ldap      a directory in which cn=ann,ou=people has the password "right"
    cluster   a Kubernetes API that knows the token in service-account, and nothing but TokenReview
"""

import base64
import datetime
import http.server
import io
import json
import socketserver
import sys
import threading
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def write_certificate(path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, path.stem)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, hashes.SHA256()))
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def part(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=")


def signed(key, claims):
    text = part(b'{"alg":"RS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    return text + b"." + part(key.sign(text, padding.PKCS1v15(), hashes.SHA256()))


def write_tokens(folder):
    issuer, stranger = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    (folder / "issuer.pem").write_bytes(issuer.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    now = int(time.time())
    claims = {"iss": "locket-tests", "sub": "billing", "aud": ["vault"], "iat": now - 60, "exp": now + 3600}
    (folder / "jwt").write_bytes(signed(issuer, claims) + b"\n")
    (folder / "jwt-expired").write_bytes(signed(issuer, {**claims, "iat": now - 7200, "exp": now - 3600}))
    (folder / "jwt-stranger").write_bytes(signed(stranger, claims))
    for name, account in {"service-account": "billing", "service-account-stranger": "other"}.items():
        (folder / name).write_bytes(signed(issuer, {
            **claims, "sub": f"system:serviceaccount:apps:{account}",
            "kubernetes.io": {"namespace": "apps", "serviceaccount": {"name": account, "uid": "uid-1"}}}))


class Cluster(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = review["spec"]["token"] == self.server.token
        status = {"authenticated": True, "audiences": review["spec"].get("audiences", []),
                  "user": {"username": "system:serviceaccount:apps:billing", "uid": "uid-1",
                           "groups": ["system:serviceaccounts"]}} if known else {"error": "unknown token"}
        body = json.dumps({**review, "status": status}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def element(tag, content):
    return bytes([tag, len(content)]) + content  # none of ours has more than 127 bytes


def take(stream):
    """The tag and content of the next BER element (RFC 4511, 5.1)."""
    tag, size = stream.read(1), stream.read(1)
    if not tag or not size:
        return None, b""
    length = size[0]
    if length & 0x80:
        length = int.from_bytes(stream.read(length & 0x7F), "big")
    return tag[0], stream.read(length)


def elements(content):
    stream = io.BytesIO(content)
    found = []
    while (one := take(stream))[0] is not None:
        found.append(one)
    return found


class Directory(socketserver.StreamRequestHandler):
    BIND, UNBIND, SEARCH = 0x60, 0x42, 0x63
    SUCCESS, INVALID_CREDENTIALS = 0, 49

    def handle(self):
        while True:
            tag, message = take(self.rfile)
            if tag is None:
                return
            (_, number), (operation, content) = elements(message)[:2]
            if operation == self.UNBIND:
                return
            result = self.SUCCESS
            if operation == self.BIND:
                (_, name), (_, password) = elements(content)[1:3]
                if (name, password) != (b"cn=ann,ou=people", b"right"):
                    result = self.INVALID_CREDENTIALS
            body = element(0x0A, bytes([result])) + element(0x04, b"") + element(0x04, b"")
            answer = 0x65 if operation == self.SEARCH else 0x61
            self.wfile.write(element(0x30, element(0x02, number) + element(answer, body)))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def main():
    folder = Path(sys.argv[1])
    write_certificate(folder / "client.pem")
    write_certificate(folder / "other.pem")
    write_tokens(folder)
    servers = {"ldap": Server(("127.0.0.1", 0), Directory),
               "cluster": http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cluster)}
    servers["cluster"].token = (folder / "service-account").read_text()
    for name, server in servers.items():
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(name, server.server_address[1])
    print("ready 0", flush=True)
    sys.stdin.read()


main()
