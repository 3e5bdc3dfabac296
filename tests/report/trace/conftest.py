"""Made-up traces and the pages that tell them."""

import html
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import made_up_trace

from cesim.report.trace import trace_page


@pytest.fixture(scope="session")
def traces():
    """Every kind of trace by name."""
    worked = made_up_trace.worked()
    return {
        "worked": worked, "known": made_up_trace.with_tables(worked), "imported": made_up_trace.imported(worked),
        "empty": replace(worked, tables={name: table.head(0) for name, table in made_up_trace.tables().items()}),
        "bare": replace(worked, tables={}),
    }  # fmt: skip


@pytest.fixture(scope="session")
def trace_pages(traces):
    """Name of the trace -> language -> HTML."""
    return {kind: {lang: trace_page(trace, lang) for lang in ("ja", "en")} for kind, trace in traces.items()}


@pytest.fixture(scope="session")
def trace_texts(trace_pages):
    """What a reader sees of the pages."""
    return {kind: {lang: visible(page) for lang, page in both.items()} for kind, both in trace_pages.items()}


def visible(page: str) -> str:
    """Return what a reader may see of a page, tables that are folded included."""
    body = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture(scope="session")
def see():
    return visible
