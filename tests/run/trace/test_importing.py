"""Files of a pilot become a trace like that of a run; hostile files are refused, and what stood there stays."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from cesim.cli.main import main
from cesim.errors import InputError
from cesim.run.trace.folders import open_tracing, save_tracing
from cesim.run.trace.importing import imported
from cesim.run.trace.over import about_of
from cesim.run.trace.working import worked_out
from cesim.trace.steps import STEPS

EXAMPLES = Path(__file__).parents[3] / "docs" / "imports"
PAIR = (EXAMPLES / "lots.csv", EXAMPLES / "steps.csv")
BOOK = EXAMPLES / "template.xlsx"
EVENT = {
    "type": "ObjectEvent", "eventTime": "2026-04-01T00:00:00Z", "eventTimeZoneOffset": "+00:00", "action": "ADD",
    "bizStep": "commissioning", "readPoint": {"id": "urn:epc:id:sgln:4012345.00001.0"},
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.912345.A", "quantity": 5, "uom": "KGM"}],
}  # fmt: skip
DOCUMENT = {
    "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", "type": "EPCISDocument",
    "schemaVersion": "2.0", "creationDate": "2026-05-01T00:00:00Z", "epcisBody": {"eventList": [EVENT]},
}  # fmt: skip
HEAD = "event,time,actor,step,lot,direction,mass_kg\n"
ROW = "1,2026-04-01,x,supply,A,,5\n"


@pytest.fixture(scope="module")
def pair():
    return worked_out(imported(PAIR))


def code_of(*files, **told):
    with pytest.raises(InputError) as found:
        imported(files, **told)
    return found.value.faults[0].code, found.value.faults[0].place


def test_the_example_shows_what_can_be_proved(pair):
    """By hand: 87 of 2,347 kg are of scrapped cars; 800 kg have no proof of origin, so anything is possible there."""
    told = pair.tables["bounds"].query("product == '6061' and viewer == 'certifier' and law == 'eu_elv'").iloc[0]
    assert told.provable == pytest.approx(87 / 2347)
    assert told.possible == pytest.approx((87 + 800) / 2347)
    assert pair.true is None
    assert pair.tables["claims"][["true", "entitled", "gap"]].isna().all(axis=None)
    assert set(pair.tables) >= {"claims", "bounds", "budget", "values", "onboarding", "audit", "actors", "handovers"}
    columns = ["giver", "taker", "mass_t", "shipped_t", "received_t"]
    assert pair.tables["handovers"][columns].values.tolist() == [["東海解体", "三河鋳造", 0.087, 0.087, 0.087]]


def test_the_workbook_and_the_text_files_tell_the_same(pair):
    book = imported([BOOK])
    one, other = pair.records.entries, book.records.entries
    assert one.lots.label == other.lots.label
    for name in ("step", "actor", "partner", "time_s", "loss_mg"):
        assert (getattr(one, name) == getattr(other, name)).all()
    for name in ("inputs", "outputs", "sources"):
        assert (getattr(one, name).mass_mg == getattr(other, name).mass_mg).all()
    assert (pair.records.written_s == book.records.written_s).all()


def test_what_is_said_of_it_has_the_names_that_a_run_has(pair):
    run = {
        "asked": {"first": 2035}, "scenario": {"name": "", "hash": ""}, "focus": "", "region_names": {},
    }  # fmt: skip
    asked = type("Asked", (), {"habits": {}, "desk": {}, "judging": {}})
    wanted = about_of(run, "", asked, 0, "fixed")
    assert wanted.keys() <= pair.about.keys()
    assert wanted["run"].keys() == pair.about["run"].keys()
    assert pair.about["made"] == "import"
    assert pair.about["judging"]["confidence"] == 0.95
    assert [file["name"] for file in pair.about["files"]] == ["lots.csv", "steps.csv"]
    assert all(len(file["sha256"]) == 64 for file in pair.about["files"])


def test_it_is_kept_and_opened_again(pair, tmp_path):
    kept = save_tracing(pair, tmp_path / "pilot")
    again = open_tracing(kept.folder)
    assert again.truth is None
    assert (again.provable == pair.provable).all()
    assert again.records.entries.lots.label == pair.records.entries.lots.label
    assert (again.records.event == -1).all()
    assert json.loads((kept.folder / "trace.json").read_text(encoding="utf-8"))["files"] == pair.about["files"]


def test_documents_and_tables_together_are_one_ledger(tmp_path):
    document, steps = tmp_path / "a.jsonld", tmp_path / "steps.csv"
    document.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    lot = EVENT["quantityList"][0]["epcClass"]
    steps.write_text(HEAD + f"1,2026-04-02,x,melting,{lot},in,5\n1,,,,B,out,5\n", encoding="utf-8")
    found = imported([document, steps])
    assert [STEPS[step] for step in found.records.entries.step] == ["supply", "melting"]
    assert found.records.entries.lots.label == (lot, "B")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_text_files_come_as_excel_writes_them_in_japan(encoding, tmp_path):
    files = []
    for file in PAIR:
        files.append(tmp_path / file.name)
        files[-1].write_bytes(file.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding))
    assert imported(files).records.entries.lots.label[0] == "廃車-0401"


def test_a_lot_of_digits_keeps_its_zeros(tmp_path):
    file = tmp_path / "steps.tsv"
    file.write_text((HEAD + ROW.replace(",A,", ",0012,")).replace(",", "\t"), encoding="utf-8")
    assert imported([file]).records.entries.lots.label == ("0012",)


def test_a_place_in_a_text_file_is_the_character_at_which_the_cell_begins(tmp_path):
    file = tmp_path / "steps.csv"
    row = '1,2026-04-01,"三河, 鋳造",supply,A,,-5\n'
    file.write_text(HEAD + "\n" + row, encoding="cp932")
    code, place = code_of(file)
    assert code == "import_mass_negative"
    assert (place.line, place.column) == (3, row.index("-5") + 1)


def test_a_simulated_ledger_goes_out_and_comes_back_and_proves_the_same(honest, tmp_path):
    """All lots of a run of a made-up region, own books of the works included, through an EPCIS file."""
    from dataclasses import replace

    import numpy as np

    from cesim.trace.exports.epcis import write_epcis
    from cesim.trace.exports.epcis_ledger import ledger_of

    entries = replace(honest.records.entries, inside=np.zeros(len(honest.records), dtype=bool))
    records = replace(honest.records, entries=entries)
    ledger = ledger_of(records, honest.about["first_year"])
    with (tmp_path / "run.json").open("wb") as file:
        write_epcis(ledger, file)
    found = imported([tmp_path / "run.json"])
    number = {label: n for n, label in enumerate(found.records.entries.lots.label)}
    at = [number[ledger.called.key(lot).urn()] for lot in range(len(entries.lots))]
    columns = [found.records.entries.names.classes.index(name) for name in entries.names.classes]
    assert len(at) > 1000
    np.testing.assert_allclose(found.provable[at][:, columns], honest.provable, atol=1e-9)
    assert honest.provable.sum() > 0.9 * len(at)
    assert found.rebuilt.counts() == honest.rebuilt.counts()
    assert found.about["first_year"] == honest.about["first_year"]


def a_book(path, cells, *, merged=None, also=()):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "steps"
    for row in cells:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    for name in also:
        book.create_sheet(name)
    book.save(path)
    return path


HEADINGS = HEAD.strip().split(",")


def test_a_formula_that_was_never_worked_out_is_refused_in_its_cell(tmp_path):
    file = a_book(tmp_path / "a.xlsx", [HEADINGS, ["1", "2026-04-01", "x", "supply", "A", None, "=2+3"]])
    code, place = code_of(file)
    assert (code, place.sheet, place.cell) == ("cell_not_worked_out", "steps", "G2")


def test_merged_cells_leave_rows_empty_and_are_refused_there(tmp_path):
    rows = [HEADINGS, ["1", "2026-04-01", "x", "shipping", "A", None, 5], ["1", None, None, None, "B", None, 5]]
    code, place = code_of(a_book(tmp_path / "a.xlsx", rows, merged="E2:E3"))
    assert (code, place.cell) == ("import_cell_empty", "E3")


def test_an_empty_sheet_is_refused_by_its_name_and_one_with_a_mark_is_left_alone(tmp_path):
    rows = [HEADINGS, ["1", "2026-04-01", "x", "supply", "A", None, 5]]
    code, place = code_of(a_book(tmp_path / "a.xlsx", rows, also=["empty"]))
    assert (code, place.sheet) == ("import_table_empty", "empty")
    assert len(imported([a_book(tmp_path / "b.xlsx", rows, also=["#empty"])]).records) == 1
    assert code_of(a_book(tmp_path / "c.xlsx", []))[0] == "import_table_empty"


def packed(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return path


def parts_of(path):
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_a_workbook_that_unpacks_to_far_more_is_refused_unread(tmp_path):
    bomb = parts_of(BOOK) | {"xl/sharedStrings.xml": bytes(201_000_000)}
    file = packed(tmp_path / "bomb.xlsx", bomb)
    assert file.stat().st_size < 1_000_000
    assert code_of(file)[0] == "file_too_large"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("how", ["cut", "garbage", "gone", "entities"])
def test_broken_workbooks_are_refused_and_never_crash(part, how, tmp_path):
    parts = parts_of(BOOK)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    broken = {
        "cut": parts[part][: len(parts[part]) // 2], "garbage": b"\x00\xff<a>", "gone": None,
        "entities": f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l11;</x>'.encode(),
    }[how]  # fmt: skip
    parts = {name: data for name, data in (parts | {part: broken}).items() if data is not None}
    with pytest.raises(InputError):
        imported([packed(tmp_path / "a.xlsx", parts)])


def _json(**changed):
    return json.dumps(DOCUMENT | changed).encode()


HOSTILE = {
    "truncated.json": (_json()[:-30], "json_ends_early"),
    "deep.json": (b"[" * 5000 + b"]" * 5000, "json_too_deep"),
    "latin.json": (_json().replace(b"2026-05", b"\xe9"), "json_not_utf8"),
    "utf16.json": (_json().decode().encode("utf-16"), "json_not_utf8"),
    "empty.json": (b"", "json_empty"),
    "list.json": (b"[]", "epcis_wrong_kind"),
    "nan.json": (_json().replace(b'"quantity": 5', b'"quantity": NaN'), "json_not_a_number"),
    "huge.json": (_json().replace(b'"quantity": 5', b'"quantity": 1e308'), "epcis_quantity_out_of_range"),
    "beyond.json": (_json().replace(b'"quantity": 5', b'"quantity": 1e999'), "json_number_too_large"),
    "negative.json": (_json().replace(b'"quantity": 5', b'"quantity": -5'), "epcis_quantity_out_of_range"),
    "twice.json": (_json().replace(b'"quantity": 5', b'"quantity": 5, "quantity": 6'), "json_name_twice"),
    "script.json": (_json().replace(b"urn:epc:id:sgln:4012345.00001.0", b"javascript:alert(1)"), "epcis_unsafe_uri"),
    "older.json": (_json(schemaVersion="x"), "epcis_no_version"),
    "nothing.json": (_json(epcisBody={"eventList": []}), "import_nothing"),
    "a.pdf": (b"%PDF-1.7", "import_file_kind"),
    "old.xls": (b"\xd0\xcf\x11\xe0", "import_file_kind"),
    "a.xlsx": (b"not a zip", "not_a_workbook"),
    "cut.xlsx": (BOOK.read_bytes()[:3000], "not_a_workbook"),
    "empty.csv": (b"", "import_table_empty"),
    "head.csv": (HEAD.encode(), "import_table_empty"),
    "quote.csv": ((HEAD + '1,"2026').encode(), "import_csv_broken"),
    "nul.csv": ((HEAD + ROW).encode() + b"\x00", "not_text"),
    "utf16.csv": ((HEAD + ROW).encode("utf-16"), "not_text"),
    "binary.csv": (bytes(range(128, 256)) * 9, "not_text"),
    "cut.csv": ((HEAD + ROW + "2,2026-04-01,三河鋳造").encode()[:-1], "not_text"),
    "marked.csv": (b"\xef\xbb\xbf" + (HEAD + "1,2026-04-01,三河").encode("cp932"), "not_text"),
    "long.csv": ((HEAD + "1,2026-04-01," + "x" * 40_000).encode(), "import_csv_broken"),
    "negative.csv": ((HEAD + ROW.replace(",5", ",-5")).encode(), "import_mass_negative"),
    "huge.csv": ((HEAD + ROW.replace(",5", ",1e308")).encode(), "import_mass_too_large"),
    "nan.csv": ((HEAD + ROW.replace(",5", ",nan")).encode(), "import_cell_number"),
    "cycle.csv": ((HEAD + "1,2026-04-01,x,melting,A,in,5\n1,,,,A,out,5\n").encode(), "import_cycle"),
    "other.csv": (b"a,b\n1,2\n", "import_column_unknown"),
}


@pytest.fixture(scope="module")
def standing(pair, tmp_path_factory):
    return save_tracing(pair, tmp_path_factory.mktemp("kept") / "pilot").folder


def bytes_of(folder):
    return {file.relative_to(folder): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_place_and_the_ledger_stays(name, standing, tmp_path, capsys):
    """Also where a sound file comes first: nothing is half imported."""
    data, code = HOSTILE[name]
    file = tmp_path / name
    file.write_bytes(data)
    before = bytes_of(standing)
    files = [str(file)] if code == "import_nothing" else [*map(str, PAIR), str(file)]
    assert main(["trace", "import", *files, "--out", str(standing), "--no-report", "--lang", "en"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err
    assert name in told.err or code == "import_nothing" or "/" in told.err
    assert bytes_of(standing) == before
    assert [one.name for one in standing.parent.iterdir()] == [standing.name]
    found, place = code_of(file)
    assert found == code
    assert place.file == str(file) or code == "import_nothing"


def test_files_that_are_missing_named_twice_or_folders_are_refused(tmp_path):
    assert code_of(tmp_path / "none.json")[0] == "no_such_file"
    assert code_of(tmp_path)[0] == "json_is_folder"
    assert code_of(BOOK, BOOK.parent / "." / BOOK.name)[0] == "import_file_twice"


def test_a_file_larger_than_allowed_is_never_read_whole(tmp_path):
    file = tmp_path / "large.json"
    file.write_bytes(_json() + b" " * 10_000)
    assert code_of(file, largest=2_000)[0] == "file_too_large"
    assert len(imported([file], largest=20_000).records) == 1


def test_reading_a_csv_leaves_the_limits_of_other_readers_alone(tmp_path):
    before = csv.field_size_limit()
    file = tmp_path / "steps.csv"
    file.write_text(HEAD + ROW, encoding="utf-8")
    imported([file])
    assert csv.field_size_limit() == before
    assert next(csv.reader(io.StringIO("a,b"))) == ["a", "b"]


def test_what_was_imported_from_tables_goes_out_as_epcis_and_comes_back_with_its_names(pair, tmp_path):
    from cesim.trace.exports.epcis import write_epcis
    from cesim.trace.exports.epcis_ledger import ledger_of

    with (tmp_path / "pilot.jsonld").open("wb") as file:
        write_epcis(ledger_of(pair.records, 2026), file)
    again = imported([tmp_path / "pilot.jsonld"])
    assert again.records.entries.lots.label == pair.records.entries.lots.label
    assert again.provable == pytest.approx(pair.provable)
    one, other = ([STEPS[step] for step in tracing.records.entries.step] for tracing in (pair, again))
    assert one == other  # `commissioning` does not tell the step; our own word does
    assert [actor.name for actor in again.records.entries.names.actors] == ["東海解体", "三河鋳造"]
