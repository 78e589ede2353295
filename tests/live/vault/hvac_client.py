"""Brings hvac, an independent client of Vault's interface, from PyPI, once per machine."""
import os
import pathlib
import subprocess
import sys

VERSION = "2.4.0"


def install():
    """Afterwards it can be imported. Why it cannot be had, else None."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    target = cache / "locket-tests" / f"hvac-{VERSION}"
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                   "--target", str(fresh), f"hvac=={VERSION}"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            return f"hvac {VERSION} cannot be had: {(run.stderr or run.stdout).strip().splitlines()[-1]}"
        fresh.rename(target)
    sys.path.insert(0, str(target))
    return None
