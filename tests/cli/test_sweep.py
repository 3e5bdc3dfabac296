"""What `cesim sweep` refuses: exit 2, the place, the remedy in both languages, and no folder has changed."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "sweep"))

from made_up_scenarios import text

import cesim.cli.main
from cesim.cli.faults import lines
from cesim.cli.main import main

KANA = re.compile("[ぁ-ヿ]")
STUDY = "scenarios: [tiny]\nvary: [market.sales]\nindicators: [primary_demand]\ndesign: {samples: 10}\n"
ASKED = ["study.yaml", "--workers", "1", "--no-report"]


def sketch(folder):
    """Every file with its bytes; of the file that marks a writer only what is in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with the smallest scenario, a study of it and what that study came to."""
    folder = tmp_path_factory.mktemp("made")
    before = Path.cwd()
    os.chdir(folder)
    try:
        Path("tiny.yaml").write_text(text(), encoding="utf-8")
        Path("other.yaml").write_text(text(sorting__share=0.3), encoding="utf-8")
        Path("study.yaml").write_text(STUDY, encoding="utf-8")
        assert main(["--lang", "en", "sweep", *ASKED, "--out", "store"]) == 0
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def desk(made, tmp_path, monkeypatch):
    """A copy of that folder to work in."""
    shutil.copytree(made, tmp_path / "desk")
    monkeypatch.chdir(tmp_path / "desk")
    return tmp_path / "desk"


@pytest.fixture
def refused(desk, monkeypatch, capsys):
    """Ask for what must be refused; return the codes of the faults and what both languages say."""
    seen = []
    told = cesim.cli.main.show
    monkeypatch.setattr(cesim.cli.main, "show", lambda faults, *rest: (seen.append(faults), told(faults, *rest)))

    def ask(*words, command="sweep", code=2):
        before = sketch(desk)
        assert main(["--lang", "ja", command, *map(str, words)]) == code
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        assert sketch(desk) == before
        (faults,) = seen
        japanese, english = (
            "\n".join(line for fault in faults for line in lines(fault, lang)) for lang in ("ja", "en")
        )
        assert printed.err.startswith(japanese.splitlines()[0])
        assert KANA.search(japanese)
        assert not KANA.search(english)
        for said in (japanese, english):
            own = [line for line in said.splitlines() if " | " not in line]  # not those of the file, shown with a caret
            assert not any("{" in line.replace("lots: {first", "") for line in own)
        return [fault.code for fault in faults], japanese, english

    return ask


@pytest.mark.parametrize(
    ("words", "codes", "remedy"),
    [
        (["--vary", "market.sale"], ["sweep_vary_unknown"], ["market.sales"]),
        (["--vary", "years.start"], ["sweep_vary_unknown"], ["`*`"]),
        (["--vary", "sorting.share"], ["sweep_vary_certain"], ["--sample sorting.share=LOW..HIGH"]),
        (["--lever", "sorting.shares=0.1,0.2"], ["unknown_key"], ["--lever sorting.shares: ", "share"]),
        (["--sample", "no.such=1..2"], ["unknown_key"], ["no.such"]),
        (["--vary", "sorting.share", "--lever", "sorting.share=0.1"], ["sweep_lever_varies"], ["--keep sorting.share"]),
        (["--vary", "sorting.share", "--sample", "sorting.share=0.1..0.2"], ["sweep_lever_varies"], ["`keep`"]),
        (["--vary", "sorting.shar*", "--lever", "sorting.share=0.1"], ["sweep_lever_varies"], ["--vary: "]),
        (["--keep", "sorting.shares"], ["sweep_keep_unknown"], ["--keep: "]),
        (["--lever", "sorting.share"], ["sweep_lever_unread"], ["A,B,C"]),
        (["--lever", "=1"], ["sweep_lever_unread"], ["A,B,C"]),
        (["--lever", "sorting.share=0.1,0.1"], ["sweep_named_alike"], ["share=0.1"]),
        (["--lever", "sorting.share=0.1", "--lever", "sorting.share=0.2"], ["sweep_given_twice"], ["=A,B,C"]),
        (["--lever", "sorting.share=nan"], ["need_number"], ["--lever sorting.share: "]),
        (["--lever", "sorting.share=2"], ["share_as_percent"], ["0.02"]),
        (["--sample", "sorting.share=a..b"], ["sweep_sample_unread"], ["LOW..HIGH", "下限..上限"]),
        (["--sample", "sorting.share=nan..1"], ["not_finite"], ["--sample sorting.share: "]),
        (["--design", "sobol", "--samples", "1"], ["sweep_sobol_too_small"], ["--samples: ", "256"]),
        (["--design", "hypercube", "--samples", "1"], ["sweep_hypercube_too_small"], ["100"]),
        (["--design", "saltelli", "--samples", "1"], ["sweep_saltelli_too_small"], ["256"]),
        (["--design", "morris", "--samples", "1"], ["sweep_morris_too_small"], ["10"]),
        (["--design", "morris", "--levels", "3"], ["sweep_morris_levels"], ["4"]),
        (["--design", "factorial", "--levels", "100", "--vary", "market.*"], ["sweep_factorial_too_large"], ["sobol"]),
        (["--design", "table"], ["sweep_table_needs_file"], ["--table points.csv"]),
        (["--design", "table", "--table", "none.csv"], ["no_such_file"], ["none.csv"]),
        (["--design", "table", "--table", "."], ["sweep_table_is_folder"], ["CSV"]),
        (["--design", "lhs"], ["option_bad_value"], ["hypercube"]),
        (["--design", "sobol", "--samples", "0"], ["not_in_span"], ["--samples"]),
        (["--indicators", "primary_demands"], ["sweep_indicator_unknown"], ["primary_demand"]),
        (["--indicators", ","], ["option_needs_value"], ["--indicators"]),
        (["--regions", "north"], ["sweep_region_unknown"], ["east"]),
        (["--years", "1990"], ["sweep_year_outside"], ["2024", "2025"]),
        (["--years", ""], ["option_needs_value"], ["--years"]),
        (["--limit", "soon"], ["sweep_limit"], ["soon"]),
        (["--limit", "-1"], ["out_of_range"], ["--limit: -1"]),
        (["--shard", "3/2"], ["sweep_shard"], ["2/8"]),
        (["--shard", "0/0"], ["sweep_shard"], ["2/8"]),
        (["--shard", "a/b"], ["sweep_shard"], ["2/8"]),
        (["--shard", ""], ["sweep_shard"], ["2/8"]),
        (["--out", ""], ["option_needs_value"], ["--out"]),
        (["other.yaml"], ["sweep_two_files"], ["scenarios: [a, b]"]),
        (["--workers", "0"], ["not_in_span"], ["--workers"]),
        (["--to", "0"], ["not_in_span"], ["--to"]),
        (["--to", "20", "--design", "hypercube"], ["sweep_not_extensible"], ["sobol"]),
        (["--dask", "tcp://127.0.0.1:1"], ["sweep_workers_on_cluster"], ["1"]),
        (["--engine", "events"], ["sweep_lots_needed"], ["--lots 2035"]),
        (["--engine", "events", "--lots", "1999"], ["year_outside_balance"], ["--lots: ", "2024"]),
        (["--engine", "events", "--lots", "19"], ["option_no_year"], ["2035"]),
        (["--years", "1990,many"], ["not_a_year"], ["--years: "]),
        (["--sample", "sorting.share=0.1..9"], ["share_as_percent"], ["--sample sorting.share: ", "0.09"]),
        (["--sample", "years.start=2020..2022"], ["sweep_sample_no_range"], ["--sample years.start=A,B,C"]),
        (["--seed", "-1"], ["not_in_span"], ["--seed"]),
    ],
)  # fmt: skip
def test_a_command_that_cannot_be_carried_out(refused, words, codes, remedy):
    file, *rest = ASKED
    found, japanese, english = refused(file, *words, *rest, "--out", "new") if "--out" not in words else refused(
        file, *words, *rest)  # fmt: skip
    assert found == codes
    for word in remedy:
        assert word in japanese + english
    assert not Path("new").exists()
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    ("study", "place", "code"),
    [
        (STUDY + "indicatorz: [a]\n", "5:1", "unknown_key"),
        ("scenarios: [tiny]\ndesign:\n  samples: many\n", "3:12", "need_whole_number"),
        ("scenarios:\n- tiny\n- nowhere\n", "3:3", "no_such_scenario"),
        ("scenarios: [tiny]\ndesign:\n\tsamples: 3\n", "3:1", "tab"),
        (STUDY + "levers: {sorting.share: []}\n", "5:25", "wrong_length"),
        (STUDY + "years: []\n", "5:8", None),
        ("scenarios: []\n", "1:12", "wrong_length"),
        (STUDY + "levers:\n  sorting.shares: [0.1]\n", "6:3", "unknown_key"),
        (STUDY + "sampled:\n  sorting.share: {low: 0.5, high: 0.2}\n", "6:35", "sweep_span_empty"),
        (STUDY + "levers: {sorting.share: [0.1]}\nsampled: {sorting.share: [0.2]}\n", "6:11", "sweep_lever_twice"),
        (STUDY + "engine: events\n", "5:9", "sweep_lots_needed"),
        (STUDY + "vary: ['*']\n", "5:1", "duplicate_key"),
        (STUDY.replace("market.sales", "market.sale"), "2:8", "sweep_vary_unknown"),
        (STUDY + "keep: [nothing]\n", "5:8", "sweep_keep_unknown"),
        (STUDY.replace("primary_demand", "demand"), "3:14", "sweep_indicator_unknown"),
        (STUDY + "regions: [east, north]\n", "5:17", "sweep_region_unknown"),
        (STUDY + "years: [2025, 1990]\n", "5:15", "sweep_year_outside"),
        (STUDY + "years: some\n", "5:8", "not_a_choice"),
        ("scenarios: [tiny]\ndesign:\n  kind: sobol\n  samples: 1\n", "4:12", "sweep_sobol_too_small"),
        (STUDY + "engine: events\nlots: {first: 1999}\n", "6:15", "year_outside_balance"),
        (STUDY + "engine: events\nlots: {first: 2025, last: 2024}\n", "6:27", "years_turned_round"),
        (STUDY + "correlated: [{between: [market.sales, a.b], rho: 0.5}]\n", "5:13", "sweep_correlated_keyed"),
        (STUDY + "levers: {sorting.share: [0.1, 0.1]}\n", "5:10", "sweep_named_alike"),
        (STUDY + "limit_s: .nan\n", "5:10", "not_finite"),
        ("vary: [market.sales]\nseed: 3\n", "1:1", "missing_key"),
        ("scenarios: &a [*a]\n", "1:16", None),
        ("just words\n", None, None),
        ("scenarios: [tiny\n", None, None),
    ],
)  # fmt: skip
def test_a_study_that_is_wrong_is_told_with_line_and_column(refused, desk, study, place, code):
    (desk / "wrong.yaml").write_text(study, encoding="utf-8")
    found, japanese, english = refused("wrong.yaml", "--out", "new")
    assert code is None or found == [code]
    for said in (japanese, english):
        assert f"wrong.yaml:{place or ''}" in said or place is None
        assert "wrong.yaml" in said


def test_levers_of_the_file_and_of_options_are_told_where_each_was_written(refused, desk):
    """Also where the file has its levers from another study, and that study its scenarios."""
    (desk / "below.yaml").write_text(f"{STUDY}levers:\n  sorting.shares: [0.1]\n", encoding="utf-8")
    (desk / "wrong.yaml").write_text("extends: below.yaml\nseed: 3\n", encoding="utf-8")
    found, _, english = refused("wrong.yaml", "--lever", "market.sale=1", "--out", "new")
    assert found == ["unknown_key", "unknown_key"]
    assert "--lever market.sale: " in english
    assert "below.yaml:6:3: " in english


@pytest.mark.parametrize(
    "words", [["--seed", "0", "--replicates", "1", "--lever", "sorting.share=0.05"], ["--others", "best"]]
)
def test_what_holds_anyhow_may_be_said(desk, capsys, words):
    """Defaults written out are the same study; a lever is another."""
    code = main(["--lang", "en", "sweep", *ASKED, "--out", "store", "--resume", *words])
    assert code == (2 if "--lever" in words else 0)
    told = capsys.readouterr()
    assert ("alternatives" in told.err) is ("--lever" in words)


def test_a_pattern_with_a_star_leaves_levers_out_and_says_so(desk, capsys):
    """`market.sales` has a range, `sorting.share` has none: only the first would have varied."""
    (desk / "two.yaml").write_text(STUDY.replace("market.sales", "market.*, sorting.*"), encoding="utf-8")
    levers = ["--lever", "market.sales=1000000", "--lever", "sorting.share=0.1"]
    assert main(["--lang", "en", "sweep", "two.yaml", *ASKED[1:], *levers, "--samples", "2", "--out", "new"]) == 0
    told = capsys.readouterr()
    assert "`market.sales` is decided" in told.err
    assert "two.yaml:2:8" in told.err
    assert "sorting.share" not in told.err


def test_no_result_at_all(desk, capsys):
    """Exit code 3, the reasons in words on the error stream, in JSON as well; a report can be written of it."""
    asked = ["tutorial", "--samples", "2", "--proofs", "all", "--workers", "1", "--no-report"]  # seconds for each
    assert main(["--lang", "en", "sweep", *asked, "--limit", "0.001", "--out", "new"]) == 3
    told = capsys.readouterr()
    assert "None of the 2 runs has a result." in told.err
    assert "2 x out of time: The run was stopped: it was not done within 0.001 s." in told.err
    assert main(["--lang", "ja", "report", "new"]) == 0
    assert "sweep_run_too_long" not in Path("new/report.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["--lang", "ja", "replay", "new", "0"]) == 3
    assert "--limit" in capsys.readouterr().err
    assert main(["--lang", "ja", "sweep", *asked, "--limit", "100", "--out", "new", "--resume"]) == 0


def test_going_on_says_what_it_begins_and_what_it_extends_and_puts_back_what_was_lost(desk, capsys):
    assert main(["--lang", "en", "sweep", *ASKED, "--out", "store", "--resume"]) == 0
    assert capsys.readouterr().err == ""
    shutil.rmtree("store/scenarios")
    Path("store/study.yaml").unlink()
    for command in (["report", "store"], ["replay", "store", "0"]):
        assert main(["--lang", "en", *command]) == 2
        assert "--resume" in capsys.readouterr().err
    assert main(["--lang", "en", "sweep", *ASKED, "--out", "store", "--resume"]) == 0
    assert main(["--lang", "en", "report", "store"]) == 0
    assert Path("store/report.html").is_file()
    capsys.readouterr()
    assert main(["--lang", "en", "sweep", *ASKED, "--out", "store", "--resume", "--samples", "12"]) == 0
    assert "begun with 10 samples and the study asks for 12" in capsys.readouterr().err
    assert main(["--lang", "en", "sweep", *ASKED, "--out", "store", "--resume"]) == 0
    assert "2 more points" in capsys.readouterr().out
    assert main(["--lang", "en", "sweep", *ASKED, "--out", "new", "--resume", "--shard", "1/2"]) == 0
    assert "the sweep is begun" in capsys.readouterr().err
    assert main(["--lang", "en", "report", "new"]) == 2
    assert "merge" in capsys.readouterr().err


def test_the_folder_of_a_sweep_in_place_of_its_study(refused):
    found, *said = refused("store", "--out", "new")
    assert found == ["sweep_folder_as_study"]
    assert all("store/study.yaml --resume --out store" in one for one in said)


@pytest.mark.parametrize("content", [b"scenarios: [tiny]\n\x00\xff\xfe\x80\n", bytes(range(256)), b"\x89PNG\r\n\x1a\n"])
def test_a_study_that_is_no_text(refused, desk, content):
    (desk / "wrong.yaml").write_bytes(content)
    found, *said = refused("wrong.yaml", "--out", "new")
    assert found
    assert all("wrong.yaml" in one for one in said)


def test_a_table_with_bad_cells(refused, desk):
    (desk / "points.csv").write_text("p(market.sales)\n0.5\n1.5\nx\n\n0\n", encoding="utf-8")
    found, japanese, english = refused("study.yaml", "--design", "table", "--table", "points.csv")
    assert found == ["sweep_table_cell_outside", "sweep_table_cell_not_number", "sweep_table_cell_outside"]
    for place in ("points.csv:3:1", "points.csv:4:1", "points.csv:6:1"):
        assert place in japanese
        assert place in english


def test_a_table_that_does_not_say_whether_it_holds_values(refused, desk):
    (desk / "points.csv").write_text("market.sales\n0.5\n", encoding="utf-8")
    found, japanese, english = refused("study.yaml", "--design", "table", "--table", "points.csv")
    assert found == ["sweep_table_bare"]
    for said in (japanese, english):
        assert "p(market.sales)" in said
        assert "[vehicles]" in said


def test_a_table_with_a_strange_column(refused, desk):
    (desk / "points.csv").write_text("p(market.sale)\n0.5\n", encoding="utf-8")
    found, _, english = refused("study.yaml", "--design", "table", "--table", "points.csv")
    assert found == ["sweep_table_column_unknown"]
    assert "market.sales" in english


@pytest.mark.parametrize(
    ("stop", "codes"),
    [
        ("indicator: surplus_scrap, year: 2025", 1),
        ("indicator: primary_demand, region: west, year: 2025", 1),
        ("indicator: nothing, region: north, year: 2031", 3),
    ],
)
def test_a_stop_rule_on_what_is_not_kept_is_refused_before_anything_is_answered(refused, desk, stop, codes):
    (desk / "wrong.yaml").write_text(f"{STUDY}stop: {{{stop}, half_width: 1.0, most: 20}}\n", encoding="utf-8")
    found, *_ = refused("wrong.yaml", "--workers", "1", "--out", "new")
    assert found == ["sweep_stop_unknown"] * codes
    assert not (desk / "new").exists()


def test_a_stop_rule_and_shards(refused, desk):
    stop = "stop: {indicator: primary_demand, year: 2025, half_width: 1.0, most: 20}\n"
    (desk / "wrong.yaml").write_text(STUDY + stop, encoding="utf-8")
    found, *_ = refused("wrong.yaml", "--shard", "1/2", "--out", "new")
    assert found == ["sweep_shard_with_stop"]


@pytest.mark.parametrize(
    ("words", "codes", "remedy"),
    [
        ([], ["sweep_exists"], ["--resume", "--to N", "--out DIR"]),
        (["--resume", "--seed", "3"], ["sweep_other_study"], ["seed", "--out"]),
        (["--resume", "--lever", "sorting.share=0.1,0.2"], ["sweep_other_study"], ["alternatives", "--out"]),
        (["--resume", "--indicators", "surplus_scrap"], ["sweep_other_study"], ["shape"]),
        (["--resume", "--shard", "1/2"], ["sweep_shard_asked"], ["1/2", "cesim sweep merge"]),
        (["--to", "9"], ["sweep_fewer"], ["10"]),
        (["--to", "20", "--replicates", "2"], ["sweep_other_study"], ["study"]),
    ],
)  # fmt: skip
def test_a_folder_with_another_sweep(refused, words, codes, remedy):
    found, japanese, english = refused(*ASKED, *words, "--out", "store")
    assert found == codes
    for word in remedy:
        assert word in japanese
        assert word in english


def test_another_scenario_under_the_same_name(refused, desk):
    shutil.copy("other.yaml", "tiny.yaml")
    found, _, english = refused(*ASKED, "--resume", "--out", "store")
    assert found == ["sweep_other_study"]
    assert "alternatives" in english


@pytest.mark.parametrize(
    ("entry", "value", "code", "remedy"),
    [
        ("cesim", "0.0.1", "sweep_other_version", "0.0.1"),
        ("code", "0" * 64, "sweep_other_code", "--out"),
        ("packages", {"numpy": "1.0"}, "sweep_other_packages", "numpy 1.0"),
        ("data_hash", "0" * 64, "sweep_other_data", "0" * 12),
    ],
)
@pytest.mark.parametrize("words", [["--resume"], ["--to", "20"]])
def test_a_folder_of_another_program(refused, desk, entry, value, code, remedy, words):
    file = desk / "store" / "lock.json"
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), entry: value}), encoding="utf-8")
    found, japanese, english = refused(*ASKED, *words, "--out", "store")
    assert found == [code]
    assert remedy in japanese
    assert remedy in english


@pytest.mark.parametrize("words", [[], ["--resume"], ["--to", "20"]])
def test_a_folder_that_is_something_else(refused, desk, words):
    (desk / "thesis").mkdir()
    (desk / "thesis" / "chapter.docx").write_bytes(b"mine")
    found, *said = refused(*ASKED, *words, "--out", "thesis")
    assert found == (["sweep_no_store"] if words else ["folder_in_use"])
    assert all("thesis" in one for one in said)


@pytest.mark.parametrize("out", ["study.yaml", "study.yaml/below"])
def test_a_folder_that_is_a_file(refused, out):
    found, *said = refused(*ASKED, "--out", out)
    assert len(found) == 1
    assert all("study.yaml" in one for one in said)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_takes_nothing(refused, desk, monkeypatch, number):
    """As `root`, whom no folder refuses, and with room on the disk, the refusal is played."""

    def refuse(self, content):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    found, *said = refused(*ASKED, "--out", "new")
    assert found == ["sweep_disk_full" if number == errno.ENOSPC else "sweep_read_only"]
    assert all("--resume" in one for one in said)
    assert not (desk / "new").exists()


def test_a_disk_that_is_full_by_then_keeps_what_was_answered(desk, monkeypatch, capsys):
    """The part cannot be written; the runs wait in the run log, and going on ends with the same bytes."""

    def refuse(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("cesim.sweep.store.parts.os.fsync", refuse)
        assert main(["--lang", "en", "sweep", *ASKED, "--out", "new"]) == 2
    said = capsys.readouterr().err
    assert "--resume" in said
    assert "Traceback" not in said
    assert main(["--lang", "en", "sweep", *ASKED, "--out", "new", "--resume", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["before"] == 10
    for name in ("results/part-000000.parquet", "study.yaml"):
        assert (desk / "new" / name).read_bytes() == (desk / "store" / name).read_bytes()


@pytest.mark.slow
def test_an_address_at_which_nobody_listens(refused, desk):
    """Nothing is left behind, so that the same words with the right address will do."""
    found, *said = refused("study.yaml", "--dask", "tcp://127.0.0.1:1", "--out", "new")
    assert found == ["sweep_dask_unreachable"]
    assert all("dask scheduler" in one for one in said)
    assert not (desk / "new").exists()


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ([], ["missing_argument"]),
        (["new"], ["missing_argument"]),
        (["new", "nowhere"], ["sweep_no_folder"]),
        (["new", "store"], ["sweep_not_a_shard"]),
        (["new", "store", "--seed", "3"], ["sweep_option_of_merge"]),
    ],
)
def test_what_cannot_be_merged(refused, words, codes):
    found, *_ = refused("merge", *words)
    assert found == codes


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ([], ["missing_argument"]),
        (["store"], ["missing_argument"]),
        (["store", "out.xlsx"], ["wrong_ending"]),
        (["store", "there.csv"], ["already_there"]),
        (["store", "nowhere/out.csv"], ["no_such_folder"]),
        (["store", "out.csv", "more.csv"], ["sweep_export_two_files"]),
        (["store", "out.csv", "--seed", "3"], ["sweep_option_of_export"]),
        (["store", "out.csv", "--partial"], ["sweep_option_of_export"]),
        (["nothing", "out.csv"], ["sweep_no_folder"]),
    ],
)
def test_what_cannot_be_exported(desk, refused, words, codes):
    (desk / "there.csv").write_text("mine", encoding="utf-8")
    found, *_ = refused("export", *words)
    assert found == codes
