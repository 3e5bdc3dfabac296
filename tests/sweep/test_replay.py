"""`cesim replay`: one run again, the same to the last bit, or it is said that it is not."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

from made_up_scenarios import text

from cesim.cli.main import main
from cesim.errors import InputError, NoAnswer
from cesim.sweep.execute import Means
from cesim.sweep.planning import plan_of
from cesim.sweep.reading import read_study
from cesim.sweep.replay import replay
from cesim.sweep.store import open_study
from cesim.sweep.sweeping import sweep

STUDY = {
    "scenarios": ["tiny"],
    "levers": {"sorting.share": [0.05, 0.6]},
    "sampled": {"market.production": {"low": 3.6e6, "high": 9e6}},
    "vary": ["market.sales"],
    "indicators": ["primary_demand", "elv_6xxx"],
    "design": {"kind": "sobol", "samples": 24},
    "replicates": 2,
    "others": "drawn",
    "proofs": "none",
}
"""In some futures fewer cars are built than are sold at home, and there is no answer."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    (folder / "tiny.yaml").write_text(text(years__end=2024, report__years=[2024]), encoding="utf-8")
    (folder / "study.yaml").write_text(yaml.safe_dump(STUDY, sort_keys=False), encoding="utf-8")
    sweep(plan_of(read_study(str(folder / "study.yaml"), {})), folder / "sweep", Means(1))
    return folder / "sweep"


@pytest.fixture
def study(made, tmp_path):
    """The study in another folder, far from its scenario."""
    shutil.copytree(made, tmp_path / "elsewhere" / "study")
    return tmp_path / "elsewhere" / "study"


def of_status(study, status):
    runs = open_study(study).runs()
    return runs.loc[runs["status"] == status, "run"].tolist()


def test_every_kind_of_run_comes_to_the_same_wherever_the_folder_lies(study):
    tables = open_study(study)
    cube = tables.cube(tables.lock.shape.indicators)
    done = of_status(study, "done")
    for run in (done[0], done[1], done[len(done) // 2], done[-1]):
        found = replay(study, run)
        assert (found.run, found.reason) == (run, "")
        assert found.cell == tables.lock.shape.cell(run)
        assert found.alternative == tables.lock.shape.alternatives[found.cell.alternative]
        kept = cube[:, found.cell.point, found.cell.replicate, found.cell.alternative]
        np.testing.assert_array_equal(found.values.T, kept)


def test_a_run_that_failed_fails_again(study, capsys):
    failed = of_status(study, "no_answer")
    assert 2 < len(failed) < 48
    found = replay(study, failed[-1])
    assert found.reason == open_study(study).runs().set_index("run")["reason"][failed[-1]]
    assert found.reason.startswith("fewer_built_than_stay")
    assert main(["--lang", "en", "replay", str(study), str(failed[0])]) == 0
    assert "fewer_built_than_stay" in capsys.readouterr().out


def test_the_command_says_so(study, capsys):
    run = of_status(study, "done")[3]
    for lang in ("ja", "en"):
        assert main(["--lang", lang, "replay", str(study), str(run)]) == 0
        assert str(run) in capsys.readouterr().out
    assert main(["--lang", "en", "replay", str(study), str(run), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    shape = open_study(study).lock.shape
    assert (told["same"], told["run"]) == (True, run)
    assert (told["point"], told["replicate"]) == shape.cell(run)[:2]
    assert told["alternative"] == shape.alternatives[shape.cell(run).alternative]


def change_log(study, what):
    with closing(sqlite3.connect(study / "runs.sqlite")) as log:
        log.execute(what)
        log.commit()


def change_part(study, run):
    """Write the part anew with the smallest change that a value can have."""
    path = study / "results" / "part-000000.parquet"
    table = pq.read_table(path)
    values = table["elv_6xxx"].to_numpy().copy()
    at = pc.index(table["run"], run).as_py()
    values[at] = np.nextafter(values[at], np.inf)
    pq.write_table(table.set_column(table.schema.get_field_index("elv_6xxx"), "elv_6xxx", pa.array(values)), path)


@pytest.mark.parametrize("where", ["part", "hash", "status"])
def test_a_value_that_was_changed_is_found(study, capsys, where):
    done = of_status(study, "done")
    run, other = done[5], done[6]
    if where == "part":
        change_part(study, run)
    elif where == "hash":
        change_log(study, f"UPDATE runs SET hash = '{'0' * 32}' WHERE run = {run}")
    else:
        change_log(study, f"UPDATE runs SET status = 'no_answer', hash = '' WHERE run = {run}")
    with pytest.raises(NoAnswer) as caught:
        replay(study, run)
    assert [fault.code for fault in caught.value.faults] == ["sweep_replay_differs"]
    for lang in ("ja", "en"):
        assert main(["--lang", lang, "replay", str(study), str(run)]) == 3
        said = capsys.readouterr().err
        assert str(run) in said
        assert "Traceback" not in said
    assert replay(study, other).run == other


def test_a_failure_that_was_none_is_found(study):
    run = of_status(study, "no_answer")[0]
    change_log(study, f"UPDATE runs SET status = 'raised' WHERE run = {run}")
    with pytest.raises(NoAnswer):
        replay(study, run)


def changed_lock(study, **changes):
    file = study / "lock.json"
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (str, "sweep_no_such_run"),
        (lambda study: changed_lock(study, cesim="0.0.1"), "sweep_other_version"),
        (lambda study: changed_lock(study, code="0" * 64), "sweep_other_code"),
        (lambda study: changed_lock(study, data_hash="0" * 64), "sweep_other_data"),
        (lambda study: changed_lock(study, seed=5), "sweep_other_study"),
        (lambda study: (study / "lock.json").unlink(), "sweep_lock_missing"),
        (lambda study: (study / "runs.sqlite").unlink(), "sweep_log_missing"),
        (lambda study: (study / "study.yaml").unlink(), "sweep_study_missing"),
        (lambda study: (study / "scenarios" / "00000.yaml").unlink(), "sweep_scenario_missing"),
        (
            lambda study: shutil.copy(study / "scenarios" / "00001.yaml", study / "scenarios" / "00000.yaml"),
            "sweep_scenario_changed",
        ),
    ],
)
def test_what_cannot_be_replayed(study, capsys, harm, code):
    harm(study)
    run = 999_999
    with pytest.raises(InputError) as caught:
        replay(study, run)
    assert [fault.code for fault in caught.value.faults] == [code]
    assert main(["--lang", "ja", "replay", str(study), str(run)]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_part_that_is_gone(study):
    run = of_status(study, "done")[0]
    (study / "results" / "part-000000.parquet").unlink()
    with pytest.raises(InputError) as caught:
        replay(study, run)
    assert [fault.code for fault in caught.value.faults] == ["sweep_part_damaged"]


@pytest.mark.parametrize("words", [[], ["nowhere"], ["nowhere", "1"], ["nowhere", "-1"], ["nowhere", "x"]])
def test_words_that_are_no_run(capsys, words):
    assert main(["--lang", "en", "replay", *words]) == 2
    assert "Traceback" not in capsys.readouterr().err
