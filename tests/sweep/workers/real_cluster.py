"""A Dask scheduler and its workers as processes of their own, as on a cluster."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).parent
_ADDRESS = re.compile(r"Scheduler at:\s+(tcp://\S+)")


@contextmanager
def scheduler(folder):
    """Yield the process of a scheduler and its address."""
    words = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-jupyter")
    with _started(words, folder) as process:
        said, until = folder / f"{process.pid}.log", time.monotonic() + 60
        while not (found := _ADDRESS.search(said.read_text())):
            assert time.monotonic() < until, said.read_text()
            time.sleep(0.05)
        yield process, found[1]


@contextmanager
def worker(address, folder, *more, **environment):
    """Yield the process of a worker with one thread."""
    words = ("worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder), *more)
    with _started(words, folder, **environment) as process:
        yield process


@contextmanager
def _started(words, folder, **environment):
    said = folder / "started.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path]), **environment},
            cwd=folder,
            stderr=log,
            stdout=log,
            start_new_session=True,
        )
    said.rename(folder / f"{process.pid}.log")
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
