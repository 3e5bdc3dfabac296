"""`cesim trace` as its users meet it: answers, refusals, documents that are verified."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "run"))
sys.path.insert(0, str(Path(__file__).parents[1] / "trace" / "standards"))

from made_up_region import FEW, text
from official_documents import EXAMPLES, needs_standards

from cesim.cli.main import main
from cesim.run import simulate_lots


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A tiny region, run and traced, with the name of its folder."""
    folder = tmp_path_factory.mktemp("trace")
    path = folder / "region.yaml"
    path.write_text(
        text(**FEW).replace("extends: tutorial", "extends: [tutorial, library/reporting]"), encoding="utf-8"
    )
    simulate_lots(path, 2030, batch=5, with_losses=False, workers=1, traced=True, folder=folder / "run")
    return folder / "run"


@pytest.fixture
def ask(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def asked(*words: object, lang: str = "en") -> tuple[int, str]:
        code = main(["--lang", lang, "trace", *map(str, words)])
        seen = capsys.readouterr()
        assert "Traceback" not in seen.out + seen.err
        return code, seen.out + seen.err

    return asked


def refused(found, *names: str) -> None:
    code, told = found
    assert code == 2, told
    for name in names:
        assert name in told


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_records_over_a_run_are_told_and_kept(ask, run, tmp_path, lang):
    code, told = ask("run", run, "--policy", "honest", "--out", tmp_path / "over", lang=lang)
    assert code == 0
    assert "6000" in told
    held = {one.name for one in (tmp_path / "over").iterdir()}
    assert {"trace.json", "records", "truth", "report.html", "results.xlsx", "claims.parquet", "budget.parquet"} <= held
    assert json.loads((tmp_path / "over" / "trace.json").read_text())["made"] == "fixed"
    assert f'<html lang="{lang}"' in (tmp_path / "over" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", ["claims", "bounds", "audit"])
def test_tables_are_printed_and_given_as_data(ask, run, what):
    code, told = ask(what, run / "trace")
    assert code == 0
    assert len(told.splitlines()) > 10
    code, told = ask(what, run, "--json")  # a traced run leads to its trace
    assert code == 0
    assert json.loads(told)[what]


def test_a_lot_is_followed_both_ways(ask, run):
    claims = json.loads(ask("upstream", run, 3000, "--json", "--truth")[1])["upstream"]
    told = {row["item"]: row["share"] for row in claims if row["what"] == "origin"}
    cut = sum(row["share"] for row in claims if row["what"] == "cut_off")
    assert sum(told.values()) + cut == pytest.approx(1.0)
    origin = next(int(row["lot"]) for row in claims if row["what"] == "from")
    down = json.loads(ask("downstream", run, origin, "--json", "--truth", "--cut", 0)[1])["downstream"]
    assert 3000 in {int(row["lot"]) for row in down}


def test_what_an_actor_sees_grows_with_the_days(ask, run):
    early, late = (
        json.loads(ask("bounds", run, "--viewer", "certifier", "--day", day, "--json")[1])["bounds"]
        for day in (30, 900)
    )
    assert all(a["provable"] <= b["provable"] + 1e-12 for a, b in zip(early, late, strict=True))
    assert any(b["provable"] > a["provable"] for a, b in zip(early, late, strict=True))


@pytest.mark.parametrize("form", ["epcis", "catenax", "ouranos", "log"])
def test_exports_are_written_whole_and_verified(ask, run, tmp_path, form):
    code, told = ask("export", form, run, "--out", tmp_path / form)
    assert code == 0
    assert json.loads((tmp_path / form / "export.json").read_text())["format"] == form
    if form == "epcis":
        assert ask("verify", tmp_path / form / "epcis-000000.jsonld")[0] == 0
    if form == "log":
        log = tmp_path / form / "001.jsonl"
        code, told = ask("verify", log)
        assert code == 0
        assert "not true" in told
        data = bytearray(log.read_bytes())
        data[len(data) // 2] ^= 1
        log.write_bytes(data)
        refused(ask("verify", log), "001.jsonl")


def test_a_hash_that_is_not_that_of_its_event_is_found(ask, run, tmp_path):
    from cesim.run.trace.folders import open_tracing
    from cesim.trace.exports.epcis import write_epcis
    from cesim.trace.exports.epcis_ledger import ledger_of

    tracing = open_tracing(run)
    path = tmp_path / "hashed.jsonld"
    with path.open("wb") as file:
        write_epcis(ledger_of(tracing.records, 2030, ids="hash"), file, 0, 300)
    code, told = ask("verify", path, "--json")
    assert code == 0, told
    assert json.loads(told)["hashes"] == json.loads(told)["events"] > 100
    document = json.loads(path.read_text())
    document["epcisBody"]["eventList"][7]["eventTime"] = "2031-01-01T00:00:00.000Z"
    path.write_text(json.dumps(document))
    refused(ask("verify", path), "/epcisBody/eventList/7/eventID")


@needs_standards
def test_the_published_examples_are_accepted(ask):
    assert len(EXAMPLES) == 47
    for path in EXAMPLES:
        code, told = ask("verify", path)
        assert code == 0, told


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["run"], ["RUN"]),
        (["upstream", "RUN"], ["LOT"]),
        (["upstream", "RUN", "x"], ["x"]),
        (["upstream", "RUN", "99999999"], ["99999999"]),
        (["upstream", "RUN", "-1"], ["-1"]),
        (["upstream", "RUN", "5", "--cut", "2"], ["--cut", "2"]),
        (["upstream", "RUN", "5", "--cut", "nan"], ["--cut", "nan"]),
        (["bounds", "RUN", "--viewer", "nobody"], ["nobody"]),
        (["bounds", "RUN", "--day", "-4"], ["--day"]),
        (["claims", "RUN", "again"], ["again"]),
        (["claims", "nowhere"], ["nowhere"]),
        (["export", "xml", "RUN"], ["xml", "epcis"]),
        (["verify", "nowhere.json"], ["nowhere.json"]),
        (["run", "nowhere"], ["nowhere"]),
        (["run", "RUN", "--policy", "chubu-baseline"], ["reporting"]),
        (["run", "RUN", "--policy", "no-such-scenario"], ["no-such-scenario"]),
        (["run", "RUN", "--set", "reporting.roles.dismantler.coverage=7"], ["reporting", "7"]),
        (["run", "RUN", "--set", "reporting.roles.dismantlr.coverage=0.5"], ["dismantlr", "dismantler"]),
        (["run", "RUN", "--set", "sorting.share=0.9"], ["sorting.share", "reporting"]),
        (["claims", "RUN", "--policy", "honest"], ["--policy", "--json"]),
        (["audit", "RUN", "--truth"], ["--truth"]),
        (["import", "x.csv", "--viewer", "public"], ["--viewer"]),
        (["verify", "x.json", "--key", "nowhere.pem"], ["nowhere.pem"]),
        (["guess", "RUN"], ["guess"]),
        ([], ["WORD"]),
    ],
)
def test_what_is_wrong_is_refused_and_named(ask, run, words, names):
    refused(ask(*(run if word == "RUN" else word for word in words)), *names)


def test_what_is_no_plain_file_is_refused_at_once(ask, tmp_path):
    loop, pipe = tmp_path / "loop.json", tmp_path / "pipe.json"
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    for what in ("import", "verify"):
        refused(ask(what, loop), "loop.json")
        refused(ask(what, pipe), "pipe.json")


def test_inside_a_run_the_trace_is_laid_beside_it(ask, run, monkeypatch):
    monkeypatch.chdir(run)
    code, told = ask("run", ".", "--policy", "honest", "--no-report")
    assert code == 0, told
    assert (run.with_name("run-trace-honest") / "trace.json").is_file()


def test_a_chain_with_losses_that_nobody_told_is_no_contradiction(ask, tmp_path):
    rows = [
        "記録,日時,事業者,工程,ロット,出入,質量_kg,由来",
        "1,2026-04-01,解体,供給,S,出,1000,廃車",
        "2,2026-04-02,解体,溶解,S,入,1000,",
        "2,,,,P,出,950,",
    ]
    (tmp_path / "steps.csv").write_text("\n".join(rows), encoding="utf-8")
    code, told = ask("import", tmp_path / "steps.csv", "--json", "--no-report", "--out", tmp_path / "out")
    assert code == 0, told
    found = {row["what"]: row["count"] for row in json.loads(told)["audit"]}
    assert found["wrong_beyond_doubt"] == 0
    rows[-1] = "2,,,,P,出,1100,"
    (tmp_path / "steps.csv").write_text("\n".join(rows), encoding="utf-8")
    told = ask("import", tmp_path / "steps.csv", "--json", "--no-report", "--out", tmp_path / "out")[1]
    assert {row["what"]: row["count"] for row in json.loads(told)["audit"]}["wrong_beyond_doubt"] == 1


def test_a_pilot_may_be_judged_by_other_terms(ask, tmp_path):
    book = Path(__file__).parents[2] / "docs" / "imports" / "template.xlsx"
    wanted = ["--set", "reporting.judging.wrong_share=0.05", "--json", "--no-report", "--out", tmp_path / "out"]
    code, told = ask("import", book, *wanted)
    assert code == 0, told
    assert json.loads(told)["trace"]["judging"]["wrong_share"] == 0.05


def test_a_folder_of_something_else_is_left_alone(ask, run, tmp_path):
    other = tmp_path / "mine"
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    refused(ask("run", run, "--policy", "honest", "--out", other), "mine")
    refused(ask("export", "log", run, "--out", other), "mine")
    assert [one.name for one in other.iterdir()] == ["letter.txt"]


def test_a_broken_ledger_is_told_and_not_guessed(ask, run, tmp_path):
    import shutil

    for name in ("records/entry.parquet", "records/names.json", "trace.json", "claims.parquet"):
        broken = tmp_path / name.replace("/", "-")
        shutil.copytree(run / "trace", broken)
        (broken / name).write_bytes(b"nothing of the kind")
        refused(ask("upstream", broken, "5"), broken.name)
    missing = tmp_path / "missing"
    shutil.copytree(run / "trace", missing)
    (missing / "records" / "output.parquet").unlink()
    refused(ask("upstream", missing, "5"), "output.parquet")
