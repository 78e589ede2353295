#!/usr/bin/env python3
"""Reads with hvac, so many times as each line of the input says, and answers each with a line:

    vault_hvac.py MOUNT

Ends with 77 and the reason when hvac cannot be had. The server is that of tests/servers/with-openbao.sh."""
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "live" / "vault"))
import hvac_client  # noqa: E402  (found by the line above)


def main():
    reason = hvac_client.install()
    if reason:
        print(reason, flush=True)
        return 77
    import hvac  # pylint: disable=import-outside-toplevel
    client = hvac.Client(url=os.environ["LOCKET_OPENBAO_ADDR"], token=os.environ["LOCKET_OPENBAO_TOKEN"],
                         verify=os.environ["LOCKET_OPENBAO_CA"])
    print("ready", flush=True)
    count = 0
    for line in sys.stdin:
        for _ in range(int(line)):
            count += 1
            client.secrets.kv.v2.read_secret_version(f"app/n{count % 100}", mount_point=sys.argv[1],
                                                     raise_on_deleted_version=True)
        print("done", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
