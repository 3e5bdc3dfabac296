"""The door to SALib: it answers as SALib does, or not at all."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from published import ISHIGAMI_FIRST, ISHIGAMI_TOTAL, crossed, in_salibs_order, ishigami
from scipy.stats import qmc

from cesim.errors import InputError
from cesim.sweep.sensitivity import sobol_indices, via_salib
from cesim.text import hints

PROBLEM = {"names": ["first", "second_raw", "third"], "bounds": [[0.0, 1.0]] * 3}
"""A name that SALib's delta would refuse is among them."""

X = qmc.Sobol(3, rng=0).random(512)
Y = ishigami(X)
RUNS = in_salibs_order(*crossed(ishigami, 1024, 3))


def refused(*arguments, **named):
    with pytest.raises(InputError) as caught:
        via_salib(*arguments, **named)
    (fault,) = caught.value.faults
    return fault


def test_sobol_through_the_door_is_ours():
    told, ours = via_salib("sobol", PROBLEM, None, RUNS), sobol_indices(*crossed(ishigami, 1024, 3))
    assert told.names == ("first", "second_raw", "third")
    assert told.version.startswith("1.")
    for figure, wanted in (("S1", ours.first), ("ST", ours.total), ("S2", ours.second)):
        np.testing.assert_allclose(told.figures[figure], wanted.value, rtol=0, atol=1e-9)
    assert (told.figures["S2_conf"] > 0).all()


def test_sobol_without_the_second_order():
    a, b, ab, _ = crossed(ishigami, 1023, 3, even=False)
    told = via_salib("sobol", PROBLEM, None, in_salibs_order(a, b, ab), {"calc_second_order": False})
    np.testing.assert_allclose(told.figures["ST"], sobol_indices(a, b, ab).total.value, rtol=0, atol=1e-9)
    assert "S2" not in told.figures


def test_whole_numbers_are_numbers():
    told = via_salib("pawn", PROBLEM, X, np.round(Y).astype(np.int64))
    np.testing.assert_array_equal(told.figures["median"], via_salib("pawn", PROBLEM, X, np.round(Y)).figures["median"])


def test_sobol_knows_groups():
    grouped = {**PROBLEM, "groups": ["g", "h", "g"]}
    told = via_salib("sobol", grouped, None, in_salibs_order(*crossed(ishigami, 1024, 3, groups=[[0, 2], [1]])))
    assert told.names == ("g", "h")
    np.testing.assert_allclose(told.figures["ST"], [1 - ISHIGAMI_FIRST[1], ISHIGAMI_FIRST[1]], atol=0.02)


def test_pawn_answers_as_salib_does():
    from SALib.analyze import pawn

    told = via_salib("pawn", PROBLEM, X, Y, {"S": 8})
    wanted = pawn.analyze({"num_vars": 3, "names": list("abc"), "bounds": PROBLEM["bounds"]}, X, Y, S=8)
    for figure in ("minimum", "mean", "median", "maximum", "CV", "stdev"):
        np.testing.assert_array_equal(told.figures[figure], wanted[figure])


def test_delta_and_rbd_fast_put_the_inputs_in_order():
    told = via_salib("delta", PROBLEM, X[:256], X[:256] @ np.array([1.0, 5.0, 0.0]), {"num_resamples": 2})
    assert told.figures["delta_raw" if "delta_raw" in told.figures else "delta"].argmax() == 1
    assert not any("step" in figure for figure in told.figures)
    fast = via_salib("rbd_fast", PROBLEM, X, Y, {"num_resamples": 20})
    np.testing.assert_allclose(fast.figures["S1"], ISHIGAMI_FIRST, atol=0.06)


def test_morris_through_the_door():
    from SALib.sample import morris

    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0.0, 1.0]] * 3}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        x = morris.sample(problem, 10, seed=0)
    told = via_salib("morris", problem, x, x @ np.array([1.0, -2.0, 0.0]))
    np.testing.assert_allclose(told.figures["mu"], [1.0, -2.0, 0.0], atol=1e-12)
    grouped = {**problem, "groups": ["g", "g", "h"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        x = morris.sample({**grouped}, 10, seed=0)
    told = via_salib("morris", grouped, x, x @ np.array([1.0, 1.0, 0.5]))
    assert told.names == ("g", "h")
    assert told.figures["mu_star"].shape == (2,)
    assert "sigma" not in told.figures


@pytest.mark.parametrize("method", ["sobol", "pawn", "delta", "rbd_fast", "morris"])
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_one_value_that_is_no_number_is_refused(method, wrong):
    y = RUNS.copy() if method == "sobol" else Y.copy()
    y[7] = wrong
    fault = refused(method, PROBLEM, None if method == "sobol" else X, y, name="co2")
    assert (fault.code, fault.arguments["found"], str(fault.place)) == ("sweep_values_not_finite", 1, "co2")


@pytest.mark.parametrize("method", ["sobol", "pawn", "delta", "rbd_fast", "morris"])
def test_a_result_that_does_not_vary_is_refused(method):
    y = np.full_like(RUNS if method == "sobol" else Y, 4.0)
    fault = refused(method, PROBLEM, None if method == "sobol" else X, y)
    assert (fault.code, fault.arguments) == ("sweep_does_not_vary", {"found": 4.0})


def test_base_points_that_do_not_vary_are_refused():
    # SALib itself says 0 for every index here
    a, b, ab, ba = (np.zeros_like(values) for values in crossed(ishigami, 64, 3))
    ab[3, 1] = 1.0
    assert refused("sobol", PROBLEM, None, in_salibs_order(a, b, ab, ba)).code == "sweep_does_not_vary"


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_inputs_that_are_no_numbers_are_refused(wrong):
    x = X.copy()
    x[3, 1] = wrong
    assert refused("pawn", PROBLEM, x, Y).code == "sweep_values_not_finite"


def test_an_input_that_does_not_vary_is_refused():
    x = X.copy()
    x[:, 1] = 0.5
    fault = refused("delta", PROBLEM, x, Y)
    assert (fault.code, fault.arguments) == ("sweep_input_does_not_vary", {"found": 2})


@pytest.mark.parametrize(
    ("method", "x", "y"),
    [
        ("pawn", X[:-1], Y),
        ("pawn", X[:, :2], Y),
        ("pawn", None, Y),
        ("pawn", X, np.stack([Y, Y], axis=1)),
        ("sobol", None, RUNS[:-1]),
        ("sobol", None, RUNS[:-4]),
    ],
)
def test_another_shape_is_refused(method, x, y):
    assert refused(method, PROBLEM, x, y).code == "sweep_values_shape"


def test_what_is_not_behind_the_door_is_refused():
    fault = refused("fast", PROBLEM, X, Y)
    assert fault.code == "sweep_salib_method"
    assert "rbd_fast" in fault.arguments["allowed"]
    grouped = {**PROBLEM, "groups": ["g", "g", "h"]}
    assert refused("delta", grouped, X, Y).code == "sweep_salib_groups"


@pytest.mark.parametrize(
    "options", [{"num_resamples": "many"}, {"nonsense": 1}, {"conf_level": 2.0}, {"num_resamples": 1}]
)
def test_what_goes_wrong_inside_is_a_fault(options):
    # the last: a spread of one resample is none, at which numpy warns and SALib answers nan
    fault = refused("rbd_fast", PROBLEM, X, Y, options)
    assert fault.code == "sweep_salib_failed"
    assert fault.arguments["method"] == "rbd_fast"


def test_seed_0_is_a_seed():
    answers = [via_salib("sobol", PROBLEM, None, RUNS, seed=seed).figures["S1_conf"] for seed in (0, 0, 1)]
    np.testing.assert_array_equal(answers[0], answers[1])
    assert (answers[0] != answers[2]).any()


def test_what_belongs_to_everybody_is_left_as_it_was():
    np.random.seed(5)  # noqa: NPY002
    wanted = np.random.random()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    written, filters = warnings.formatwarning, list(warnings.filters)
    first = via_salib("delta", PROBLEM, X[:128], Y[:128], {"num_resamples": 2, "method": "sobol"}).figures["S1"]
    assert np.random.random() == wanted  # noqa: NPY002
    assert warnings.formatwarning is written
    assert warnings.filters == filters
    np.testing.assert_array_equal(
        via_salib("delta", PROBLEM, X[:128], Y[:128], {"num_resamples": 2, "method": "sobol"}).figures["S1"], first
    )


def test_where_salib_is_missing_the_remedy_is_told(monkeypatch):
    for module in [name for name in sys.modules if name == "SALib" or name.startswith("SALib.")]:
        monkeypatch.delitem(sys.modules, module)

    class Nowhere:
        def find_spec(self, name, *_):
            if name.split(".")[0] == "SALib":
                raise ImportError(name)

    monkeypatch.setattr(sys, "meta_path", [Nowhere(), *sys.meta_path])
    fault = refused("pawn", PROBLEM, X, Y)
    assert fault.code == "sweep_salib_missing"
    for lang in ("ja", "en"):
        assert any("pip install 'cesim[sensitivity]'" in line for line in hints(fault, lang))


def test_published_total_indices_of_ishigami_come_through():
    told = via_salib("sobol", PROBLEM, None, RUNS, {"calc_second_order": True})
    np.testing.assert_allclose(told.figures["ST"], ISHIGAMI_TOTAL, atol=0.03)
