"""A scenario, and studies of it made up by hand."""

import html
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cesim.scenario import open_scenario


@pytest.fixture(scope="session")
def scenario():
    return open_scenario("chubu-2035").scenario


@pytest.fixture(scope="session")
def see():
    """What a reader sees."""

    def visible(page):
        body = re.sub(r"<(script|style|title)>.*?</\1>", "", page, flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))

    return visible


@pytest.fixture(scope="session")
def rows_under():
    """Rows of the table under a heading, or of a folded one."""

    def found(page, title):
        at = page.index(f">{html.escape(title, quote=True)}</")
        table = page[at : page.index("</table>", at)]
        return [
            [html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
            for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, flags=re.DOTALL)
        ]

    return found
