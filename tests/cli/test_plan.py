"""`cesim plan show | attribute | survey` as their users meet them."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from cesim.cli.main import main
from cesim.plan.money import costs
from cesim.scenario import open_scenario

TINY = Path(__file__).parents[1] / "plan" / "tiny-plan.yaml"


@pytest.fixture
def ask(tmp_path, monkeypatch, capsys):
    """Run a command in a folder with the small plan; exit code and all that was printed."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(TINY, tmp_path / "mine.yaml")

    def asked(*words: object, lang: str = "en") -> tuple[int, str]:
        try:
            code = main(["--lang", lang, "plan", *map(str, words)])
        except SystemExit as end:  # how a command line that cannot be read ends
            code = int(end.code or 0)
        seen = capsys.readouterr()
        assert "Traceback" not in seen.out + seen.err
        return code, seen.out + seen.err

    return asked


def test_show_lists_measures_with_standing_and_cost(ask, tmp_path):
    code, told = ask("show", "mine.yaml")
    assert code == 0
    rows = {line.split()[0]: line for line in told.splitlines() if line[:1].isalpha()}
    assert "waits for never" in rows["late"]
    assert "2028–2030   adopted" in rows["known"]
    assert " no " in rows["never"]
    assert rows["line"].endswith("4.469  place-holder")
    assert rows["known"].endswith("published")
    assert told.startswith("5 measures, 4 of them place-holders; 3 adopted, 1 of which wait for what they need.")
    assert not (tmp_path / "runs").exists()
    code, told = ask("show", "mine.yaml", lang="ja")
    assert code == 0
    assert "neverを待つ" in told
    assert "44.69  仮置き" in told


def test_show_as_data_has_the_costs_of_each_measure(ask):
    code, told = ask("show", "mine.yaml", "--json")
    assert code == 0
    held = {one["id"]: one for one in json.loads(told)["measures"]}
    scenario = open_scenario(TINY).scenario
    adopted = costs(scenario)
    for name in ("line", "known"):
        assert held[name]["cost_jpy"] == pytest.approx(float(adopted.present(measure=name)[0]), rel=1e-12)
    assert held["late"]["cost_jpy"] == pytest.approx(1e9 / 1.04**5, rel=1e-12)  # with what it waits for, in 2030
    assert held["late"]["waits_for"] == ["never"]
    assert (held["late"]["adopted"], held["late"]["in_effect"]) == (True, False)
    assert (held["known"]["start"], held["known"]["full"]) == (2028, 2030)


@pytest.mark.parametrize(
    ("words", "adopted"),
    [
        (("--only", "line,hoods"), {"line", "hoods"}),
        (("--without", "late"), {"line", "known"}),
        (("--only", "line、known", "--without", "line"), {"known"}),
        (("--set", "plan.adopted=[never, late]"), {"never", "late"}),
        ((), {"line", "known", "late"}),
    ],
)
def test_other_measures_may_be_adopted(ask, words, adopted):
    code, told = ask("show", "mine.yaml", "--json", *words)
    assert code == 0
    assert {one["id"] for one in json.loads(told)["measures"] if one["adopted"]} == adopted


def test_attribute_writes_its_folder_and_says_the_answer(ask, tmp_path):
    code, told = ask("attribute", "mine.yaml", "--draws", 6, "--target", "h1_2035", "--workers", 1)
    assert code == 0
    folder = tmp_path / "runs" / "mine-attribute"
    assert {one.name for one in folder.iterdir()} == {
        "plan.json", "report.html", "results.xlsx", "shares.parquet", "totals.parquet", "pairs.parquet",
    }  # fmt: skip
    assert "Adopted, but waiting for what they need: waits." in told
    assert str(Path("runs") / "mine-attribute") in told
    kept = json.loads((folder / "plan.json").read_text("utf-8"))
    assert (kept["kind"], kept["draws"], kept["seed"], kept["sets"]) == ("attribute", 6, 0, 4)


def test_attribute_as_data_has_the_numbers_of_its_tables(ask, tmp_path):
    words = ("mine.yaml", "--draws", 6, "--target", "h1_2035", "--workers", 1, "--json")
    code, told = ask("attribute", *words)
    assert code == 0
    found = json.loads(told)
    assert (found["exact"], found["sets"], found["draws"]) == (True, 4, 6)
    held = pd.read_parquet(tmp_path / "runs" / "mine-attribute" / "shares.parquet")
    assert [row["share"] for row in found["shares"]] == pytest.approx(list(held["share"]), abs=1e-9)
    first = (tmp_path / "runs" / "mine-attribute" / "report.html").read_bytes()
    assert ask("attribute", *words) == (code, told)  # its own folder is written again, to the same bytes
    assert (tmp_path / "runs" / "mine-attribute" / "report.html").read_bytes() == first


def test_attribute_divides_among_some_or_among_bundles(ask):
    base = ("mine.yaml", "--draws", 2, "--target", "h1_2035", "--workers", 1, "--no-report", "--json")
    some = json.loads(ask("attribute", *base, "--measures", "line")[1])
    assert {row["player"] for row in some["shares"]} == {"line"}
    bundles = json.loads(ask("attribute", *base, "--by", "pillar")[1])
    assert {row["player"] for row in bundles["shares"]} == {"chain", "design"}


def test_survey_writes_its_folder_and_says_what_to_survey(ask, tmp_path):
    words = ("survey", "mine.yaml", "--draws", 100, "--target", "h1_2035", "--workers", 1, "--out", "out")
    code, told = ask(*words, "--no-report", lang="ja")
    assert code == 0
    assert "試行が100回と少なく" in told
    assert "計画の選択" in told.splitlines()[0]
    folder = tmp_path / "out"
    assert not folder.exists()
    code, told = ask(*words, "--json")
    assert code == 0
    tables = {"inputs", "spreads", "spread_by_status", "stakes", "alternatives", "worth"}
    assert {one.name for one in folder.iterdir()} == {
        "plan.json", "report.html", "results.xlsx", *(f"{name}.parquet" for name in tables),
    }  # fmt: skip
    found = json.loads(told)
    assert tables < set(found)
    held = pd.read_parquet(folder / "worth.parquet")
    assert [row["worth_jpy"] for row in found["worth"]] == pytest.approx(list(held["worth_jpy"]), rel=1e-9)
    assert (found["folder"], found["draws"], found["unpriced"]) == ("out", 100, [])


def test_without_a_report_nothing_is_written(ask, tmp_path):
    code, _ = ask("attribute", "mine.yaml", "--draws", 1, "--target", "h1_2035", "--workers", 1, "--no-report")
    assert code == 0
    assert [one.name for one in tmp_path.iterdir()] == ["mine.yaml"]


SURVEY, ATTRIBUTE, SHOW = ("survey", "mine.yaml"), ("attribute", "mine.yaml"), ("show", "mine.yaml")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*SHOW, "--draws", 5), "`plan show` does not read --draws"),
        ((*SHOW, "--out", "x"), "--out"),
        ((*SURVEY, "--measures", "line"), "--measures"),
        ((*SURVEY, "--by", "pillar"), "--by"),
        ((*ATTRIBUTE, "--confidence", "0.8"), "--confidence"),
        ((*SURVEY, "--draws", 99), "99"),
        ((*SURVEY, "--draws", 0), "--draws"),
        ((*SURVEY, "--draws", "many"), "many"),
        ((*ATTRIBUTE, "--by", "colour"), "colour"),
        ((*ATTRIBUTE, "--target", "h1_2053"), "h1_2035"),
        ((*SURVEY, "--target", "h1_2053"), "h1_2035"),
        ((*SURVEY, "--target", "ghg:all:2035"), "ghg:all:2035"),
        ((*SURVEY, "--target", "ghg:all:1999>=1"), "1999"),
        ((*SURVEY, "--target", "gwg:all:2035>=1"), "ghg"),
        ((*SHOW, "--only", "lien"), "line"),
        ((*SHOW, "--without", "hods"), "hoods"),
        ((*ATTRIBUTE, "--measures", "knwon"), "known"),
        ((*ATTRIBUTE, "--measures", "hoods", "--draws", "1"), "hoods"),
        ((*ATTRIBUTE, "--only", "late", "--draws", "1"), "adopted"),
        ((*SURVEY, "--out", " "), "--out"),
        ((*SURVEY, "--set", "sorting.share=50"), "0.5"),
        (("show", "no-such.yaml"), "no-such"),
        (("show", "tutorial"), "plan.measures"),
        (("survey", "tutorial"), "plan.measures"),
        (("shwo", "mine.yaml"), "show"),
        (("survey",), "FILE"),
    ],
)
def test_what_is_refused(ask, tmp_path, words, said):
    code, told = ask(*words)
    assert code == 2
    assert said in told
    assert [one.name for one in tmp_path.iterdir()] == ["mine.yaml"]


def test_faults_are_told_together(ask):
    code, told = ask("survey", "mine.yaml", "--set", "sorting.share=50", "--by", "pillar", "--out", " ")
    assert code == 2
    assert all(said in told for said in ("sorting.share", "--by", "--out"))


@pytest.mark.parametrize("kind", ["attribute", "survey"])
def test_only_a_folder_of_the_same_kind_is_replaced(ask, tmp_path, kind):
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine", encoding="utf-8")
    code, told = ask(kind, "mine.yaml", "--draws", 100, "--out", "other")
    assert code == 2
    assert "other" in told
    for mark in ('{"kind": "backcast"}', "[]", "no json", "[" * 5000):
        (other / "plan.json").write_text(mark, encoding="utf-8")
        assert ask(kind, "mine.yaml", "--draws", 100, "--out", "other")[0] == 2
    assert (other / "thesis.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_help_names_every_option(ask, lang):
    code, told = ask("--help", lang=lang)
    assert code == 0
    assert all(option in told for option in ("show", "survey", "--target", "--only", "--without", "--measures", "--by"))


def test_the_measure_of_the_docs_can_be_written_that_way(ask, tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "plan.md").read_text("utf-8")
    (tmp_path / "docs.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    code, told = ask("show", "docs.yaml", "--json")
    assert code == 0
    (own,) = [one for one in json.loads(told)["measures"] if one["id"] == "second_line"]
    assert (own["in_effect"], own["full"], own["needs"], own["level"]) == (True, 2034, ["libs_shared"], 0.5)
