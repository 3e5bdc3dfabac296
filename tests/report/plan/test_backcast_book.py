"""The workbook of a backcast holds the numbers of the page, and a chart of the front."""

import zipfile

import openpyxl
import pytest
from made_up_backcast import question, solution, told, unreachable

from cesim.report.plan.backcast_book import write_backcast_book


def opened(path, hand_scenario, found, lang):
    write_backcast_book(path, hand_scenario, found, lang)
    book = openpyxl.load_workbook(path)
    return {page.title: [[cell.value for cell in row] for row in page.iter_rows()] for page in book}


def test_the_sheets_hold_the_answer(tmp_path, hand_scenario):
    sheets = opened(tmp_path / "a.xlsx", hand_scenario, told(asked=question(budgets={"state": 1e9})), "en")
    assert list(sheets) == ["Answer", "Targets", "Road-map", "Payers", "Cost and confidence", "Options"]
    assert sheets["Targets"][1:] == [
        ["closed loop (the eastern region, 2035)", "no measures", 0.3, 0.25, 0.0],
        ["closed loop (the eastern region, 2035)", "plan as written", 0.3, 0.25, 0.6],
        ["closed loop (the eastern region, 2035)", "plan found", 0.3, 0.25, 0.85],
    ]
    payers = {row[0]: row[1:] for row in sheets["Payers"][1:]}
    assert payers["state and municipalities"] == [2e8, 0, 1e9]
    assert payers["all payers together"] == [1.02e10, 3e10, None]
    front = sheets["Cost and confidence"]
    assert [row[:5] for row in front[1:]] == [
        [0.5, 5e9, 5e9, 0.85, "yes"], [0.8, 1.02e10, 6e9, 0.85, "no"], [0.9, None, None, None, "yes"],
        [0.95, None, None, None, "no"],
    ]  # fmt: skip
    assert sheets["Road-map"][1][4:9] == ["Plan as written (forecast)", 2027, 2027, 1, 4e8]
    assert len(sheets["Road-map"]) == 1 + 4
    assert len(sheets["Options"]) == 1 + 4


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_answer_can_be_written(tmp_path, hand_scenario, lang):
    for at, found in enumerate((
        told(solution("heuristic", bound=None, gap=None)), told(unreachable("must", near=False), answer=None),
        told(whole=None, interrupted=True),
    )):  # fmt: skip
        assert opened(tmp_path / f"{at}.xlsx", hand_scenario, found, lang)


def test_there_is_a_chart_and_the_same_answer_gives_the_same_bytes(tmp_path, hand_scenario):
    for name in ("a", "b"):
        write_backcast_book(tmp_path / f"{name}.xlsx", hand_scenario, told(), "ja")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert "scatterChart" in parts.read("xl/charts/chart1.xml").decode()
