"""Every kind of broken input: its code, its exact place, and words in both languages."""

from __future__ import annotations

import pytest

from cesim.errors import InputError, Place
from cesim.scenario import load
from cesim.text import hints, message

# (what is replaced in the valid scenario, by what, code); § stands before the place that must be named
BROKEN = {
    "unknown key": ("  cars: 1000", "  cars: 1000\n  §cras: 3", "unknown_key"),
    "unknown key at the top": ("runs: 10", "§rnus: 10", "unknown_key"),
    "unknown key in a flow mapping": ("reuse: 0.4,", "reuse: 0.4, §reus: 1,", "unknown_key"),
    "unknown key in a target": ("year: 2035, v", "§yaer: 2035, year: 2035, v", "unknown_key"),
    "unknown key in a measure": ("subsidy, rate: 0.5}", "subsidy, rate: 0.5, §rat: 1}", "unknown_key"),
    "unknown key of a number": ("unit: t/vehicle}", "unit: t/vehicle, §hihg: 1}", "unknown_key"),
    "missing key at the top": ("mode: stock_driven\n", "", "missing_key", (1, 1)),
    "missing key inside": ("  cars: 1000\n", "", "missing_key", (4, 1)),
    "missing key in a flow mapping": ("§splits: {reuse: 0.4, landfill: 0.6}", "§splits: {reuse: 0.4}", "missing_key"),
    "missing value of a number": ("{value: 1.2, unit: t/vehicle}", "{unit: t/vehicle}", "missing_key", (9, 3)),
    "missing tag of a measure": ("- {kind: subsidy, rate: 0.5}", "- §{rate: 0.5}", "missing_key"),
    "unknown tag of a measure": ("- {kind: subsidy,", "- §{kind: subsidie,", "not_a_choice"),
    "no such choice": ("mode: stock_driven", "mode: §stock_drvien", "not_a_choice"),
    "no such choice in a list": ("[6016, 5xxx]", "[6016, §5xx]", "not_a_choice"),
    "text for a number": ("cars: 1000", "cars: §many", "need_number"),
    "yes is text": ("verbose: true", "verbose: §yes", "need_true_false"),
    "on is text": ("verbose: true", "verbose: §on", "need_true_false"),
    "sexagesimal is text": ("runs: 10", "runs: §12:30", "need_whole_number"),
    "a date is text": ("cars: 1000", "cars: §2030-01-01", "need_number"),
    "leading zeros are text": ("runs: 10", "runs: §007", "need_whole_number"),
    "half a whole number": ("runs: 10", "runs: §10.5", "need_whole_number"),
    "grouped by commas": ("cars: 1000", "cars: §1,000", "need_number"),
    "grouped by underscores": ("cars: 1000", "cars: §1_000", "need_number"),
    "quoted number": ("cars: 1000", 'cars: §"1000"', "need_number"),
    "percent sign": ("    share: 0.35", "    share: §35%", "need_number"),
    "unit behind the number": ("cars: 1000", "cars: §1000 vehicles", "need_number"),
    "true for a number": ("cars: 1000", "cars: §true", "need_number"),
    "list for a number": ("cars: 1000", "cars: §[1000]", "need_number"),
    "number for a text": ("en: base", "en: §3", "need_text"),
    "number for a mapping": ("splits: {reuse: 0.4, landfill: 0.6}", "splits: §3", "need_mapping"),
    "mapping for a list": ("years: [2020, 2050]", "years: §{a: 1}", "need_list"),
    "text for a list": ("alloys: [6016, 5xxx]", "alloys: §6016", "need_list"),
    "empty value": ("cars: 1000", "§cars:", "empty_value"),
    "tilde": ("cars: 1000", "cars: §~", "empty_value"),
    "empty mapping": ("runs: 10", "§runs:", "empty_value"),
    "list too short": ("years: [2020, 2050]", "years: §[2020]", "wrong_length"),
    "too many in a list": ("years: [2020, 2050]", "years: §[2020, 2030, 2050]", "wrong_length"),
    "below what is allowed": ("runs: 10", "runs: §0", "out_of_range"),
    "above what is allowed": ("runs: 10", "runs: §1001", "out_of_range"),
    "outside the span of a number": ("{value: 1.2, unit: t/vehicle}", "§4000", "out_of_range"),
    "share as percent": ("reuse: 0.4", "reuse: §90", "share_as_percent"),
    "share as percent in a mapping": ("    share: 0.35", "    share: {value: §35}", "share_as_percent"),
    "share far above one": ("reuse: 0.4", "reuse: §400", "share_out_of_range"),
    "negative share": ("reuse: 0.4", "reuse: §-0.1", "share_out_of_range"),
    "negative count": ("cars: 1000", "cars: §-1", "positive_out_of_range"),
    "high is negative": ("cars: 1000", "cars: {value: 1, low: §-1, high: 2}", "positive_out_of_range"),
    "low above value": ("low: 0.7", "low: §0.9", "low_above_value"),
    "high below value": ("low: 0.7, high: 1", "low: 0.7, high: §0.75", "value_above_high"),
    "half a range": ("low: 0.7, high: 1}", "low: 0.7}", "range_missing", (6, 35)),
    "text in a range": ("low: 0.7", "low: §lots", "need_number"),
    "estimate without range": ("cars: 1000", "cars: {value: 9, status: §estimate}", "status_needs_range"),
    "no such status": ("cars: 1000", "cars: {value: 9, status: §sure}", "unknown_status"),
    "no such distribution": ("cars: 1000", "cars: {value: 9, dist: §gauss}", "unknown_distribution"),
    "no such range": ("cars: 1000", "cars: {value: 9, range: §sd}", "unknown_range"),
    "law that leaves the share": (
        "reuse: 0.4",
        "reuse: {value: 0.4, low: 0.3, high: 0.5, dist: §normal}",
        "distribution_outside_support",
    ),
    "law that wants bounds": (
        "reuse: 0.4",
        "reuse: {value: 0.4, low: 0.3, high: 0.5, dist: §uniform}",
        "wrong_range_for_distribution",
    ),
    "no such unit": ("unit: t/vehicle", "unit: §tonne/car", "unknown_unit"),
    "unit of something else": ("unit: t/vehicle", "unit: §JPY/t", "wrong_unit"),
    "unit is no text": ("unit: t/vehicle", "unit: §3", "need_text"),
    "path where one number stands": ("cars: 1000", "cars: §{2025: 1, 2035: 2}", "path_not_allowed"),
    "no year among the years": ("{2025: 1,", "{2025: 1, §soon: 2,", "not_a_year"),
    "wrong number in a path": ("{2025: 1,", "{2025: §-1,", "positive_out_of_range"),
    "year far away": ("    share: 0.35", "    share: {§9999: 0.1}", "year_out_of_range"),
    "no such correlation": ("{2025: 1,", "{correlation: §ar7, 2025: 1,", "unknown_correlation"),
    "ar1 without rho": ("{2025: 1,", "{correlation: ar1, rho: §2, 2025: 1,", "rho_out_of_range"),
    "rho is text": ("{2025: 1,", "{correlation: ar1, rho: §high, 2025: 1,", "need_number"),
    "year is no year": ("years: [2020,", "years: [§20,", "not_a_year"),
    "no such data": ("cars: 1000", "cars: {data: §vehicles.elv_taken_i, year: FY2014}", "unknown_data_key"),
    "data leaves a choice": ("cars: 1000", "cars: {data: §vehicles.elv_taken_in}", "data_row_unclear"),
    "data in another unit": (
        "    share: 0.35",
        "    share: {data: §vehicles.elv_taken_in, year: FY2014}",
        "wrong_unit",
    ),
    "data without a number": ("cars: 1000", "cars: {data: §action_plan.k1}", "data_without_value"),
    "data and value": ("cars: 1000", "cars: {data: vehicles.elv_taken_in, §value: 3}", "data_and_value"),
    "data is no text": ("cars: 1000", "cars: {data: §3}", "need_text"),
    "no such series": ("    share: 0.35", "    share: {data_series: §vehicles.nothing}", "unknown_data_key"),
    "unknown key of a reference": (
        "cars: 1000",
        "cars: {data: vehicles.elv_taken_in, year: FY2014, §yr: 1}",
        "unknown_key",
    ),
    "shares that miss one": ("landfill: 0.6", "landfill: §0.5", "shares_do_not_add_to_one"),
    "full-width digits": ("cars: 1000", "cars: §１０００", "full_width"),
    "full-width point": ("reuse: 0.4", "reuse: §0．4", "full_width"),
    "full-width percent": ("    share: 0.35", "    share: §35％", "full_width"),
    "full-width colon": ("runs: 10", "runs§：10", "full_width"),
    "full-width colon in a block": ("  cars: 1000", "  cars§：1000", "full_width"),
    "full-width colon in a flow mapping": ("splits: {reuse: 0.4,", "splits: {§reuse：0.4,", "full_width"),
    "full-width space after the colon": ("runs: 10", "runs:§　10", "full_width_space"),
    "full-width indentation": ("  cars: 1000", "§　　cars: 1000", "full_width_space"),
    "full-width space before the colon": ("runs: 10", "runs§　: 10", "full_width_space"),
    "full-width space before a key": ("runs: 10", "§　runs: 10", "full_width_space"),
    "full-width space behind a number": ("cars: 1000", "cars: 1000§　", "full_width_space"),
    "full-width year of one number": ("cars: 1000", "cars: {§２０３５: 3, value: 2}", "full_width"),
    "full-width year beside a reference": (
        "cars: 1000",
        "cars: {data: vehicles.elv_taken_in, year: FY2014, §２０３５: 3}",
        "full_width",
    ),
    "misspelt key beside a reference and a value": (
        "cars: 1000",
        "cars: {data: vehicles.elv_taken_in, value: 3, §hihg: 4}",
        "unknown_key",
    ),
    "year of five digits alone": ("    share: 0.35", "    share: {§20350: 0.1}", "not_a_year"),
    "year far away in a list": ("years: [2020,", "years: [§2500,", "year_out_of_range"),
    "ar1 without any rho": ("{2025: 1,", "{correlation: ar1, 2025: 1,", "missing_key", (6, 5)),
    "text that begins with a star": ("en: base", "en: §**base**", "syntax_character"),
    "empty name": ("mode: stock_driven", '§mode: ""', "not_a_choice"),
    "quoted true": ("verbose: true", 'verbose: §"true"', "need_true_false"),
    "full-width comma": ("years: [2020, 2050]", "years: [§2020，2050]", "full_width"),
    "full-width braces": ("splits: {reuse: 0.4, landfill: 0.6}", "splits: §｛reuse: 0.4｝", "full_width"),
    "full-width brackets": ("years: [2020, 2050]", "years: §［2020］", "full_width"),
    "full-width quotes": ("mode: stock_driven", "mode: §“stock_driven”", "full_width"),
    "full-width key": ("runs: 10", "§ｒｕｎｓ: 10", "full_width"),
    "full-width year": ("{2025: 1,", "{§２０２５: 1,", "full_width"),
    "full-width year in a list": ("years: [2020,", "years: [§２０２０,", "full_width"),
    "duplicate key": ("runs: 10", "runs: 10\n§runs: 11", "duplicate_key"),
    "duplicate key in a flow mapping": ("reuse: 0.4,", "reuse: 0.4, §reuse: 0.4,", "duplicate_key"),
    "duplicate key in other spelling": ("{6016: 0.5}", '{6016: 0.5, §"6016": 0.4}', "duplicate_key"),
    "merge key": ("  cars: 1000", "  §<<: {a: 1}\n  cars: 1000", "merge_key"),
    "tag": ("cars: 1000", "cars: §!!int 1000", "tag"),
    "python tag": ("note", "note", "tag"),
    "key that is a list": ("runs: 10", "runs: 10\n? §[a]\n: 1", "key_not_text"),
    "empty key": ("runs: 10", 'runs: 10\n§"": 1', "key_not_text"),
    "infinity": ("cars: 1000", "cars: §.inf", "not_finite"),
    "not a number": ("cars: 1000", "cars: §.nan", "not_finite"),
    "overflow": ("cars: 1000", "cars: §1e999", "number_too_large"),
    "very long number": ("cars: 1000", "cars: §" + "9" * 5000, "number_too_large"),
    "underflow": ("cars: 1000", "cars: §1e-999", "number_too_small"),
    "unknown alias": ("cars: 1000", "cars: §*nothing", "unknown_alias"),
    "recursive alias": ("runs: 10", "runs: &a [§*a]", "recursive_alias"),
    "two documents": ("verbose: true\n", "verbose: true\n§---\na: 1\n", "several_documents"),
    "tab": ("  cars: 1000", "§\tcars: 1000", "tab"),
    "control character": ("runs: 10", "runs: 1§\x070", "control_character"),
    "bracket left open": ("years: [2020, 2050]", "years: §[2020, 2050", "syntax_bracket"),
    "brace left open": ("limits: {6016: 0.5}", "limits: §{6016: 0.5", "syntax_brace"),
    "quote left open": ("verbose: true", "note: §'abc", "syntax_quote"),
    "two colons": ("runs: 10", "runs: 10§: 3", "syntax_mapping"),
    "indented too far": ("  cars: 1000", "     cars§: 1000", "syntax_mapping"),
    "not indented enough": ("  cars: 1000", " §cars: 1000", "syntax_indent"),
    "no colon": ("runs: 10", "§runs 10", "syntax_colon"),
    "at sign": ("runs: 10", "runs: §@10", "syntax_character"),
    "percent as unit": ("unit: t/vehicle", "unit: §%", "syntax_character"),
    "backslash in quotes": ("en: base", 'en: "C:§\\data"', "syntax_escape"),
    "extends is a number": ("runs: 10", "extends: §3", "extends_not_name"),
    "extends nothing that exists": ("runs: 10", "extends: [§nothing-like-it]", "no_such_base"),
}
BROKEN["python tag"] = ("runs: 10", "runs: §!!python/object/apply:os.system [ls]", "tag")


def _case(toy_text: str, case: tuple) -> tuple[str, str, tuple[int, int]]:
    old, new, code, *place = case
    old = old.replace("§", "")
    assert toy_text.count(old) == 1, old
    marked = toy_text.replace(old, new)
    if place:
        return marked.replace("§", ""), code, place[0]
    before = marked[: marked.index("§")]
    return marked.replace("§", ""), code, (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN.keys())
def test_a_fault_has_its_code_its_place_and_its_words(toy, toy_text, tmp_path, case):
    text, code, (line, column) = _case(toy_text, case)
    file = tmp_path / "broken.yaml"
    file.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(InputError) as caught:
        load(file, toy)
    faults = caught.value.faults
    assert (code, Place(str(file), line, column)) in [(fault.code, fault.place) for fault in faults], faults
    for fault in faults:
        for lang in ("ja", "en"):
            told = [message(fault, lang), *hints(fault, lang)]
            assert not any("{found" in words or "?" in words.replace("? ", "") for words in told), told
            assert message(fault, lang) != fault.code
            assert "None" not in "".join(told)


def test_there_are_more_than_a_hundred_kinds():
    assert len(BROKEN) > 100


def test_the_scenario_they_are_made_from_is_sound(toy, toy_text, tmp_path):
    file = tmp_path / "sound.yaml"
    file.write_text(toy_text, encoding="utf-8")
    scenario = load(file, toy).scenario
    assert scenario.fleet.mass.value == 1200.0
    assert scenario.fleet.mass.status == "given"
    assert scenario.alloys == ("6016", "5xxx")
    assert list(scenario.fleet.export.hazard_scale.knots) == [2025, 2035]


def test_all_faults_are_found_at_once(toy, toy_text, tmp_path):
    file = tmp_path / "broken.yaml"
    text = toy_text.replace("runs: 10", "runs: 0").replace("cars: 1000", "cars: many").replace("0.35", "35")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(file, toy)
    assert [fault.code for fault in caught.value.faults] == ["share_as_percent", "need_number", "out_of_range"]


def test_several_wrong_years_of_one_path_are_all_told(toy, toy_text, tmp_path):
    file = tmp_path / "broken.yaml"
    file.write_text(toy_text.replace("    share: 0.35", "    share: {2025: 90, 2030: x, 2035: -1}"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(file, toy)
    assert [(fault.code, fault.place.column) for fault in caught.value.faults] == [
        ("share_as_percent", 19),
        ("need_number", 29),
        ("share_out_of_range", 38),
    ]


def test_in_a_notebook_the_error_says_everything(toy, toy_text, tmp_path, monkeypatch):
    file = tmp_path / "broken.yaml"
    file.write_text(toy_text.replace("reuse: 0.4", "reuse: 90").replace("runs: 10", "rnus: 1"), encoding="utf-8")
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    with pytest.raises(InputError) as caught:
        load(file, toy)
    assert str(caught.value) == (
        f"\n{file}:10:17: 割合は 0 から 1 で書きます。90 % なら 0.9 と書いてください。"
        f"\n{file}:17:1: 「rnus」という項目はありません。"
    )
