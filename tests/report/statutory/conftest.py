"""Statements of a made-up maker and of a real run, in both languages."""

import html
import re
import sys
from fractions import Fraction
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_up_maker import YEAR, maker

from cesim.orders.maker import BuiltType, Period, PlanTarget, Purchase
from cesim.report.statutory import national, of_country, of_maker, statutory_page
from cesim.run import open_run, simulate
from cesim.scenario import open_scenario


@pytest.fixture(scope="session")
def run(real_folder):
    """The tutorial with 16 draws."""
    return open_run(real_folder)


@pytest.fixture(scope="session")
def best(tmp_path_factory):
    """The tutorial with the best estimate alone."""
    root = Path(__file__).parents[3]
    answer = simulate(open_scenario(str(root / "scenarios" / "tutorial.yaml")), draws=1)
    return open_run(answer.save(tmp_path_factory.mktemp("best") / "tutorial"))


@pytest.fixture(scope="session")
def statements(run, best):
    """Every kind of statement by name."""
    plan = (PlanTarget(2030, Fraction(400_000)), PlanTarget(YEAR, Fraction(900_000), Fraction("0.1")))
    small = (BuiltType("=1+1", "domestic", True, 9_999, Fraction(100)), BuiltType("none", "eu", True, 0, Fraction(1)))
    wicked = (Purchase("<b>@SUM(A1)", "PP", "post_elv", Fraction("1.25"), None),)
    return {
        "country": of_country(national(run, Period(YEAR))),
        "fiscal": of_country(national(run, Period(YEAR, is_fiscal=True))),
        "best": of_country(national(best, Period(YEAR))),
        "maker": of_maker(maker(plan=plan), None),
        "beside": of_maker(maker(plan=plan), national(run, Period(YEAR))),
        "late": of_maker(maker(Period(2036)), None),
        "early": of_maker(maker(Period(2028, is_fiscal=True)), None),
        "small": of_maker(maker(types=small, purchases=wicked, maker="=HYPERLINK()"), national(run, Period(YEAR))),
    }


@pytest.fixture(scope="session")
def statutory_pages(statements):
    """Kind of statement -> language -> HTML."""
    return {kind: {lang: statutory_page(one, lang) for lang in ("ja", "en")} for kind, one in statements.items()}


@pytest.fixture(scope="session")
def statutory_texts(statutory_pages):
    """What a reader sees."""
    return {kind: {lang: visible(page) for lang, page in both.items()} for kind, both in statutory_pages.items()}


def visible(page: str) -> str:
    body = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))
