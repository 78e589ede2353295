"""What `locket` says of servers, mounts and versions that are not as they should be: doctor_test.py LOCKET

Runs beside tests/servers/with-openbao.sh, and starts a second server, which is not initialized, then sealed, then ready.
"""
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

LOCKET = sys.argv[1]
ADDRESS, CA, BAO = (os.environ[name] for name in ("LOCKET_OPENBAO_ADDR", "LOCKET_OPENBAO_CA", "LOCKET_OPENBAO"))
HOST = ADDRESS.removeprefix("https://")


def ask(address, method, path, body=None, token="root"):
    """The JSON of an answer."""
    context = ssl.create_default_context(cafile=CA) if address.startswith("https") else None
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}/v1/{path}", data, {"X-Vault-Token": token}, method=method)
    with urllib.request.urlopen(request, context=context, timeout=30) as answer:
        return json.loads(answer.read() or b"{}")


def run(store, *command, token="root"):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "VAULT_TOKEN": token}
    return subprocess.run([LOCKET, "--store", store, *command], capture_output=True, text=True, env=environment,
                          check=False, timeout=60)


def complains(store, status, *texts, token="root"):
    """That doctor fails with `status`, and says all of `texts`."""
    done = run(store, "doctor", token=token)
    said = done.stdout + done.stderr
    missing = [text for text in texts if text not in said]
    assert done.returncode == status and not missing, (store, done.returncode, missing, said)


def a_good_mount():
    done = run(f"vault://{HOST}/secret?ca={CA}", "doctor")
    assert done.returncode == 0 and "ok  health" in done.stdout and "ok  list" in done.stdout, done


def a_wrong_token():
    complains(f"vault://{HOST}/secret?ca={CA}", 4, "ok  health", "no  list", "token", token="s.0123456789abcdef")


def no_token():
    complains(f"vault://{HOST}/secret?ca={CA}", 4, "VAULT_TOKEN", token="")


def a_wrong_authority():
    done = run(f"vault://{HOST}/secret", "doctor")
    assert done.returncode == 6 and "no  health" in done.stdout and "hint:" in done.stderr, done


def a_wrong_port():
    complains("vault://127.0.0.1:1/secret", 6, "no  health", "127.0.0.1:1")


def plain_http_to_tls():
    done = run(f"vault+http://{HOST}/secret", "doctor")
    assert done.returncode != 0 and "no  health" in done.stdout, done


def a_mount_of_version_1():
    ask(ADDRESS, "POST", "sys/mounts/one", {"type": "kv", "options": {"version": "1"}})
    complains(f"vault://{HOST}/one?ca={CA}", 1, "no  list", "KV version 1", "enable-versioning one/")


def no_mount():
    complains(f"vault://{HOST}/nowhere?ca={CA}", 2, "no  list", "nothing is mounted at 'nowhere'")


def a_folder_for_a_mount():
    complains(f"vault://{HOST}/secret/apps?ca={CA}", 2, "'secret'", "write prefix=apps")


def a_path_of_the_api():
    for path in ("data/apps", "metadata/apps"):
        kind = path.split("/", maxsplit=1)[0]
        complains(f"vault://{HOST}/secret/{path}?ca={CA}", 2, "name the mount 'secret', and write prefix=apps",
                  f"leave '{kind}' out")
    complains(f"vault://{HOST}/secret/data?ca={CA}", 2, "name the mount 'secret': leave 'data' out")


def a_kv_mount_for_a_database():
    complains(f"vault-db://{HOST}/secret?ca={CA}", 2, "no  list", "no database engine")


def a_refused_folder():
    ask(ADDRESS, "POST", "sys/policies/acl/reader", {"policy": 'path "secret/data/*" { capabilities = ["read"] }'})
    token = ask(ADDRESS, "POST", "auth/token/create", {"policies": ["reader"]})["auth"]["client_token"]
    complains(f"vault://{HOST}/secret?ca={CA}", 4, "no  list", 'capabilities = ["list"]', token=token)


def a_destroyed_version():
    store = f"vault://{HOST}/secret?ca={CA}"
    for value in ("first", "second"):
        ask(ADDRESS, "POST", "secret/data/destroyed", {"data": {"value": value}})
    done = run(store, "rm", "destroyed")
    assert done.stderr == f"removed destroyed; `locket --store '{store}' undelete destroyed` brings it back\n", done
    ask(ADDRESS, "PUT", "secret/destroy/destroyed", {"versions": [2]})
    done = run(store, "rm", "destroyed")
    assert done.returncode == 0 and "undelete" not in done.stderr and "does not come back" in done.stderr, done
    done = run(store, "undelete", "destroyed")
    assert done.returncode == 5 and "destroyed" in done.stderr, done


def start_server(folder):
    """A server that nobody has initialized, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = folder / "config.hcl"
    config.write_text(f'storage "inmem" {{}}\nlistener "tcp" {{\n  address = "127.0.0.1:{port}"\n  tls_disable = true\n}}\n',
                      encoding="utf-8")
    server = subprocess.Popen([BAO, "server", f"-config={config}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={"HOME": str(folder), "PATH": os.environ["PATH"]})
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            ask(address, "GET", "sys/seal-status")
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return server, address


def a_server_coming_up():
    with tempfile.TemporaryDirectory() as folder:
        server, address = start_server(pathlib.Path(folder))
        try:
            store = f"vault+http://{address.removeprefix('http://')}/secret"
            complains(store, 6, "no  health", "not_initialized", "operator init")
            keys = ask(address, "PUT", "sys/init", {"secret_shares": 1, "secret_threshold": 1})
            complains(store, 6, "no  health", "sealed", "operator unseal", token=keys["root_token"])
            done = run(f"{store}?wait-ready=1s", "get", "a")
            assert done.returncode == 6 and "sealed" in done.stderr, done
            root = keys["root_token"]
            ask(address, "PUT", "sys/unseal", {"key": keys["keys"][0]})
            ask(address, "POST", "sys/mounts/secret", {"type": "kv", "options": {"version": "2"}}, root)
            ask(address, "PUT", "sys/seal", {}, root)
            waiting = subprocess.Popen([LOCKET, "--store", f"{store}?wait-ready=1m", "list"], stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, env={"HOME": "/nonexistent", "VAULT_TOKEN": root})
            ask(address, "PUT", "sys/unseal", {"key": keys["keys"][0]})
            said = waiting.communicate(timeout=90)
            assert waiting.returncode == 0, (waiting.returncode, said)
        finally:
            server.kill()
            server.wait()


CASES = [a_good_mount, a_wrong_token, no_token, a_wrong_authority, a_wrong_port, plain_http_to_tls, a_mount_of_version_1,
         no_mount, a_folder_for_a_mount, a_path_of_the_api, a_kv_mount_for_a_database, a_refused_folder,
         a_destroyed_version, a_server_coming_up]


def main():
    failed = 0
    with open(os.environ.get("LOCKET_CASES", os.devnull), "w", encoding="utf-8") as results:
        for case in CASES:
            try:
                case()
                print(f"pass {case.__name__}", file=results)
            except Exception as error:  # each case is told, whatever went wrong in another
                failed += 1
                print(f"fail {case.__name__}", file=results)
                print(f"{case.__name__}: {error!r}")
    print(f"{len(CASES) - failed} of {len(CASES)} pass")
    return 1 if failed else 0


sys.exit(main())
