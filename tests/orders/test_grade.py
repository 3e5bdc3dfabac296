"""`cesim grade` and `cesim codesign` from an order: answers as the library gives them, files, expectations."""

import json

import pandas as pd
import pytest

from cesim.orders import asking
from cesim.orders.reading import read_order


def test_a_trial_is_that_of_the_library(order, asked):
    code, out, _ = asked("grade", "test", order(), "--json")
    told = json.loads(out)["figures"]
    result = asking.tried(read_order(order(), "test"))
    assert code == 0
    for name in ("acceptance", "false_accept", "false_reject"):
        assert told[name] == float(getattr(result, name))
    assert told["sole_cause.Cu"] == float(result.sole_cause["Cu"])
    assert told["recycled_content"] == float(result.melting.recycled_content)
    assert told["accepted_t"] == pytest.approx(
        told["acceptance"] * sum(stream.supply for stream in result.lots.streams)
    )


def test_the_sorter_decides_what_comes_to_the_gate(order):
    with_sorter = asking.tried(read_order(order(), "test"))
    without = asking.tried(read_order(order({"sorter": None}), "test"))
    assert [stream.name for stream in with_sorter.lots.streams] == ["hoods", "beams 6xxx"]
    assert [stream.name for stream in without.lots.streams] == ["hoods", "beams 6xxx", "beams 7xxx", "shredder"]
    assert without.acceptance < with_sorter.acceptance


def test_a_trial_without_a_melt_shop_says_so(order, asked):
    code, out, _ = asked("grade", "test", order({"shop": None}))
    assert code == 0
    assert "No melting" in out
    assert "recycled_content" not in json.loads(asked("grade", "test", order({"shop": None}), "--json")[1])["figures"]


def test_two_grades_are_tried_on_the_same_lots(order, asked):
    told = json.loads(asked("grade", "compare", order(), "--json")[1])["figures"]
    for name in ("acceptance", "false_accept", "recycled_content"):
        assert told[f"difference.{name}"] == pytest.approx(told[f"second.{name}"] - told[f"first.{name}"])
    alike = order({"against": read_order(order(), "test").order.model_dump(exclude_unset=True)["grade"]})
    same = json.loads(asked("grade", "compare", alike, "--json")[1])["tables"]["differences"]
    assert {row["difference"] for row in same} == {0.0}


def test_knowing_more_is_told_level_by_level(order, asked):
    code, out, _ = asked("grade", "value", order(), "--json")
    told = json.loads(out)
    assert code == 0
    levels = [row["level"] for row in told["tables"]["levels"]]
    assert levels == [
        "none", "record 0.9", "record 0.99", "assay", "sorted", "record 0.9 + assay", "record 0.99 + assay", "perfect",
    ]  # fmt: skip
    assert told["figures"]["points.none"] == 0.0
    assert told["figures"]["recycled_content.perfect"] > told["figures"]["recycled_content.none"]
    assert [row["name"] for row in told["tables"]["per_cent_of_record"]] == ["0.9 to 0.99"]


def test_a_table_of_designs_is_that_of_the_library(order, asked):
    code, out, _ = asked("codesign", order(), "--json")
    told = json.loads(out)
    grid = asking.design_of(read_order(order(), "codesign")).grid()
    assert code == 0
    rows = {(row["level"], row["widening"]): row for row in told["tables"]["designs"]}
    assert len(rows) == told["figures"]["designs"] == 12
    for i, level in enumerate(grid.levels.tolist()):
        for j, width in enumerate(grid.widening.tolist()):
            assert rows[level, width]["recycled_content"] == float(grid.recycled_content[i, j])
            assert rows[level, width]["binding"] == grid.binding[i, j]
    assert {row["side"] for row in told["tables"]["costly_limits"]} == {"grade", "alloy"}


def test_free_iron_counts_in_every_design(order):
    strict = asking.design_of(read_order(order({"grade.free_iron": 0.05}), "codesign")).grid()
    usual = asking.design_of(read_order(order(), "codesign")).grid()
    assert (strict.accepted[:, :2] < 0.1 * usual.accepted[:, :2]).all()


def test_the_lines_tell_the_numbers(order, asked):
    for words, texts in (
        (("grade", "test"), ("Accepted:", "hoods", "Cu", "Melted:", "95 % bound")),
        (("grade", "compare"), ("accepted (%)", "true mean Fe (wt%)", "same lots")),
        (("grade", "value"), ("record 0.99", "sorting", "One more per cent of right records (0.9 to 0.99)")),
        (
            ("codesign",),
            ("Recycled content, %", "What stops more (grade", "designs that none beats", "0.01 points more"),
        ),
    ):
        code, out, err = asked(*words, order())
        assert code == 0
        assert all(text in out for text in texts), out
        assert "nan" not in out.lower()
        assert "sorter is left aside" in err if words == ("codesign",) else err == ""


def test_what_elements_leaves_out_is_said(order, asked):
    lead = {"sources/hoods/mean": {"Pb": 0.01}, "sources/hoods/cv": {"Pb": 0.5}}
    code, _, err = asked("grade", "test", order(lead))
    assert code == 0
    assert "Pb of hoods is not looked at" in err
    told = json.loads(asked("grade", "test", order(lead), "--json")[1])
    assert [one["code"] for one in told["remarks"]] == ["order_left_out"]
    assert "Pb" not in {row["element"] for row in told["tables"]["accepted"]}


def test_a_charge_of_lots_that_are_alike_says_what_it_leaves_aside(order, asked):
    _, _, err = asked("charge", order({"sources/hoods/within_yard": 0.3}))
    assert "Lots of hoods are alike" in err


def test_expectations_by_command(order, asked):
    path = order({"expect": {"test": ["acceptance >= 0.01", "sole_cause.Cu <= 0.9"], "codesign": ["designs >= 13"]}})
    assert asked("grade", "test", path)[0] == 0
    assert asked("grade", "compare", path)[0] == 0
    code, out, _ = asked("codesign", path)
    assert code == 4
    assert "NOT as expected: designs >= 13 (found 12)" in out


def test_parquet_holds_what_json_holds(order, asked, tmp_path):
    folder = tmp_path / "tables"
    told = json.loads(asked("grade", "test", order(), "--json", "--parquet", folder)[1])
    for name, rows in told["tables"].items():
        held = pd.read_parquet(folder / f"{name}.parquet")
        pd.testing.assert_frame_equal(held, pd.DataFrame(rows))
    figures = pd.read_parquet(folder / "figures.parquet").set_index("figure")["value"]
    assert figures["acceptance"] == told["figures"]["acceptance"]
    assert asked("codesign", order(), "--parquet", folder)[0] == 0
    assert not (folder / "rates.parquet").exists(), "tables of another answer do not stay behind"


def test_files_of_others_are_left_alone(order, asked, tmp_path):
    page, folder = tmp_path / "page.html", tmp_path / "mine"
    page.write_text("mine", encoding="utf-8")
    folder.mkdir()
    (folder / "letter.docx").write_text("mine", encoding="utf-8")
    for words in (("--html", page), ("--html", folder), ("--html", tmp_path / "no" / "a.html"), ("--parquet", folder),
                  ("--parquet", page)):  # fmt: skip
        code, out, err = asked("grade", "test", order(), *words)
        assert code == 2
        assert out == ""
        assert str(words[1]) in err or str(words[1].parent) in err
    assert page.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("command", "changes", "texts"),
    [
        ("test", {"grade": None}, ["grade", "grade test"]),
        ("test", {"sampling": None, "sources": None}, ["sampling", "sources"]),
        ("test", {"furnace": None}, ["furnace"]),
        ("compare", {"against": None}, ["against"]),
        ("test", {"grade": {"name": "elv_hood"}}, ["elv_hood", "typical"]),
        ("test", {"grade": {"name": "tabor"}}, ["tabor"]),
        ("test", {"grade.min": {"Fe": 0.9}}, ["clean 6xxx", "Fe"]),
        ("test", {"sources/shredder/mean": {"Ti": 101}}, ["101"]),
        ("test", {"sources/shredder/mean": None}, ["ScrapSource shredder", "Ti"]),
        ("test", {"sources/shredder/supply": -1}, ["-1"]),
        ("test", {"sources/shredder/supply": None}, ["ScrapSource shredder", "supply"]),
        ("test", {"sources/hoods/grade": "elv_bumper_beam"}, ["elv_bumper_beam"]),
        ("test", {"sources/beams 6xxx/mean": {"Si": 60, "Fe": 50}}, ["beams 6xxx"]),
        ("test", {"elements": None, "sources/hoods/mean": {"Pb": 0.1}, "sources/hoods/cv": 0.5}, ["Pb", "shredder"]),
        ("test", {"sorter/confusion/hoods": {"hoods": 0.9}}, ["Sorter", "hoods", "0.9"]),
        ("test", {"sorter/confusion/hoods": {"hods": 1.0}}, ["Sorter", "hods"]),
        ("test", {"sorter/confusion/shredder": None}, ["Sorter", "shredder"]),
        ("test", {"sampling/increment_mass": 0.001}, ["0.005"]),
        ("test", {"sampling/limit_of_detection": 0, "sampling/absolute_error": 0.01}, ["limit_of_detection"]),
        ("test", {"furnace/recoveries": {"Al": 0.97}}, ["Furnace", "recoveries"]),
        ("test", {"furnace/yields": {"P1020": 1, "Si": 1, "Mg": 1, "Mn": 1}}, ["yields", "scrap"]),
        ("test", {"risk/joint": 1.5}, ["1.5"]),
        ("value", {"knowledge/records": [1.2]}, ["1.2"]),
        ("value", {"knowledge/records": [0.9, 0.8]}, ["records"]),
        ("value", {"knowledge/records": [0.1]}, ["record 0.1"]),
        ("value", {"sources/hoods/within_yard": 0.3}, ["hoods"]),
        ("codesign", {"design/widened": ["Fee"]}, ["Fee"]),
        ("codesign", {"design/levels/last": 0.1}, ["levels"]),
        ("codesign", {"sources/hoods/price": None}, ["hoods", "price"]),
        ("codesign", {"design": None}, ["design"]),
        ("charge", {"yard": None}, ["yard"]),
    ],
)  # fmt: skip
def test_wrong_orders_are_refused_with_object_and_field(order, asked, command, changes, texts):
    words = (command,) if command in ("charge", "codesign") else ("grade", command)
    code, out, err = asked(*words, order(changes))
    assert code == 2, out
    assert out == ""
    assert "Traceback" not in err
    for text in texts:
        assert text in err
