"""Made-up lot-by-lot runs and the pages that tell them."""

import html
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import made_up_lots

from cesim.report.lots import lot_page

KINDS = {
    "single": {}, "drawn": {"draws": 3}, "years": {"last": 2031}, "without_losses": {"with_losses": False},
}  # fmt: skip


@pytest.fixture(scope="session")
def lot_runs(tmp_path_factory):
    """Every kind of run by name."""
    return {kind: made_up_lots.made_up(tmp_path_factory.mktemp(kind), **how) for kind, how in KINDS.items()}


@pytest.fixture(scope="session")
def lot_pages(lot_runs):
    """Name of the run -> language -> HTML."""
    return {kind: {lang: lot_page(run, lang) for lang in ("ja", "en")} for kind, run in lot_runs.items()}


@pytest.fixture(scope="session")
def lot_texts(lot_pages):
    """What a reader sees of the pages."""
    return {kind: {lang: visible(page) for lang, page in both.items()} for kind, both in lot_pages.items()}


def visible(page: str) -> str:
    """Return what a reader may see of a page, tables that are folded included."""
    body = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.fixture(scope="session")
def see():
    return visible
