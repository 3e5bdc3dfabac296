"""The commands check, new and data."""

from __future__ import annotations

import json

import pytest
from pydantic import Field

from cesim.cli.main import main
from cesim.scenario import Part, SharePath, lever, load


class Small(Part):
    """A scenario of one number."""

    name: dict[str, str] = Field(default_factory=dict)
    collected: SharePath = Field(json_schema_extra=lever("回収率", "collection rate"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cesim.scenario.open_scenario", lambda file, overrides: load(file, Small, overrides))
    monkeypatch.setattr("cesim.cli.new._model", lambda: Small)
    (tmp_path / "good.yaml").write_text("collected: 0.9\n", encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("colected: 0.9\ncollected: 90\n", encoding="utf-8")
    (tmp_path / "child.yaml").write_text("extends: bad\n", encoding="utf-8")
    return tmp_path


def test_a_sound_file(folder, capsys):
    assert main(["check", "good.yaml", "--lang", "ja"]) == 0
    assert capsys.readouterr().out == "good.yaml：誤りはありません。\n"


def test_every_fault_of_every_file_once(folder, capsys):
    assert main(["check", "good.yaml", "bad.yaml", "child.yaml", "none.yaml", "--lang", "ja"]) == 2
    printed = capsys.readouterr()
    assert printed.out == "good.yaml：誤りはありません。\n"
    assert printed.err == (
        "bad.yaml:1:1: 「colected」という項目はありません。\n"
        "     1 | colected: 0.9\n"
        "       | ^\n"
        "       = もしかして：collected\n"
        "       = 書けるのは：name、collected\n"
        "bad.yaml:2:12: 割合は 0 から 1 で書きます。90 % なら 0.9 と書いてください。\n"
        "     2 | collected: 90\n"
        "       |            ^\n"
        "none.yaml: シナリオ「none.yaml」が見つかりません。\n"
        "       = もしかして：good.yaml\n"
        "       = 書けるのは：bad.yaml、child.yaml、good.yaml\n"
        "誤りが 3 件あります。\n"
    )


def test_check_as_data(folder, capsys):
    assert main(["check", "good.yaml", "bad.yaml", "--json", "--lang", "en"]) == 2
    good, bad = json.loads(capsys.readouterr().out)["files"]
    assert good == {"file": "good.yaml", "ok": True, "faults": []}
    assert [fault["code"] for fault in bad["faults"]] == ["unknown_key", "share_as_percent"]
    assert bad["faults"][1]["place"] == {"file": "bad.yaml", "line": 2, "column": 12}


def test_check_takes_settings(folder, capsys):
    assert main(["check", "good.yaml", "--set", "collected=15", "--lang", "en"]) == 2
    assert capsys.readouterr().err.startswith("--set collected: Shares are written from 0 to 1; for 15 % write 0.15.")


def test_new_writes_a_file_that_checks(folder, capsys):
    assert main(["new", "回収強化", "--from", "good", "--lang", "ja"]) == 0
    assert capsys.readouterr().out.startswith("回収強化.yaml を作りました。")
    assert main(["check", "回収強化.yaml", "--lang", "ja"]) == 0
    assert main(["new", "回収強化", "--from", "good", "--lang", "ja"]) == 2


def test_data_show_says_everything_about_a_row(capsys):
    assert main(["data", "show", "vehicles.elv_taken_in", "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("value:", "unit: vehicles", "year: FY2014", "source:", "status: read"))


def test_data_show_says_the_status_in_the_language_of_the_reader(capsys):
    assert main(["data", "show", "vehicles.elv_taken_in", "--lang", "ja"]) == 0
    printed = capsys.readouterr().out
    assert "  状態: 原典を確認ずみ\n" in printed
    assert "  状態: 未確認\n" in printed
    assert not any(word in printed for word in ("状態: read", "unverified", "状態: estimate"))


def test_what_the_system_refuses_is_told_in_the_language_of_the_reader(folder, capsys):
    assert main(["new", "a b/c", "--from", "good", "--lang", "ja"]) == 2
    assert capsys.readouterr().err == "a b/c.yaml: ファイルに書き込めません（ファイルまたはフォルダがありません）。\n"


def test_data_show_takes_a_beginning(capsys):
    assert main(["data", "show", "vehicles", "--json"]) == 0
    keys = {row["key"] for row in json.loads(capsys.readouterr().out)}
    assert len(keys) > 5
    assert all(key.startswith("vehicles.") for key in keys)


def test_data_list_counts_the_rows_of_every_key(capsys):
    from cesim.data import rows

    assert main(["data", "list", "--json"]) == 0
    assert sum(row["count"] for row in json.loads(capsys.readouterr().out)) == len(rows())


def test_data_sources_as_a_table(capsys):
    assert main(["data", "sources", "--lang", "ja"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["件数", "出典", "URL"]


def test_a_file_that_may_not_be_read(folder, monkeypatch, capsys):
    def refuse(*_words, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    assert main(["check", "good.yaml", "--lang", "en"]) == 2
    assert "Permission denied" in capsys.readouterr().err
