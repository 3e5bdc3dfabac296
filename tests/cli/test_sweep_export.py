"""`cesim sweep export`: all results in one file, whole or not at all; a file that exists is never touched."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "sweep"))

from made_up_scenarios import text

from cesim.cli.main import main
from cesim.sweep.store import open_study

STUDY = "scenarios: [tiny]\nvary: [market.sales]\nindicators: [primary_demand]\ndesign: {samples: 6}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    (folder / "tiny.yaml").write_text(text(), encoding="utf-8")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    asked = ["sweep", str(folder / "study.yaml"), "--workers", "1", "--no-report", "--out", str(folder / "store")]
    assert main(["--lang", "en", *asked]) == 0
    return folder / "store"


def alike(found, study):
    """Whether a table holds what the study does, whatever its texts are kept as."""
    wanted = open_study(study).results()
    for frame in (found, wanted):
        frame[["alternative", "region"]] = frame[["alternative", "region"]].astype("str")
    pd.testing.assert_frame_equal(found, wanted)
    return len(wanted)


def test_either_file_holds_all_results(made, tmp_path, capsys):
    for lang, name, read in (("ja", "全結果.csv", pd.read_csv), ("en", "out.PARQUET", pd.read_parquet)):
        assert main(["--lang", lang, "sweep", "export", str(made), str(tmp_path / name)]) == 0
        assert name in capsys.readouterr().out
        assert alike(read(tmp_path / name), made) >= 6
    assert (tmp_path / "全結果.csv").read_bytes().startswith("\ufeffrun,point,".encode())
    assert main(["--lang", "en", "sweep", "export", str(made), str(tmp_path / "again.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"folder": str(made), "file": str(tmp_path / "again.csv")}
