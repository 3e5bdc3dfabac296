"""Tables of lots and steps: what they tell, in Japanese and in English, and every fault in its own cell."""

import pytest
from told_events import origin_of, side, steps

from cesim.errors import InputError
from cesim.trace.imports.renumbering import records_of
from cesim.trace.imports.table_cells import Table
from cesim.trace.imports.tables import told_by_tables

HEAD = "event,time,actor,role,place,step,lot,direction,mass_kg,partner,recorded,origin"
CHAIN = (
    "1,2026-04-01,dealer,,,take_back,T,,900,,,post_elv",
    "2,2026-04-02 08:00,dealer,,,shipping,T,,900,works,,",
    "3,2026-04-02 17:00,works,casthouse,Aichi,receiving,T,,898,dealer,,",
    "4,2026-04-03 07:00,works,,,supply,P,out,100,,,primary",
    "5,2026-04-03 09:00,works,,,melting,T,in,900,,2026-04-04,",
    "5,,,,,,P,in,100,,,",
    "5,,,,,,S,out,950,,,",
    "5,,,,,,,loss,50,,,",
)


class Cell:
    def __init__(self, value):
        self.value = value

    @property
    def text(self):
        whole = isinstance(self.value, float) and self.value.is_integer()
        return str(int(self.value)) if whole else str(self.value)


def table(*lines, sheet="steps", head=HEAD):
    rows = {}
    for row, line in enumerate([head, *lines], start=1):
        values = line if isinstance(line, tuple) else line.split(",")
        cells = {n: Cell(value) for n, value in enumerate(values, start=1) if value != ""}
        if cells:
            rows[row] = cells
    return Table("book.xlsx", sheet, rows)


def lots(*lines, head="lot,item,kind,mass_kg,origin"):
    return table(*lines, sheet="lots", head=head)


def imported(*tables):
    return records_of(told_by_tables(tables))


def faults(*tables):
    with pytest.raises(InputError) as found:
        imported(*tables)
    return [(fault.code, str(fault.place).removeprefix("book.xlsx:")) for fault in found.value.faults]


def test_a_chain_in_english_proves_where_its_metal_comes_from():
    found = imported(table(*CHAIN))
    assert steps(found.records) == ["take_back", "shipping", "receiving", "supply", "melting"]
    assert origin_of(found.records, "S") == {"post_elv": pytest.approx(0.9), "primary": pytest.approx(0.1)}
    entries = found.records.entries
    assert entries.loss_mg.tolist() == [0, 0, 0, 0, 50_000_000]
    assert [(one.name, one.role, one.place) for one in entries.names.actors] == [
        ("dealer", "", ""), ("works", "casthouse", "Aichi"),
    ]  # fmt: skip
    assert entries.partner.tolist() == [-1, 1, 0, -1, -1]
    assert found.first_year == 2026


def test_japanese_words_full_width_and_other_spellings_of_time_say_the_same():
    head = "記録番号,日時,事業者,役割,場所,工程,ロット番号,出入,質量（kg）,相手先,記録日時,由来"
    told = (
        "１,２０２６年４月１日,dealer,,,引取,T,,９００,,,ポストコンシューマ（廃車）",
        "2,2026/4/2 8:00,dealer,,,出荷,T,,900,works,,",
        "3,2026-04-02T17:00:00+09:00,works,casthouse,Aichi,入荷,T,,898,dealer,,",
        ("4", "2026-04-03 07:00:00", "works", "", "", "供給", "P", "出", "1,00", "", "", "新材"),
        "5,2026.4.3 9時00分,works,,,溶解,T,入,900,,2026/4/4,",
        "5,,,,,,P,入,100,,,",
        "5,,,,,,S,出,950,,,",
        "5,,,,,,,損失,50,,,",
    )
    assert faults(table(*told, head=head)) == [("import_cell_number", "steps!I5")]
    mended = [
        *told[:3],
        ("4", "2026-04-03 07:00:00", "works", "", "", "供給", "P", "出", 100.0, "", "", "新材"),
        *told[4:],
    ]
    one, other = imported(table(*CHAIN)).records, imported(table(*mended, head=head)).records
    assert other.entries.time_s.tolist() == one.entries.time_s.tolist()
    assert other.written_s.tolist() == one.written_s.tolist()
    assert steps(other) == steps(one)
    assert origin_of(other, "S") == origin_of(one, "S")


def test_times_are_those_of_japan_and_a_day_of_recording_ends_at_midnight():
    records = imported(table(*CHAIN)).records
    hours = (records.entries.time_s / 3600).tolist()
    day = 24 * 90 - 9
    assert hours == [day, day + 24 + 8, day + 24 + 17, day + 48 + 7, day + 48 + 9]
    assert records.written_s[-1] == (day + 4 * 24) * 3600 - 1
    assert records.written_s[0] == records.entries.time_s[0]


def test_tables_of_lots_tell_kind_item_origin_and_mass():
    book = lots("T,6016,scrap,900,post_elv", "P,,ingot,100,primary", "S,6016,semis,950,", "X,,,5,")
    without = [line.replace("post_elv", "").replace("primary", "") for line in CHAIN]
    looked = "6,2026-04-04,works,,,analysis,X,,,,,"
    records = imported(book, table(*without, looked)).records
    assert origin_of(records, "S") == {"post_elv": pytest.approx(0.9), "primary": pytest.approx(0.1)}
    entries = records.entries
    n = entries.lots.label.index("S")
    assert entries.names.kinds[entries.lots.kind[n]] == "semis"
    assert entries.names.items[entries.lots.item[n]] == "6016"
    assert entries.lots.mass_mg[entries.lots.label.index("X")] == 5_000_000


def test_matter_without_a_lot_is_a_source_and_origins_of_what_leaves_count():
    rows = (
        "1,2026-04-01,works,,,melting,,in,60,,,primary", "1,,,,,,,in,40,,,", "1,,,,,,S,out,100,,,",
        "2,2026-04-02,works,,,scrap_return,S,in,100,,,", "2,,,,,,R,out,100,,,pre_auto",
    )  # fmt: skip
    records = imported(table(*rows)).records
    assert origin_of(records, "S") == {"primary": pytest.approx(0.6)}
    assert origin_of(records, "R") == {"pre_auto": pytest.approx(1.0)}


def test_an_unknown_mass_is_no_mass():
    assert side(imported(table("1,2026-04-01,x,,,shipping,A,,,,,")).records, 0) == [("A", -1)]


def test_numbers_with_marks_of_thousands_and_exponents():
    row = ("1", "2026-04-01", "x", "", "", "analysis", "A", "", "1,234.5")
    assert side(imported(table(row)).records, 0) == [("A", 1_234_500_000)]
    assert side(imported(table("1,2026-04-01,x,,,analysis,A,,1e-3")).records, 0) == [("A", 1_000)]


WRONG = {
    "no time": ("1,,x,,,supply,A,,5", "import_cell_empty", "B2"),
    "no actor": ("1,2026-04-01,,,,supply,A,,5", "import_cell_empty", "C2"),
    "no step": ("1,2026-04-01,x,,,,A,out,5", "import_cell_empty", "F2"),
    "no event": (",2026-04-01,x,,,supply,A,,5", "import_cell_empty", "A2"),
    "no lot": ("1,2026-04-01,x,,,shipping,,,5", "import_cell_empty", "G2"),
    "no lot out": ("1,2026-04-01,x,,,supply,,,5", "import_cell_empty", "G2"),
    "no direction": ("1,2026-04-01,x,,,melting,A,,5", "import_cell_empty", "H2"),
    "loss without mass": ("1,2026-04-01,x,,,melting,,loss,", "import_cell_empty", "I2"),
    "words for a mass": ("1,2026-04-01,x,,,supply,A,,five", "import_cell_number", "I2"),
    "not a number": ("1,2026-04-01,x,,,supply,A,,NaN", "import_cell_number", "I2"),
    "infinity": ("1,2026-04-01,x,,,supply,A,,inf", "import_cell_number", "I2"),
    "a comma for a point": (("1", "2026-04-01", "x", "", "", "supply", "A", "", "0,5"), "import_cell_number", "I2"),
    "yes for a mass": (("1", "2026-04-01", "x", "", "", "supply", "A", "", True), "import_cell_number", "I2"),
    "real not a number": (
        ("1", "2026-04-01", "x", "", "", "supply", "A", "", float("nan")),
        "import_cell_number",
        "I2",
    ),
    "huge": ("1,2026-04-01,x,,,supply,A,,1e308", "import_mass_too_large", "I2"),
    "beyond numbers": ("1,2026-04-01,x,,,supply,A,,1e999", "import_mass_too_large", "I2"),
    "negative": ("1,2026-04-01,x,,,supply,A,,-5", "import_mass_negative", "I2"),
    "minus infinity": ("1,2026-04-01,x,,,supply,A,,-1e999", "import_mass_negative", "I2"),
    "no such day": ("1,2026-02-30,x,,,supply,A,,5", "import_cell_time", "B2"),
    "words for a time": ("1,yesterday,x,,,supply,A,,5", "import_cell_time", "B2"),
    "a serial of Excel": (("1", 46113.0, "x", "", "", "supply", "A", "", "5"), "import_cell_time", "B2"),
    "year of an emperor": ("1,令和8年4月1日,x,,,supply,A,,5", "import_cell_time", "B2"),
    "recorded when": ("1,2026-04-01,x,,,supply,A,,5,,soon", "import_cell_time", "K2"),
    "step": ("1,2026-04-01,x,,,smelting,A,out,5", "import_word_unknown", "F2"),
    "direction": ("1,2026-04-01,x,,,supply,A,up,5", "import_word_unknown", "H2"),
    "origin": ("1,2026-04-01,x,,,supply,A,,5,,,moon", "import_word_unknown", "L2"),
    "shipped out": ("1,2026-04-01,x,,,shipping,A,out,5", "import_row_of_handover", "H2"),
    "lost lot": ("1,2026-04-01,x,,,melting,A,loss,5", "import_row_of_loss", "G2"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_refused_in_its_place(name):
    line, code, cell = WRONG[name]
    assert faults(table(line)) == [(code, f"steps!{cell}")]


def test_all_faults_are_told_at_once_and_words_say_what_was_meant():
    lines = ["1,2026-04-01,x,,,meltin,A,in,-5", "2,2026-13-01,x,,,supply,A,,x", "2,,y,,,,B,,1"]
    with pytest.raises(InputError) as found:
        imported(table(*lines))
    assert [(one.code, one.place.cell) for one in found.value.faults] == [
        ("import_word_unknown", "F2"), ("import_mass_negative", "I2"), ("import_cell_time", "B3"),
        ("import_cell_number", "I3"), ("import_event_disagrees", "C4"),
    ]  # fmt: skip
    assert found.value.faults[0].arguments["nearest"] == "melting"


def test_rows_of_one_event_must_agree():
    assert faults(table(CHAIN[4], "5,,,,,rolling,P,in,1")) == [("import_event_disagrees", "steps!F3")]
    relabelled = ("1,2026-04-01,x,,,scrap_return,A,in,5", "1,,,,,,B,out,2,,,pre_auto", "1,,,,,,C,out,3,,,post_elv")
    assert faults(table(*relabelled)) == [("import_event_disagrees", "steps!L4")]


def test_one_event_in_two_tables_is_refused():
    assert faults(table(CHAIN[0]), table(CHAIN[0], sheet="more")) == [("import_event_twice", "more!A2")]


def test_lots_that_are_not_in_the_table_of_lots_or_twice_are_refused():
    assert faults(lots("T,,,,", "P,,,,", "T2,,,,"), table(*CHAIN)) == [("import_lot_unknown", "steps!G8")]
    assert faults(lots("T,,,,", "T,,,,"), table(CHAIN[0])) == [("import_lot_twice", "lots!A3")]
    assert faults(lots(",6016,,,", "T,,,,"), table(CHAIN[0])) == [("import_cell_empty", "lots!A2")]


def test_headings_are_checked_and_some_are_left_alone():
    assert faults(table(CHAIN[0], head=HEAD.replace("mass_kg", "mas_kg"))) == [
        ("import_column_missing", "steps!A1"), ("import_column_unknown", "steps!I1"),
    ]  # fmt: skip
    assert faults(table(CHAIN[0], head=HEAD.replace("role", "事業者"))) == [("import_column_twice", "steps!D1")]
    assert len(imported(table(CHAIN[0], head=HEAD + ",備考,#own,note")).records) == 1


def test_empty_tables_and_tables_without_steps_are_refused():
    assert faults(Table("book.xlsx", "steps", {})) == [("import_table_empty", "steps")]
    assert faults(table()) == [("import_table_empty", "steps")]
    assert faults(lots("A,,,,")) == [("import_no_steps", "lots")]


def test_a_cycle_is_refused_with_its_lots():
    rows = ("1,2026-04-01,x,,,melting,A,in,5", "1,,,,,,B,out,5", "2,2026-04-02,x,,,melting,B,in,5", "2,,,,,,A,out,5")
    assert [code for code, _ in faults(table(*rows))] == ["import_cycle"]


def test_formulas_and_scripts_stay_data():
    row = ("1", "2026-04-01", "=cmd|'/C calc'!A0", "", "", "supply", "<script>alert(1)</script>", "", "5")
    entries = imported(table(row)).records.entries
    assert entries.names.actors[0].name == "=cmd|'/C calc'!A0"
    assert entries.lots.label == ("<script>alert(1)</script>",)


def test_a_place_in_a_text_file_is_line_and_column():
    text = Table("a.csv", None, table(WRONG["negative"][0]).rows)
    with pytest.raises(InputError) as found:
        imported(text)
    assert str(found.value.faults[0].place) == "a.csv:2:9"


def test_columns_beyond_z_have_their_letters():
    assert Table("a", "s", {}).place(3, 28).cell == "AB3"


def test_the_page_of_the_docs_has_every_word():
    from pathlib import Path

    from cesim.trace.imports.table_words import DIRECTION_WORDS, LOT_COLUMNS, ORIGIN_WORDS, STEP_COLUMNS, STEP_WORDS
    from cesim.trace.steps import STEPS

    page = (Path(__file__).parents[3] / "docs" / "trace-imports.md").read_text(encoding="utf-8")
    assert set(STEP_WORDS.values()) == set(STEPS)
    for step in STEPS:
        assert any(f"{word} `{step}`" in page for word, meaning in STEP_WORDS.items() if meaning == step), step
    for origin in set(ORIGIN_WORDS.values()):
        assert f"`{origin}`" in page
    for columns in (LOT_COLUMNS, STEP_COLUMNS):
        for name, words in columns.items():
            assert words[0] in page
            assert f"`{name}`" in page
    assert all(f"{word} `{meaning}`" in page for word, meaning in DIRECTION_WORDS.items())


def test_a_comma_too_many_is_no_shifted_row():
    row = ("1", "2026-04-01", "x", "", "", "analysis", "A", "", "1", "234", "", "", "stray")
    assert faults(table(row)) == [("import_cell_without_heading", "steps!M2")]


def test_very_many_faults_are_cut_and_counted():
    told = faults(table(*(f"{n},2026-04-01,x,,,supply,A{n},,x" for n in range(250))))
    assert len(told) == 201
    with pytest.raises(InputError) as found:
        imported(lots("A,,,,"), table(*(f"{n},2026-04-01,x,,,supply,B{n},,5" for n in range(250))))
    more = [one for one in found.value.faults if one.code == "import_more_faults"]
    assert [one.arguments["count"] for one in more] == [50]


def test_the_lot_that_was_meant_is_told():
    with pytest.raises(InputError) as found:
        imported(lots("billet-5001,,,,", "other,,,,"), table("1,2026-04-01,x,,,supply,bilet-5001,,5"))
    assert found.value.faults[0].arguments["nearest"] == "billet-5001"
