"""Faults of the command line and of the files, told together and in a number a person can read."""

from __future__ import annotations

import json

import pytest

from cesim.cli.main import main

PLAN = "extends: chubu-2035\nsorting: {recovery: 90}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return tmp_path


def first_lines(printed):
    return [line for line in printed.splitlines() if not line.startswith("  ")]


@pytest.mark.parametrize("command", ["check", "run"])
def test_options_settings_and_files_are_told_together(folder, capsys, command):
    words = [command, "plan.yaml", "--set", "a", "--set", "b=[1", "--sett", "3", "--lang", "fr"]
    assert main([*words, *(["--draws", "0", "--seed", "x"] if command == "run" else [])]) == 2
    said = first_lines(capsys.readouterr().err)
    run_only = [
        "--draws takes a whole number from 1 to 100,000; 0 was found.",
        "--seed takes a whole number from 0 to 999,999,999,999,999; x was found.",
    ]
    assert said == [
        "--lang cannot be fr.",
        *(run_only if command == "run" else []),
        "--sett is not known here.",
        "--set a: --set takes `path=value`.",
        "--set b: This `[` is not closed, or a `,` is missing.",
        "plan.yaml:2:21: Shares are written from 0 to 1; for 90 % write 0.9.",
        f"{7 if command == 'run' else 5} faults.",
    ]


@pytest.mark.parametrize("found", ["0", "-1", "2.5", "x", "", "100001", "1e3", "1_000", "９", "9" * 5000])
def test_draws_say_what_is_allowed(folder, capsys, found):
    assert main(["run", "plan.yaml", f"--draws={found}", "--lang", "en"]) == 2
    assert f"--draws takes a whole number from 1 to 100,000; {found[:40]} was found." in capsys.readouterr().err
    assert main(["run", "plan.yaml", f"--draws={found}", "--lang", "ja"]) == 2
    assert "--draws には 1 から 100,000 までの整数を指定してください。" in capsys.readouterr().err


def test_full_width_draws_say_what_to_write(folder, capsys):
    assert main(["run", "plan.yaml", "--draws", "１０００", "--lang", "ja"]) == 2
    assert "こう書いてください：1000" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["plan.yaml", "plan.yaml/run", "plan.yaml/a/b"])
def test_a_file_where_the_results_should_go(folder, capsys, out):
    assert main(["run", "tutorial", "--draws", "1", "--out", out, "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{out}: No folder can be made here: ")
    assert [path.name for path in folder.iterdir()] == ["plan.yaml"]


def test_many_faults_are_shown_in_part_and_counted_by_kind(folder, capsys):
    lines = [f"k{number}: 1" for number in range(500)] + ["sorting: {recovery: 90, share: 80}"]
    (folder / "plan.yaml").write_text("\n".join(["extends: chubu-2035", *lines]) + "\n", encoding="utf-8")
    assert main(["check", "plan.yaml", "--lang", "en"]) == 2
    said = first_lines(capsys.readouterr().err)
    assert len(said) == 20 + 1 + 1 + 1 + 1
    assert "plan.yaml:502:21: Shares are written from 0 to 1; for 90 % write 0.9." in said  # the first of its kind
    assert said[20:] == [
        "and 481 more of the same kind, the first of them: plan.yaml:21:1: There is no key k19 here.",
        "and 1 more of the same kind, the first of them: plan.yaml:502:32: "
        "Shares are written from 0 to 1; for 80 % write 0.8.",
        "`--json` with the same command shows every one of them.",
        "502 faults.",
    ]
    assert main(["check", "plan.yaml", "--json"]) == 2
    assert len(json.loads(capsys.readouterr().out)["files"][0]["faults"]) == 502


def test_twenty_faults_are_all_shown(folder, capsys):
    lines = [f"k{number}: 1" for number in range(20)]
    (folder / "plan.yaml").write_text("\n".join(["extends: chubu-2035", *lines]) + "\n", encoding="utf-8")
    assert main(["check", "plan.yaml", "--lang", "en"]) == 2
    assert len(first_lines(capsys.readouterr().err)) == 20 + 1


def test_one_draw_is_not_counted_as_many(folder, capsys):
    years = ["--set", "years.start=2024", "--set", "years.end=2025", "--set", "report.years=[2025]"]
    assert main(["run", "tutorial", "--draws", "1", "--no-report", *years, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "1 draws" not in said
    assert "draws 1, seed 0" in said


YEARS = ["--set", "years.start=2024", "--set", "years.end=2025", "--set", "report.years=[2025]"]


def test_a_run_that_replaces_another_says_which(folder, capsys):
    words = ["run", "tutorial", "--no-report", *YEARS, "--lang", "ja"]
    assert main([*words, "--draws", "1", "--seed", "3"]) == 0
    assert "置き換え" not in capsys.readouterr().out
    assert main([*words, "--draws", "1"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-2:] == [
        "シナリオ「練習用」の前の計算結果（試行 1、乱数の種 3）を置き換えました。",
        "runs/tutorial に書き出しました",
    ]
    assert main([*words, "--draws", "1", "--json"]) == 0
    replaced = json.loads(capsys.readouterr().out)["replaced"]
    assert replaced == {"scenario": {"ja": "練習用", "en": "Tutorial"}, "draws": 1, "seed": 0}


@pytest.mark.parametrize(("draws", "rough"), [(1, False), (2, True), (19, True), (20, False)])
def test_ranges_of_few_draws_are_called_rough(folder, capsys, draws, rough):
    assert main(["run", "tutorial", "--no-report", *YEARS, "--draws", str(draws), "--lang", "ja"]) == 0
    said = f"試行が {draws} 回と少ないため、幅は目安です。"
    assert (said in capsys.readouterr().out) is rough


@pytest.mark.parametrize("out", ["", " "])
def test_an_empty_folder_name_is_refused(folder, capsys, out):
    assert main(["run", "plan.yaml", "--out", out, "--lang", "en"]) == 2
    said = first_lines(capsys.readouterr().err)
    assert said[0] == "A value is missing after --out."
    assert "plan.yaml:2:21" in said[1]
    assert main(["hindcast", "--out", out, "--lang", "en"]) == 2
    assert [path.name for path in folder.iterdir()] == ["plan.yaml"]


def test_a_file_that_hides_a_shipped_scenario_is_said_to_be_run(folder, capsys):
    (folder / "tutorial.yaml").write_text("extends: japan-baseline\n", encoding="utf-8")
    assert main(["run", "tutorial", "--no-report", *YEARS, "--draws", "1", "--json", "--lang", "en"]) == 0
    printed = capsys.readouterr()
    said = "note: The file tutorial.yaml in this folder is run, not the scenario tutorial that ships with cesim.\n"
    assert printed.err == said
    assert json.loads(printed.out)["run"]["scenario"]["name"]["en"] == "Japan as today"


@pytest.mark.parametrize("file", ["tutorial", "tutorial.yaml"])
def test_a_shipped_scenario_and_a_file_that_was_named_hide_nothing(folder, capsys, file):
    if file == "tutorial.yaml":
        (folder / file).write_text("extends: japan-baseline\n", encoding="utf-8")
    assert main(["run", file, "--no-report", *YEARS, "--draws", "1", "--lang", "en"]) == 0
    assert capsys.readouterr().err == ""


def test_a_remark_is_no_fault(folder, capsys):
    text = "extends: tutorial\nsorting: {share: {2025: 0.03, 2099: 0.7}}\n"
    (folder / "long.yaml").write_text(text, encoding="utf-8")
    assert main(["check", "long.yaml", "--lang", "ja"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "long.yaml：誤りはありません。\n"
    assert printed.err.startswith("long.yaml:2:31: 注意：2099年は計算の最後の年（2036年）より後です。")
    assert main(["check", "long.yaml", "--json"]) == 0
    assert [told["code"] for told in json.loads(capsys.readouterr().out)["remarks"]] == ["year_after_run"]


def test_the_page_of_the_hindcast_is_in_the_language_of_the_reader(folder, capsys):
    assert main(["hindcast", "--lang", "en"]) == 0
    assert "**Summary**" in capsys.readouterr().out
    assert main(["hindcast", "--help", "--lang", "en"]) == 0
    assert "file to write the page to" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--lang", "fr", "check", "plan.yaml"], ["check", "plan.yaml", "--lang=fr"]])
def test_a_language_that_is_not_spoken_says_which_are(folder, capsys, words):
    assert main(words) == 2
    assert "--lang cannot be fr.\n       = allowed: ja, en\n" in capsys.readouterr().err


def test_an_empty_name_is_no_folder(folder, capsys):
    assert main(["check", "", "--lang", "en"]) == 2
    assert "There is no scenario" in capsys.readouterr().err


def test_the_value_of_an_unknown_option_is_not_told_by_itself(folder, capsys):
    assert main(["data", "list", "a", "b", "--lnag", "ja", "--lang", "en"]) == 2
    said = first_lines(capsys.readouterr().err)
    assert said == ["b is one word too many.", "--lnag is not known here.", "2 faults."]
