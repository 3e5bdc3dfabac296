"""Heat orders through the command: answers, reasons, expectations, and what is wrong with an order."""

import json
from pathlib import Path

import pytest
import yaml

from cesim.charge import Charge
from cesim.cli.main import main
from cesim.errors import InputError
from cesim.orders.expecting import expectations
from cesim.orders.reading import read_order

EXAMPLE = Path(__file__).parent / "heat-6016.yaml"


@pytest.fixture
def written(tmp_path):
    """Write the example with changes at dotted paths; None takes a key away."""

    def write(**changes):
        tree = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
        tree["risk"]["method"] = "none"  # the risk is counted, not kept: quick
        tree["risk"]["heats"] = 2000
        for path, value in changes.items():
            part, *rest = path.split("__")
            held = tree
            for step in (part, *rest[:-1]) if rest else ():
                held = held[step.replace("_", " ") if step.startswith("hoods") else step]
            key = rest[-1] if rest else part
            if value is None:
                del held[key]
            else:
                held[key] = value
        path = tmp_path / "heat.yaml"
        path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return path

    return write


def asked(path, capsys, *options):
    code = main(["charge", str(path), "--lang", "en", *options])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_the_example_says_what_the_library_says(capsys):
    code, out, _ = asked(EXAMPLE, capsys, "--json")
    told = json.loads(out)
    answer = read_order(EXAMPLE, "charge").charge.most_recycled()
    assert code == 0
    assert {row["material"]: row["mass_t"] for row in told["tables"]["mix"]} == pytest.approx(dict(answer.mix))
    assert told["figures"]["recycled_content"] == pytest.approx(answer.recycled_content)
    assert told["figures"]["realised_risk_bound"] <= 0.012
    assert all(one["holds"] for one in told["expected"])


def test_wt_per_cent_become_fractions(written):
    charge = read_order(written(), "charge").charge
    assert isinstance(charge, Charge)
    primary = next(lot for lot in charge.yard if lot.name == "P1020")
    assert dict(zip(primary.belief.elements, primary.belief.mean(), strict=True))["Fe"] == pytest.approx(0.0008)


def test_the_lines_tell_mix_limits_risk_and_expectation(written, capsys):
    code, out, _ = asked(written(expect=["recycled_content >= 0.1"]), capsys)
    assert code == 0
    for text in ("P1020", "Recycled content:", "Cost:", "fresh heats", "As expected: recycled_content >= 0.1"):
        assert text in out


def test_an_expectation_that_is_missed_has_its_own_code(written, capsys):
    code, out, _ = asked(written(expect=["recycled_content >= 0.99"]), capsys)
    assert code == 4
    assert "NOT as expected" in out


def test_nothing_to_charge_is_told_with_its_reason(written, capsys):
    code, out, _ = asked(written(alloy__widen={"Fe": 0.05}), capsys)
    assert code == 3
    assert "Fe cannot be met" in out
    lots = {"hoods A": 1, "hoods B": 1, "hoods C": 1, "Si": 1, "Mg": 1}
    code, out, _ = asked(written(yard__P1020=None, furnace__yields=lots), capsys)
    assert code == 3
    assert "make 9.03 t only\n" in out


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"alloy__name": "6O16"}, "did you mean: 6016"),
        ({"ask": "cheap"}, "cheap"),
        ({"yard__hoods_A__reliability": 1.4}, "1.4"),
        ({"yard__hoods_A__stock": -1}, "-1"),
        ({"yard__hoods_A__source": "hods"}, "hods"),
        ({"yard__hoods_A__composition": {"Si": 1.0}}, "hoods A"),
        ({"yard__P1020__composition": {"Si": 60, "Fe": 50}}, "P1020"),
        ({"yard__P1020__composition": None}, "P1020"),
        ({"sources__hoods__cv": None}, "cv"),
        ({"furnace__recoveries": {"Al": 0.97}}, "recoveries"),
        ({"furnace__yields": None}, "yields"),
        ({"risk__joint": 0.7}, "0.7"),
        ({"yard": {}}, "yard"),
        ({"expect": ["recycled_contnt >= 0.5"]}, "did you mean: recycled_content"),
        ({"expect": ["much recycled content"]}, "much recycled content"),
        ({"furnce": {}}, "furnace"),
    ],
)
def test_wrong_orders_are_refused_with_object_and_field(written, capsys, changes, text):
    code, out, err = asked(written(**changes), capsys)
    assert code == 2
    assert out == ""
    assert text in err
    assert "Traceback" not in err


def test_a_figure_that_is_not_there_never_holds():
    (one,) = expectations(["realised_risk <= 1"], {"realised_risk": None})
    assert not one.holds
    with pytest.raises(InputError):
        expectations(["realised_risk <= e"], {"realised_risk": 0.0})


def test_the_least_order_of_the_docs_is_answered(tmp_path, capsys):
    page = (Path(__file__).parents[2] / "docs" / "orders.md").read_text(encoding="utf-8")
    path = tmp_path / "least.yaml"
    path.write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    code, out, _ = asked(path, capsys)
    assert code == 0
    assert "profiles" in out


def test_certain_lots_tell_their_limits_whatever_risk_is_asked(written, capsys):
    """Without chance there is nothing to draw, and what stops more is told exactly."""
    scrap = {"Si": 1.2, "Fe": 0.9, "Cu": 0.1, "Mn": 0.1, "Mg": 0.5, "Cr": 0.02, "Zn": 0.05, "Ti": 0.02}
    lot = {"price": 250000, "co2": 0.4, "recycled": "post", "composition": scrap}
    yields = {"hoods": 0.96, "P1020": 0.99, "Si": 1, "Mg": 1}
    primary = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["yard"]["P1020"]
    changes = {"yard": {"hoods": lot, "P1020": primary}, "furnace__yields": yields, "risk__method": "auto"}
    code, out, _ = asked(written(**changes, expect=[]), capsys)
    assert code == 0
    assert "Limit: Fe, upper limit 0.5 % (mean of the melt 0.5 %)" in out
    assert "every composition is certain" in out
