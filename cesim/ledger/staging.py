"""A folder written whole or not at all: beside its place first, then renamed into it."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Give a folder to write in; when the block ends well it takes the place of the target, else it is gone.

    What stood at the target is replaced: whether it may be is for the caller to ask before.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield staging
        staging.chmod(0o755)
        publish(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def publish(staging: Path, target: Path) -> None:
    """Put a folder in the place of another one."""
    if target.exists():
        old = staging.with_name(staging.name + "-old")
        target.replace(old)
        staging.replace(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        staging.replace(target)
