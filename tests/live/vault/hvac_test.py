"""What Python's hvac wrote to a real OpenBao, locket reads, and the reverse: hvac_test.py LOCKET

Runs beside tests/servers/with-openbao.sh. hvac is an independent client of Vault's interface; locket is used as its
users do, through the command line tool and its URLs.
"""
import base64
import json
import os
import pathlib
import subprocess
import sys

import hvac_client

LOCKET = sys.argv[1]
ADDRESS, CA = os.environ["LOCKET_OPENBAO_ADDR"], os.environ["LOCKET_OPENBAO_CA"]
MOUNT = "hvac/kv"
STORE = f"vault://{ADDRESS.removeprefix('https://')}/{MOUNT}?ca={CA}"
NOT_THERE = 5


def locket(*arguments, stdin=b"", status=0):
    """What locket prints."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "VAULT_TOKEN": "root"}
    run = subprocess.run([LOCKET, "--store", STORE, *arguments], input=stdin, capture_output=True, env=environment,
                         check=False, timeout=60)
    assert run.returncode == status, (arguments, run.returncode, run.stderr.decode())
    return run.stdout


def read(name, *arguments):
    return json.loads(locket("get", name, "--format", "json", *arguments))


def states(name):
    versions = json.loads(locket("versions", name, "--format", "json"))
    return {int(each["version"]): each["state"] for each in versions["versions"]}


def held(kv, name, version=None):
    """What hvac reads."""
    answer = kv.read_secret_version(name, version=version, mount_point=MOUNT, raise_on_deleted_version=True)
    return answer["data"]["data"]


def other_reads_text(kv):
    locket("set", "text/empty", "--from-file", "/dev/null")
    assert held(kv, "text/empty") == {"value": ""}
    for name, text in {"text/plain": "s3cret", "text/lines": "a\nb\tc\r\n",
                       "text/unicode": "käse 漢字 😀", "text/json": '{"a": "b"}', "text/markup": "<a href='x'>&\"\\"}.items():
        locket("set", name, stdin=text.encode())
        assert held(kv, name) == {"value": text}, name


def other_reads_bytes(kv):
    for name, value in {"bytes/all": bytes(range(256)), "bytes/nul": b"\0", "bytes/latin": "é".encode("latin-1")}.items():
        locket("set", name, stdin=value)
        data = held(kv, name)
        assert data == {"value_base64": base64.b64encode(value).decode()}, data


def reads_text_and_bytes(kv):
    kv.create_or_update_secret("from/text", {"value": "käse\n\0"}, mount_point=MOUNT)
    assert locket("get", "from/text") == "käse\n\0".encode()
    every = bytes(range(256))
    kv.create_or_update_secret("from/bytes", {"value_base64": base64.b64encode(every).decode()}, mount_point=MOUNT)
    assert locket("get", "from/bytes") == every


def reads_fields(kv):
    fields = {"user": "app", "password": "p\"\\ä", "port": 5432, "ratio": 0.25, "tls": True, "none": None,
              "nested": {"list": [1, "two", {"three": 3}]}, "value": "x"}
    kv.create_or_update_secret("from/fields", fields, mount_point=MOUNT)
    assert read("from/fields")["fields"] == fields
    assert locket("get", "from/fields", "--field", "password") == "p\"\\ä".encode()
    assert locket("get", "from/fields", "--field", "port") == b"5432"
    assert json.loads(locket("get", "from/fields", "--field", "nested")) == fields["nested"]
    for number in (2**53, -(2**53), 1e300, 0.1):
        kv.create_or_update_secret("from/number", {"value": number}, mount_point=MOUNT)
        assert read("from/number")["fields"] == {"value": number}, number


def other_reads_fields(kv):
    for field, value in {"user": "app", "password": "päss\"\\"}.items():
        file = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"hvac-field-{os.getpid()}"
        file.write_text(value, encoding="utf-8")
        try:
            locket("set", "fields/db", "--field", f"{field}=@{file}")
        finally:
            file.unlink()
    expected = {"user": "app", "password": "päss\"\\"}
    assert held(kv, "fields/db") == expected


def other_reads_metadata(kv):
    locket("set", "meta/mine", "--description", "the main one, käse", "--type", "database", "--tag", "team=core",
           "--tag", "empty=", "--expires", "2099-12-31", "--rotate-every", "90d", stdin=b"x")
    custom = kv.read_secret_metadata("meta/mine", mount_point=MOUNT)["data"]["custom_metadata"]
    assert custom == {"locket.description": "the main one, käse", "locket.type": "database", "team": "core",
                      "empty": '""', "locket.expires": "2099-12-31T00:00:00Z", "locket.rotation_period": "7776000s"}, custom
    locket("annotate", "meta/mine", "--tag", "more=y")
    custom = kv.read_secret_metadata("meta/mine", mount_point=MOUNT)["data"]["custom_metadata"]
    assert custom["more"] == "y" and custom["team"] == "core"


def reads_metadata(kv):
    kv.create_or_update_secret("meta/theirs", {"value": "x"}, mount_point=MOUNT)
    kv.update_metadata("meta/theirs", mount_point=MOUNT,
                       custom_metadata={"owner": "ops", "locket.description": "theirs", "locket.expires": "2099-01-01"})
    metadata = read("meta/theirs")["metadata"]
    assert metadata["tags"] == {"owner": "ops"} and metadata["description"] == "theirs", metadata
    assert metadata["expires"] == "2099-01-01T00:00:00Z", metadata
    kv.update_metadata("meta/theirs", mount_point=MOUNT, custom_metadata={"locket.expires": "2001-01-01T00:00:00Z"})
    locket("get", "meta/theirs", status=NOT_THERE)


def sees_what_the_other_deleted(kv):
    for value in "1234":
        kv.create_or_update_secret("gone/theirs", {"value": value}, mount_point=MOUNT)
    kv.destroy_secret_versions("gone/theirs", versions=[1], mount_point=MOUNT)
    kv.delete_secret_versions("gone/theirs", versions=[2], mount_point=MOUNT)
    assert states("gone/theirs") == {1: "destroyed", 2: "deleted", 3: "live", 4: "live"}, states("gone/theirs")
    assert locket("get", "gone/theirs", "--version", "3") == b"3"
    for version in "125":
        locket("get", "gone/theirs", "--version", version, status=NOT_THERE)
    kv.delete_latest_version_of_secret("gone/theirs", mount_point=MOUNT)
    locket("get", "gone/theirs", status=NOT_THERE)
    assert b"gone/theirs" not in locket("list", "gone")
    locket("undelete", "gone/theirs")
    assert states("gone/theirs") == {1: "destroyed", 2: "live", 3: "live", 4: "live"}
    kv.delete_metadata_and_all_versions("gone/theirs", mount_point=MOUNT)
    locket("versions", "gone/theirs", status=NOT_THERE)


def other_sees_what_was_deleted(kv):
    import hvac
    for value in (b"1", b"2"):
        locket("set", "gone/mine", stdin=value)
    locket("rm", "gone/mine")
    versions = kv.read_secret_metadata("gone/mine", mount_point=MOUNT)["data"]["versions"]
    assert all(each["deletion_time"] and not each["destroyed"] for each in versions.values()), versions
    for version in (1, 2):
        try:
            held(kv, "gone/mine", version)
            raise AssertionError("it is still there")
        except hvac.exceptions.InvalidPath:
            pass
    locket("undelete", "gone/mine")
    assert held(kv, "gone/mine", 1) == {"value": "1"}
    locket("rollback", "gone/mine", "1")
    assert held(kv, "gone/mine") == {"value": "1"}
    locket("rm", "gone/mine", "--purge", "--yes")
    try:
        kv.read_secret_metadata("gone/mine", mount_point=MOUNT)
        raise AssertionError("it is still there")
    except hvac.exceptions.InvalidPath:
        pass


def both_keep_conditions(kv):
    import hvac
    kv.create_or_update_secret("cas/a", {"value": "1"}, cas=0, mount_point=MOUNT)
    locket("set", "cas/a", "--if-version", "1", stdin=b"2")
    locket("set", "cas/a", "--if-version", "1", stdin=b"3", status=8)
    try:
        kv.create_or_update_secret("cas/a", {"value": "3"}, cas=1, mount_point=MOUNT)
        raise AssertionError("it was written")
    except hvac.exceptions.InvalidRequest:
        pass
    kv.create_or_update_secret("cas/a", {"value": "3"}, cas=2, mount_point=MOUNT)
    assert locket("get", "cas/a") == b"3"


def lists_the_same(kv):
    for name in ("list/b", "list/a/x", "list/a", "list/a-b"):
        kv.create_or_update_secret(name, {"value": "x"}, mount_point=MOUNT)
    assert locket("list", "list").decode().split() == ["list/a", "list/a-b", "list/a/x", "list/b"]
    assert sorted(kv.list_secrets("list", mount_point=MOUNT)["data"]["keys"]) == ["a", "a-b", "a/", "b"]


CASES = [other_reads_text, other_reads_bytes, reads_text_and_bytes, reads_fields, other_reads_fields,
         other_reads_metadata, reads_metadata, sees_what_the_other_deleted, other_sees_what_was_deleted,
         both_keep_conditions, lists_the_same]


def main():
    reason = hvac_client.install()
    if reason:
        print(reason)
        sys.exit(77)
    import hvac
    client = hvac.Client(url=ADDRESS, token="root", verify=CA)
    client.sys.enable_secrets_engine("kv", path=MOUNT, options={"version": "2"})
    kv = client.secrets.kv.v2
    failed = 0
    with open(os.environ.get("LOCKET_CASES", os.devnull), "w", encoding="utf-8") as results:
        for case in CASES:
            try:
                case(kv)
                print(f"pass {case.__name__}", file=results)
            except Exception as error:  # each case is told, whatever went wrong in another
                failed += 1
                print(f"fail {case.__name__}", file=results)
                print(f"{case.__name__}: {error!r}")
    print(f"{len(CASES) - failed} of {len(CASES)} pass, with hvac {hvac_client.VERSION}")
    return 1 if failed else 0


sys.exit(main())
