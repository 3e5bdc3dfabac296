"""Files of ours that stand inside a page, so that it loads nothing."""

from __future__ import annotations

import base64
import zlib
from importlib.resources import files

from markupsafe import Markup


def asset(name: str) -> Markup:
    """Return a text file under `cesim/report` to stand in the page as it is."""
    text = files("cesim.report").joinpath(name).read_text(encoding="utf-8")
    return Markup(text.replace("</script", "<\\/script"))


def packed(name: str) -> str:
    """Return a file as base64 of its zlib stream: a third of its size; the page unpacks it by itself."""
    return base64.b64encode(zlib.compress(files("cesim.report").joinpath(name).read_bytes(), 9)).decode("ascii")
