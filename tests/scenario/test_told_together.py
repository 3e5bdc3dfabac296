"""Everything that can be found is told together, each fault where the person who wrote it would look."""

from __future__ import annotations

import pytest

from cesim.errors import InputError, Place
from cesim.scenario import open_scenario, sound_settings
from cesim.text import hints, message


@pytest.fixture
def faults_of(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def _faults_of(text, settings=(), **others):
        for name, more in {"plan": text, **others}.items():
            (tmp_path / f"{name}.yaml").write_text(more, encoding="utf-8", newline="")
        overrides, faults = sound_settings(settings)
        with pytest.raises(InputError) as caught:
            open_scenario("plan.yaml", overrides)
        return sorted((*faults, *caught.value.faults), key=lambda fault: fault.place.order())

    return _faults_of


def told(faults):
    return [(fault.code, str(fault.place)) for fault in faults]


HEAD = "extends: chubu-2035\n"


def test_a_fault_of_syntax_hides_neither_what_stands_above_it_nor_the_command_line(faults_of):
    text = HEAD + "sorting:\n  recovery: 90\n  share: {2035: 0.5\nresidue: {}\n"
    assert told(faults_of(text, ["a=[1", "sorting.cast_wrought=-1", "sorting.shar=1"])) == [
        ("syntax_bracket", "--set a"),
        ("share_out_of_range", "--set sorting.cast_wrought"),
        ("unknown_key", "--set sorting.shar"),
        ("share_as_percent", "plan.yaml:3:13"),
        ("syntax_brace", "plan.yaml:4:10"),
    ]


@pytest.mark.parametrize(
    ("broken", "code", "place"),
    [
        ("extends: chubu-2035\nsortng: {}\nruns [1\n", "syntax_colon", "one.yaml:3:1"),
        ("extends: chubu-2035\nsortng: {}\nresidue:\n\tsorted: 0.1\n", "tab", "one.yaml:4:1"),
        ("extends: chubu-2035\nsortng: {}\nname: \x07\n", "control_character", "one.yaml:3:7"),
        ("extends: chubu-2035\nsortng: {}\n---\na: 1\n", "several_documents", "one.yaml:3:1"),
    ],
)
def test_what_cannot_be_read_in_one_file_hides_nothing_of_the_others(faults_of, broken, code, place):
    faults = faults_of("extends: one\nsorting: {recovery: 90}\n", one=broken)
    assert set(told(faults)) == {
        (code, place),
        ("unknown_key", "one.yaml:2:1"),
        ("share_as_percent", "plan.yaml:2:21"),
    }


def test_what_a_file_that_was_not_read_to_its_end_may_cure_is_not_told(faults_of):
    faults = faults_of(HEAD + "years: {start: 2035, end: 2040}\nresidue: {a\n")
    assert told(faults) == [("syntax_brace", "plan.yaml:3:10")]


def test_bytes_that_are_no_utf8_hide_nothing_above_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_bytes("extends: chubu-2035\nsortng: {}\nname: 計画\n".encode("cp932"))
    with pytest.raises(InputError) as caught:
        open_scenario("plan.yaml")
    assert told(caught.value.faults) == [("unknown_key", "plan.yaml:2:1"), ("not_utf8", "plan.yaml:3:7")]


def test_every_wrong_override_is_told_with_those_that_lead_nowhere(faults_of):
    with pytest.raises(InputError) as caught:
        open_scenario("chubu-2035", {"sorting.recovery": object(), "extends": 3, "sorting.share": float("inf")})
    assert {fault.code for fault in caught.value.faults} == {"set_not_plain", "set_nowhere", "not_finite"}


@pytest.mark.parametrize(
    ("setting", "code", "nearest"),
    [
        ("sorting.shares.2035=0.7", "unknown_key", "share"),
        ("sortin.share.2035=0.7", "unknown_key", "sorting"),
        ("sorting.recovery.valeu=0.7", "unknown_key", "value"),
        ("remelting.alloys.6061x.approved=0.7", "unknown_key", "6061"),
        ("remelting.alloys.ADC-12.approved=0.7", "unknown_key", "ADC12"),
        ("remelting.alloys.zzz.approved=0.7", "unknown_key", None),
        ("regions.aich.vehicles=3", "unknown_key", "aichi"),
        ("remelting.alloys.6016.widen.Fee=1.2", "unknown_name", ["Fe"]),
        ("remelting.primary.Feo=0.001", "unknown_name", ["Fe"]),
        ("compounding.recyclates.use-p.price=3", "unknown_key", "use-pp"),
        ("targets.x.value=0.3", "unknown_key", None),
        ("sorting.share.2035=0.7", "one_year_over_constant", None),
        ("sorting.recovery.2035=0.7", "one_year_over_constant", None),
        ("sorting.error_factor.2035=0.7", "path_not_allowed", None),
        ("years.end=2030", "year_outside_run", None),
        ("sorting．recovery=0.5", "full_width", None),
    ],
)
def test_a_setting_that_leads_nowhere_is_told_on_the_command_line(setting, code, nearest):
    overrides, _ = sound_settings([setting])
    with pytest.raises(InputError) as caught:
        open_scenario("chubu-baseline", overrides)
    (fault,) = caught.value.faults
    assert (fault.code, fault.place) == (code, Place(path=setting.partition("=")[0]))
    assert fault.arguments.get("nearest") == nearest


def test_years_set_one_by_one_over_a_constant_make_a_path():
    overrides, _ = sound_settings(["sorting.share.2025=0.03", "sorting.share.2035=0.7"])
    knots = open_scenario("chubu-baseline", overrides).scenario.sorting.share.knots
    assert {year: knot.value for year, knot in knots.items()} == {2025: 0.03, 2035: 0.7}


def test_a_value_set_over_a_reference_to_the_tables_replaces_it():
    found = open_scenario("chubu-baseline", {"sorting.recovery.value": 0.3}).scenario.sorting.recovery
    (found,) = found.knots.values()
    assert (found.value, found.low, found.source) == (0.3, None, "")


def test_a_whole_new_entry_that_lacks_something_is_told_what_it_lacks():
    with pytest.raises(InputError) as caught:
        open_scenario("chubu-baseline", {"targets.x": {"value": 3}})
    (fault,) = caught.value.faults
    assert (fault.code, fault.place) == ("missing_key", Place(path="targets.x"))


def test_a_misspelt_name_in_a_file_is_told_with_the_nearest(faults_of):
    (fault,) = faults_of(HEAD + "remelting:\n  alloys:\n    6061x: {approved: 0.7}\n")
    assert (fault.code, str(fault.place), fault.arguments["nearest"]) == ("unknown_key", "plan.yaml:4:5", "6061")


@pytest.mark.parametrize(
    ("body", "code", "column", "nearest"),
    [
        ("{value: 0.5, hihg: 0.6}", "unknown_key", 26, "high"),
        ("{vaule: 0.5}", "unknown_key", 14, "value"),
        ("{value: 0.5, source: [1], hihg: 0.6}", "unknown_key", 39, "high"),
        ("{２０３５: 0.5}", "full_width", 14, None),
        ("{2035: 0.5}", "one_year_over_constant", 13, None),
    ],
)
def test_over_a_base_that_refers_to_the_tables_faults_are_those_of_the_new_value(
    faults_of, body, code, column, nearest
):
    faults = faults_of(HEAD + f"sorting:\n  recovery: {body}\n")
    assert (code, f"plan.yaml:3:{column}") in told(faults)
    assert "data_and_value" not in {fault.code for fault in faults}
    assert next(fault for fault in faults if fault.code == code).arguments.get("nearest") == nearest


def test_a_full_width_year_says_what_to_write(faults_of):
    faults = faults_of(HEAD + "sorting:\n  recovery: {２０３５: 0.5}\n  share: {２０３５: 0.5}\n")
    assert told(faults) == [("full_width", "plan.yaml:3:14"), ("full_width", "plan.yaml:4:11")]
    assert {fault.arguments["proposal"] for fault in faults} == {"2035"}


def test_full_width_spaces_are_told_one_by_one_and_nothing_else(faults_of):
    faults = faults_of(HEAD + "sorting:\n　　recovery: 0.5\n　　share: 0.5\nresidue　: {}\n")
    assert told(faults) == [
        ("full_width_space", "plan.yaml:3:1"),
        ("full_width_space", "plan.yaml:4:1"),
        ("full_width_space", "plan.yaml:5:8"),
    ]
    assert message(faults[0], "ja") == "全角スペースがあります。半角スペースに直してください。"


def test_a_paragraph_may_begin_with_a_full_width_space(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = HEAD + "summary:\n  ja: |\n    　字下げした段落。\n  en: x\nname: {ja: '　計画', en: plan}\n"
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    assert open_scenario("plan.yaml").scenario.summary.ja == "　字下げした段落。\n"


def test_a_year_out_of_range_says_from_when_to_when(faults_of):
    faults = faults_of(HEAD + "sorting:\n  share: {3035: 0.5, 2040: 0.6}\nyears: {end: 2500}\n")
    assert told(faults) == [("year_out_of_range", "plan.yaml:3:11"), ("year_out_of_range", "plan.yaml:4:14")]
    assert message(faults[0], "en") == "The year 3035 is out of range; years run from 1800 to 2300."
    assert hints(faults[0], "en") == ()


def test_report_years_outside_the_years_are_told_in_the_file_that_changed_the_years(faults_of):
    faults = faults_of(HEAD + "years: {start: 2035,end: 2035}\n")
    assert told(faults) == [("year_outside_run", "plan.yaml:2:16"), ("year_outside_run", "plan.yaml:2:26")]
    assert [fault.arguments["found"] for fault in faults] == [[2030], [2040, 2050]]
    assert all(fault.arguments["other"].file.endswith("chubu-baseline.yaml") for fault in faults)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("years: {start: 2060}\nreport: {years: [2060]}\n", "plan.yaml:2:16"),
        ("years: {base_year: 2040}\n", "plan.yaml:2:20"),
    ],
)
def test_years_out_of_order_are_told_in_the_file_that_changed_them(faults_of, text, place):
    assert ("years_out_of_order", place) in told(faults_of(HEAD + text))


def test_a_quoted_number_is_told_to_lose_its_quotes(faults_of):
    faults = faults_of(HEAD + 'sorting:\n  recovery: "0.85"\n  share: {2035: "0.7"}\ncesim: "1"\n')
    quoted = [fault for fault in faults if fault.code == "need_number"]
    assert told(quoted) == [("need_number", "plan.yaml:3:13"), ("need_number", "plan.yaml:4:17")]
    assert hints(quoted[0], "en") == ("remove the quotation marks: 0.85",)
    assert hints(quoted[0], "ja") == ("引用符を外してください：0.85",)


def test_a_quoted_choice_is_told_to_lose_its_quotes(faults_of):
    (fault,) = faults_of(HEAD + 'cesim: "1"\n')
    assert fault.code == "not_a_choice"
    assert hints(fault, "en") == ("remove the quotation marks: 1", "allowed: 1")


@pytest.mark.parametrize(
    ("written", "code", "proposal"),
    [("0x10", "need_number", None), ("90％", "full_width", "0.9"), ("９０", "full_width", "90")],
)
def test_what_to_write_instead_is_what_will_be_read(faults_of, written, code, proposal):
    (fault,) = faults_of(HEAD + f"sorting:\n  recovery: {written}\n")
    assert (fault.code, fault.arguments.get("proposal")) == (code, proposal)


def test_an_empty_name_has_no_value(faults_of):
    assert told(faults_of(HEAD + 'name: {ja: "", en: x}\n')) == [("empty_value", "plan.yaml:2:8")]


def test_bytes_that_are_no_text_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_bytes(bytes(range(256)))
    with pytest.raises(InputError) as caught:
        open_scenario("plan.yaml")
    assert told(caught.value.faults) == [("not_text", "plan.yaml")]


@pytest.mark.parametrize("base", ["chubu-2035", "chubu-baseline"])
@pytest.mark.parametrize(
    ("body", "column"),
    [
        ('share: {2025: 0.03, "２０３５": 0.7}', 23),
        ('share: {"２０３５": 0.7}', 11),
        ('recovery: {"２０３５": 0.7}', 14),
        ("recovery: {２０２５: 0.1, ２０３５: 0.7}", 14),
    ],
)
def test_a_quoted_full_width_year_is_told_where_it_was_written(faults_of, base, body, column):
    faults = faults_of(f"extends: {base}\nsorting:\n  {body}\n")
    assert ("full_width", f"plan.yaml:3:{column}") in told(faults)
    assert {(fault.code, fault.place.file) for fault in faults} == {("full_width", "plan.yaml")}
    assert faults[0].arguments["proposal"] in ("2025", "2035")


@pytest.mark.parametrize(
    "setting",
    ['sorting.share={2025: 0.03, "２０３５": 0.7}', "sorting.share.２０３５=0.7", "sorting.recovery.２０３５=0.7"],
)
def test_a_full_width_year_of_a_setting_is_told_there(setting):
    overrides, _ = sound_settings([setting])
    with pytest.raises(InputError) as caught:
        open_scenario("chubu-baseline", overrides)
    assert {(fault.code, fault.place.path) for fault in caught.value.faults} == {
        ("full_width", setting.partition("=")[0])
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{value: 0.3, status: §read}", "read_needs_source"),
        ("{value: 0.3, low: 0.2, high: 0.4, url: u, status: §read}", "read_needs_source"),
        ("{value: 0.3, source: ' ', status: §read}", "read_needs_source"),
    ],
)
def test_what_was_read_needs_its_source(faults_of, body, code):
    column = body.index("§") + 13
    faults = faults_of(HEAD + f"sorting:\n  recovery: {body.replace('§', '')}\n")
    assert told(faults) == [(code, f"plan.yaml:3:{column}")]


@pytest.mark.parametrize(
    ("body", "code", "allowed"),
    [
        ("fleet: {export: {hazard_scale: 1000}}", "out_of_range", "0 – 10"),
        ("fleet: {scrap: {hazard_scale: 10.1}}", "out_of_range", "0 – 10"),
        ("dismantling: {incentive: 1000000}", "out_of_range", "0 – 1000"),
        ("fleet: {export: {hazard_scale: {value: 2, low: 1, high: 1000}}}", "out_of_range", "0 – 10"),
        ("dismantling: {incentive: {2025: 0, 2035: {value: 2, low: 1, high: 1e4}}}", "out_of_range", "0 – 1000"),
        ("market: {production: 0}", "too_few_built", None),
        ("market: {production: 8}", "too_few_built", None),
        ("market: {imported: 0, production: {2023: 4.0e6}}", "too_few_built", None),
    ],
)
def test_numbers_beyond_all_sense_are_told_with_what_is_allowed(faults_of, body, code, allowed):
    (fault,) = faults_of(HEAD + body + "\n")
    assert (fault.code, fault.place.file, fault.place.line) == (code, "plan.yaml", 2)
    assert fault.arguments["allowed"] == allowed or (allowed is None and fault.arguments["allowed"].startswith("≥ 4,"))


def test_few_cars_are_enough_where_all_new_cars_are_imported():
    market = {"market.production": 8, "market.imported": 1}
    assert open_scenario("chubu-baseline", market).scenario.market.production.best([2024])[0] == 8


def test_years_written_after_later_ones_are_told_one_by_one(faults_of):
    faults = faults_of(HEAD + "sorting:\n  share: {2025: 0.03, 2035: 0.7, 2005: 0.1, 2030: 0.2}\n")
    assert told(faults) == [("knots_out_of_order", "plan.yaml:3:34"), ("knots_out_of_order", "plan.yaml:3:45")]
    assert message(faults[0], "ja") == "年の順序が逆です。2035年のあとに2005年があります。"
    overrides, _ = sound_settings(["sorting.share={2025: 0.03, 2005: 0.7}"])
    with pytest.raises(InputError) as caught:
        open_scenario("chubu-2035", overrides)
    assert told(caught.value.faults) == [("knots_out_of_order", "--set sorting.share")]


def test_years_in_several_places_and_names_like_years_have_no_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (
        HEAD + "parts: {battery_case: {taken: {2028: 0.2}}}\n"
        "remelting: {alloys: {6111: {press_scrap: 0.3}, 6016: {press_scrap: 0.3}}}\n"
    )
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    overrides, _ = sound_settings(["parts.battery_case.taken.2033=0.5", "parts.battery_case.taken.2027=0.1"])
    loaded = open_scenario("plan.yaml", overrides)
    assert list(loaded.scenario.parts["battery_case"].taken.knots) == [2023, 2027, 2028, 2033, 2035, 2050]
    (tmp_path / "alone.yaml").write_text(loaded.resolved_text, encoding="utf-8")
    assert open_scenario("alone.yaml").hash == loaded.hash


@pytest.mark.parametrize(
    ("year", "example"),
    [(2035, "{2025: 0.03, 2035: ...}"), (2025, "{2024: 0.03, 2025: ...}"), (2005, "{2004: 0.03, 2005")],
)
def test_the_example_for_a_lone_year_is_in_order(faults_of, year, example):
    (fault,) = faults_of(f"extends: chubu-baseline\nsorting: {{share: {{{year}: 0.7}}}}\n")
    assert fault.code == "one_year_over_constant"
    assert all(example in hints(fault, lang)[0] for lang in ("ja", "en"))


def test_a_year_after_the_run_that_the_user_wrote_is_remarked_upon(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "extends: tutorial\nsorting:\n  share: {2025: 0.03, 2036: 0.5, 2099: 0.7}\n  recovery: 0.8\n"
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    overrides, _ = sound_settings(["residue.sorted={2025: 0.02, 2090: 0.5}"])
    remarks = open_scenario("plan.yaml", overrides).remarks
    assert told(remarks) == [
        ("year_after_run", "--set residue.sorted"),
        ("year_not_reached", "plan.yaml:3:34"),
    ]
    assert message(remarks[0], "ja").startswith("2090年は計算の最後の年（2036年）より後です。")


@pytest.mark.parametrize("name", ["tutorial", "chubu-2035", "japan-baseline"])
def test_what_ships_is_not_remarked_upon(name):
    assert open_scenario(name, {"years.end": 2040, "report.years": [2030]}).remarks == ()
