"""The answers of a made-up casthouse and the pages that tell them."""

import html
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import made_up_casthouse as casthouse

from cesim.report.casthouse import charge_page, comparison_page, design_page, information_page, trial_page


@pytest.fixture(scope="session")
def charged():
    charge = casthouse.kept()
    return charge, charge.most_recycled()


@pytest.fixture(scope="session")
def trial():
    return casthouse.trial()


@pytest.fixture(scope="session")
def comparison(trial):
    return trial.compare(trial.again(casthouse.GRADE.scaled(1.2)))


@pytest.fixture(scope="session")
def value():
    return casthouse.information()


@pytest.fixture(scope="session")
def design():
    return casthouse.design()


@pytest.fixture(scope="session")
def pages(charged, trial, comparison, value, design):
    """Every kind of page in both languages: name -> language -> HTML."""
    cheapest, nothing = casthouse.charge(), casthouse.impossible()
    refused = casthouse.nobody_passes(trial)
    made = {
        "charge": lambda lang: charge_page(
            charged[1],
            lang,
            charge=charged[0],
            title="heat.yaml",
            remarks=("One remark.",),
            asked={"yard": "bale:\n  stock: 6\n  " + "a_very_long_name_without_a_break" * 8},
        ),
        "corrected": lambda lang: charge_page(
            cheapest.least_cost(), lang, charge=cheapest, title="heat.yaml", corrected=cheapest.two_stage(50)
        ),
        "co2": lambda lang: charge_page(cheapest.least_co2(), lang, charge=cheapest, title="heat.yaml"),
        "impossible": lambda lang: charge_page(nothing.least_cost(), lang, charge=nothing, title="heat.yaml"),
        "trial": lambda lang: trial_page(trial, lang, title="grade.yaml"),
        "refused": lambda lang: trial_page(refused, lang, title="grade.yaml"),
        "comparison": lambda lang: comparison_page(comparison, lang, title="grade.yaml"),
        "half": lambda lang: comparison_page(trial.compare(refused), lang, title="grade.yaml"),
        "information": lambda lang: information_page(value, lang, title="grade.yaml"),
        "design": lambda lang: design_page(design, lang, title="codesign.yaml"),
    }
    return {name: {lang: make(lang) for lang in ("ja", "en")} for name, make in made.items()}


def visible(page: str) -> str:
    """Return what a reader may see of a page, tables that are folded included."""
    body = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.fixture(scope="session")
def texts(pages):
    return {name: {lang: visible(page) for lang, page in both.items()} for name, both in pages.items()}


@pytest.fixture(scope="session")
def seen():
    return visible
