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
