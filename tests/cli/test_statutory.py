"""`cesim statutory` as its users meet it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from cesim.cli.main import main
from cesim.run import simulate
from cesim.scenario import open_scenario


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The tutorial with two draws."""
    root = Path(__file__).parents[2]
    answer = simulate(open_scenario(str(root / "scenarios" / "tutorial.yaml")), draws=2)
    return answer.save(tmp_path_factory.mktemp("statutory") / "tutorial")


@pytest.fixture
def ask(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def asked(*words: object, lang: str = "en") -> tuple[int, str]:
        code = main(["--lang", lang, "statutory", *map(str, words)])
        seen = capsys.readouterr()
        assert "Traceback" not in seen.out + seen.err
        return code, seen.out + seen.err

    return asked


@pytest.fixture
def sheet(ask, tmp_path):
    """The example, for a year of the run."""
    assert ask("--template", "maker.xlsx")[0] == 0
    return tmp_path / "maker.xlsx"


def test_a_run_alone_gives_a_marked_total_beside_it(ask, run):
    code, told = ask(run, lang="ja")
    assert code == 0
    assert told.startswith("全国合計による参考値・特定の製造者の報告ではない\n")
    folder = run.with_name("tutorial-statutory")
    assert sorted(one.name for one in folder.iterdir()) == ["statutory.html", "statutory.xlsx"]
    assert str(folder) in told
    assert ask(run, "--fiscal", "--year", 2030)[0] == 0  # the folder is written again
    assert "fiscal year 2030" in (folder / "statutory.html").read_text("utf-8")


def test_the_template_is_filled_in_and_read(ask, sheet, run, tmp_path):
    code, told = ask("--maker", sheet)
    assert code == 0
    assert "Example Motors (invented), fiscal year 2032" in told
    assert "National total" not in told
    assert (tmp_path / "maker-statutory" / "statutory.xlsx").is_file()
    code, told = ask(run, "--maker", sheet, "--out", "both", lang="ja")
    assert code == 0
    assert "全国の計算結果と比べる" in (tmp_path / "both" / "statutory.html").read_text("utf-8")


def test_as_data(ask, run, tmp_path):
    code, told = ask(run, "--year", 2030, "--out", "out", "--json")
    assert code == 0
    found = json.loads(told)
    assert found["period"] == "2030"
    assert found["is_national"] is True
    assert found["watermark"].startswith("National total")
    assert sum(one["kg"] for one in found["streams"]) == found["plastics_kg"]
    assert sum(one["kg"] for one in found["streams"] if one["japan"]) == found["counted_kg"]["japan"]


def test_faults_of_the_sheet_have_sheet_and_cell(ask, sheet, tmp_path):
    held = openpyxl.load_workbook(sheet)
    held["Types built"]["D3"] = "many"
    held["Recycled plastics"]["C3"] = "post-consumer, end-of-life vehicle"
    held.save(sheet)
    code, told = ask("--maker", sheet, "no-such-run")
    assert code == 2
    assert "maker.xlsx:Types built!D3: A number belongs here, not many." in told
    assert "maker.xlsx:Recycled plastics!C3: post-consumer, end-of-life vehicle is none of the choices." in told
    assert "did you mean: post-consumer, end-of-life vehicles" in told
    assert "no-such-run" in told
    assert not (tmp_path / "no-such-run-statutory").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "A run is needed, or the sheet of a maker."),
        (("RUN", "--year", "1999"), "The run has no flows for 1999."),
        (("RUN", "--year", "2050", "--fiscal"), "The run has no flows for FY2050."),
        (("RUN", "--year", "20x5"), "20x5"),
        (("RUN", "--out", " "), "--out"),
        (("RUN", "--out", "RUN"), "Something other than statutory reports of cesim stands in this folder"),
        (("--maker", "SHEET", "--year", "2031"), "The maker's sheet is of FY2032, not of FY2031."),
        (("--template", "SHEET"), "maker.xlsx"),
        (("--template", "a.xlsx", "--fiscal"), "--fiscal"),
        (("RUN", "--template", "a.xlsx"), "RUN"),
        (("RUN", "more", "words"), "more"),
    ],
)
def test_what_is_refused(ask, sheet, run, tmp_path, words, said):
    words = [{"RUN": run, "SHEET": sheet}.get(word, word) for word in words]
    before = sorted(tmp_path.rglob("*"))
    code, told = ask(*words)
    assert code == 2
    assert said in told
    assert sorted(tmp_path.rglob("*")) == before


def test_options_may_confirm_the_year_of_the_sheet(ask, sheet):
    assert ask("--maker", sheet, "--year", 2032, "--fiscal")[0] == 0
    held = openpyxl.load_workbook(sheet)
    held["Maker"]["B2"] = 2032
    held.save(sheet)
    code, told = ask("--maker", sheet, "--fiscal")
    assert code == 2
    assert "The maker's sheet is of 2032, not of FY2032." in told


def test_help_names_every_option(ask):
    code, told = ask("--help", lang="ja")
    assert code == 0
    assert all(option in told for option in ("--maker", "--year", "--fiscal", "--out", "--template", "--json"))
