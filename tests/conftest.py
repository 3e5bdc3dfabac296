"""For all rooms: what is collected stays to the end, so nothing looks through it for garbage."""

import gc

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Sixteen thousand tests are millions of objects; going through them again and again takes a third as long."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
