"""Every command on an order writes its page: the same numbers as its data, in the language asked for."""

import json
import re

import pytest

from cesim.cli.main import main

COMMANDS = {
    "charge": "recycled_content",
    "grade test": "recycled_content",
    "grade compare": "second.recycled_content",
    "grade value": "recycled_content.none",
    "codesign": "most_recycled_content",
}
"""Command -> a figure of its data that is told in the headline of its page."""


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_command_writes_its_page(order, capsys, tmp_path, command, lang):
    page = tmp_path / "page.html"
    words = [*command.split(), str(order()), "--json", "--html", str(page), "--lang", lang]
    assert main(words) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    text = page.read_text(encoding="utf-8")
    assert f'<html lang="{lang}">' in text
    assert "<h1>" in text
    headline = text.split('<div class="answer')[1].split("</div>")[0]
    assert f"{100 * figures[COMMANDS[command]]:.1f} %" in headline
    assert "<dt>alloy</dt>" in text
    assert main(words) == 0, "a page of its own may be written again"


def test_remarks_and_expectations_stand_on_the_page(order, asked, tmp_path):
    page = tmp_path / "page.html"
    code, _, _ = asked("codesign", order({"expect": {"codesign": ["most_recycled_content > 2"]}}), "--html", page)
    text = page.read_text(encoding="utf-8")
    assert code == 4
    assert '<li class="missed">' in text
    assert re.search(r'class="alarm single">[^<]*sorter', text)


def test_a_heat_that_cannot_be_made_has_a_page_that_says_why(order, asked, tmp_path):
    page = tmp_path / "page.html"
    code, _, _ = asked("charge", order({"furnace.additions": None, "yard/P1020": None}), "--html", page)
    assert code == 3
    assert 'class="answer bad"' in page.read_text(encoding="utf-8")
