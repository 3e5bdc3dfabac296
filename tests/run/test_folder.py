"""A run folder vouches for its tables: what is broken, or belongs to another run, is told and never reported on."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest

import cesim
from cesim.cli.main import main
from cesim.errors import InputError
from cesim.run import simulate
from cesim.run.folder import TABLES, check_target


@pytest.fixture(scope="module")
def saved(short, tmp_path_factory):
    return simulate(short, draws=3, seed=1, workers=1).save(tmp_path_factory.mktemp("runs") / "mine")


@pytest.fixture
def mine(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "mine")


def faults_of(folder):
    with pytest.raises(InputError) as caught:
        cesim.open_run(folder)
    return [(fault.code, str(fault.place).removeprefix(f"{folder}/")) for fault in caught.value.faults]


def test_the_record_holds_the_sum_of_every_table(mine):
    told = json.loads((mine / "run.json").read_text(encoding="utf-8"))["tables"]
    assert told == {name: hashlib.sha256((mine / f"{name}.parquet").read_bytes()).hexdigest() for name in TABLES}


def test_the_same_seed_gives_the_same_folder(short, saved, tmp_path):
    again = simulate(short, draws=3, seed=1, workers=1).save(tmp_path / "again")
    assert (again / "run.json").read_bytes() == (saved / "run.json").read_bytes()


@pytest.mark.parametrize(
    ("text", "code", "place", "missing"),
    [
        ("{}", "record_lacks", "run.json", "cesim"),
        ("[]", "record_lacks", "run.json", "{…}"),
        ("", "not_json", "run.json:1:1", None),
        ('{"cesim": "0.1.0",\n', "not_json", "run.json:2:1", None),
        ("\udcff", "not_json", "run.json", None),
        ("[" * 100_000, "not_json", "run.json", None),
    ],
)
def test_a_record_that_is_none(mine, text, code, place, missing, capsys):
    (mine / "run.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert faults_of(mine) == [(code, place)]
    assert main(["report", str(mine), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{mine}/{place}: This is no record of a run: ")
    assert missing is None or missing in said
    assert not (mine / "report.html").exists()


@pytest.mark.parametrize(
    ("path", "value"),
    [("scenario.name.ja", 3), ("draws", True), ("certificate.checks", []), ("regions", [{}]), ("tables", None)],
)
def test_an_entry_of_the_record_that_was_changed_is_named(mine, path, value):
    held = json.loads((mine / "run.json").read_text(encoding="utf-8"))
    *above, last = path.split(".")
    into = held
    for key in above:
        into = into[key]
    into[last] = value
    (mine / "run.json").write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(InputError, match=path.replace(".", r"\.")):
        cesim.open_run(mine)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty_table"), (b"PAR1 and then nothing", "table_of_another_run")],
    ids=["empty", "corrupt"],
)
@pytest.mark.parametrize("table", ["flows", "limits"])
def test_a_table_that_cannot_be_read_is_named(mine, table, data, code, capsys):
    (mine / f"{table}.parquet").write_bytes(data)
    assert faults_of(mine) == [(code, f"{table}.parquet")]
    assert main(["report", str(mine), "--lang", "ja"]) == 2
    assert capsys.readouterr().err.startswith(f"{mine}/{table}.parquet: ")


def test_a_table_of_another_run_is_refused(short, mine, tmp_path, capsys):
    other = simulate(short, draws=3, seed=2, workers=1).save(tmp_path / "other")
    shutil.copy(other / "indicators.parquet", mine)
    assert faults_of(mine) == [("table_of_another_run", "indicators.parquet")]
    assert main(["report", str(mine), "--lang", "en"]) == 2
    assert "indicators.parquet: This table is not the one this run wrote" in capsys.readouterr().err


def test_every_table_that_does_not_belong_is_told(mine):
    shutil.copy(mine / "flows.parquet", mine / "stocks.parquet")
    (mine / "draws.parquet").write_bytes(b"")
    assert faults_of(mine) == [("empty_table", "draws.parquet"), ("table_of_another_run", "stocks.parquet")]


def test_a_table_that_is_vouched_for_and_no_table(mine):
    held = json.loads((mine / "run.json").read_text(encoding="utf-8"))
    (mine / "flows.parquet").write_bytes(b"no table")
    held["tables"]["flows"] = hashlib.sha256(b"no table").hexdigest()
    (mine / "run.json").write_text(json.dumps(held), encoding="utf-8")
    assert faults_of(mine) == [("cannot_read", "flows.parquet")]


@pytest.mark.parametrize("text", ["[]", '{"scenario": []}', "3", "{"])
def test_a_folder_whose_record_is_none_is_not_written_over(tmp_path, text):
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        check_target(tmp_path, {"ja": "x", "en": "x"})
    assert [fault.code for fault in caught.value.faults] == ["folder_in_use"]


def test_the_first_and_the_last_year_of_the_record_are_both_computed(saved):
    run = cesim.open_run(saved)
    first, last = run.about["years"]
    assert sorted(set(run.flows["year"])) == list(range(first, last + 1))
