"""The summary of a run in plain text."""

import json

from cesim.report.headline import shown
from cesim.report.numbers import write
from cesim.report.read import read_run
from cesim.report.terminal import WIDTH, columns_of, cut, summary
from cesim.report.words import Words


def test_headline_is_in_the_text(tables, indicators, lang):
    text = summary(tables, lang, indicators)
    frame = tables.indicators[tables.indicators["region"] == tables.focus].set_index(["indicator", "year"])
    for info in indicators.values():
        for year in tables.report_years if info in shown(tables, indicators) else ():
            assert write(frame.loc[(info.id, year), "p50"], info.unit, Words(lang)) in text


def test_no_line_is_too_wide(tables, indicators, lang):
    lines = summary(tables, lang, indicators).splitlines()
    assert max(map(columns_of, lines)) <= WIDTH


def test_numbers_stand_below_one_another(tables, indicators, lang):
    lines = [line for line in summary(tables, lang, indicators).splitlines() if line[:4] == "  20"]
    assert len({columns_of(line.split("(")[0]) for line in lines}) == 1


def test_a_name_cannot_command_the_terminal(copied, indicators, lang):
    run = json.loads((copied / "run.json").read_text())
    run["scenario"]["name"] = dict.fromkeys(("ja", "en"), "\x1b[2Jname\nsecond" + "長" * 90)
    (copied / "run.json").write_text(json.dumps(run))
    text = summary(read_run(copied), lang, indicators)
    assert "\x1b" not in text
    assert columns_of(text.splitlines()[0]) <= WIDTH


def test_cutting_counts_full_width_letters():
    assert cut("材料材料", 8) == "材料材料"
    assert cut("材料材料", 7) == "材料..."
