"""Which program made a study: the digest of its code, the state of its checkout, the versions it stood on."""

from __future__ import annotations

import hashlib
import os
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import cesim

PACKAGES: Final = ("numpy", "scipy", "numba", "pandas", "pyarrow", "simpy")
"""What the numbers of a run, or the bytes of its tables, depend on."""
ABOVE: Final = ("cli/", "report/", "plan/", "text/")
"""Rooms that nothing a run passes through imports, and words."""
_PATIENCE_S: Final = 10.0


def packages() -> dict[str, str]:
    """Return the versions of what a result may depend on; what is not installed is left out."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@cache
def code_digest(package: Path | None = None) -> str:
    """SHA-256 over names and bytes of the package's Python files, in the order of their names.

    Files of the rooms above, which no run passes through, are left out: a change of words or figures must not end a
    sweep of days.
    """
    folder = package or Path(cesim.__file__).parent
    total = hashlib.sha256()
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    for name in sorted(name for name in names if not name.startswith(ABOVE)):
        content = (folder / name).read_bytes()
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def git_state(package: Path | None = None) -> dict[str, Any] | None:
    """Return the commit that the package is checked out from, and whether its files differ from it.

    Nothing outside a checkout, without git, or where git cannot say: it is information, never a condition.
    """
    folder = package or Path(cesim.__file__).parent
    commit = _git(folder, "rev-parse", "HEAD")
    tracked = _git(folder, "ls-files", "--error-unmatch", "__init__.py")  # a checkout of something else around us
    changed = _git(folder, "status", "--porcelain", "--", ".")
    if not commit or tracked is None or changed is None:
        return None
    return {"commit": commit, "dirty": bool(changed)}


def _git(folder: Path, *words: str) -> str | None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        told = subprocess.run(
            ("git", *words), cwd=folder, env=environment, capture_output=True, timeout=_PATIENCE_S, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.decode("utf-8", "replace").strip() if told.returncode == 0 else None
