"""For all rooms: what costs processor time whatever the tests are about."""

import gc
import os
import threading
from importlib.util import find_spec

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is collected stays to the end: looking through it again and again for garbage takes half as long again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _loops_compiled_once(tmp_path_factory):
    """Where several processes test, one compiles a loop and the others wait and read it; on a fresh checkout only."""
    if "PYTEST_XDIST_WORKER" not in os.environ or find_spec("numba") is None or find_spec("fcntl") is None:
        yield
        return
    import fcntl

    from numba.core.dispatcher import Dispatcher

    place, inside, whole = tmp_path_factory.getbasetemp().parent / "compiling", threading.local(), Dispatcher.compile

    def alone(self, sig):
        if getattr(inside, "now", False):  # a loop written into another
            return whole(self, sig)
        with place.open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            inside.now = True
            try:
                return whole(self, sig)  # looks on the disk first
            finally:
                inside.now = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Dispatcher, "compile", alone)
        yield
