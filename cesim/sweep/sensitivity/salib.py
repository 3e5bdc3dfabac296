"""SALib behind one door: its methods, without what it answers where there is no answer.

SALib 1.6 says that nothing matters (zeros, with intervals of no width) where one value is not a number, draws its
resamples from numpy's global source for seed 0, and leaves the filters of warnings changed. Nothing of that passes
this door: what is not finite or does not vary is refused, and so is an answer that came with a warning.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import numpy as np

from cesim.sweep.sensitivity.checked import ROUNDING, all_finite, does_not_vary, refused, same_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Method = Literal["sobol", "morris", "pawn", "delta", "rbd_fast"]

_GROUPED: Final = ("sobol", "morris", "pawn")
"""Methods that know groups of inputs."""
_UNSEEDED: Final = ("pawn",)
"""Methods without luck."""
_NOT_FIGURES: Final = ("names", "notes", "delta_step", "delta_step_conf")
"""What is not handed on: words, and the delta of being above 0, which inputs between 0 and 1 do not have."""
_NOTICE: Final = "Potential Bias Notice"
"""Delta's remark that inputs are not spread evenly; the only warning that is not a fault."""


@dataclass(frozen=True)
class SalibAnswer:
    """What a method of SALib told of one result.

    Attributes
    ----------
    method, version
        which, and of which SALib
    names
        of the inputs, or of their groups
    figures
        name as in SALib (``S1``, ``S1_conf``, ``median``, ...) -> (input,), all finite; ``S2`` and ``S2_conf`` are
        (pair,) in the order (0, 1), (0, 2), ..., (1, 2), ...
    notices
        remarks that leave the answer standing
    """

    method: Method
    version: str
    names: tuple[str, ...]
    figures: Mapping[str, Floats]
    notices: tuple[str, ...] = ()


def via_salib(
    method: Method,
    problem: Mapping[str, Any],
    x: Floats | None,
    y: Floats,
    options: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    name: str = "",
) -> SalibAnswer:
    """Ask SALib.

    Parameters
    ----------
    problem
        ``names``, ``bounds`` (lower, upper of each) and, where inputs go together, ``groups``, as SALib wants them
    x : (run, input)
        in SALib's order; `sobol` does without
    y : (run,)
    options
        further arguments of the method's ``analyze``
    seed
        of its resamples
    name
        of the result, for the place of a fault

    Raises
    ------
    InputError
        ``sweep_salib_missing``, ``sweep_salib_method``, ``sweep_values_not_finite``, ``sweep_values_shape``,
        ``sweep_does_not_vary``, ``sweep_input_does_not_vary``, ``sweep_salib_groups``, ``sweep_salib_failed``
    """
    if method not in get_args(Method):
        raise refused("sweep_salib_method", name, found=method, allowed=get_args(Method))
    names, y = tuple(str(one) for one in problem["names"]), np.asarray(y, dtype=np.float64)
    groups = tuple(str(one) for one in problem.get("groups") or ())
    if groups and method not in _GROUPED:
        raise refused("sweep_salib_groups", name, found=method, allowed=_GROUPED)
    _checked(name, len(names), method, x, y)
    asked = dict(options or {})
    if method == "sobol":
        _base_points_vary(name, y, len(set(groups)) or len(names), asked.get("calc_second_order", True))
    analyze, version = _analyze(method)
    told = {"num_vars": len(names), "names": [f"x{j}" for j in range(len(names))], "bounds": problem["bounds"]}
    if groups:
        told["groups"] = list(groups)
    if method not in _UNSEEDED:
        asked["seed"] = seed + 1  # SALib takes 0 for no seed
    values = (told, y) if method == "sobol" else (told, x, y)
    answer, notices = _guarded(name, method, lambda: analyze(*values, **asked))
    return SalibAnswer(
        method, version, tuple(dict.fromkeys(groups)) or names, _figures(name, method, answer, bool(groups)), notices
    )


def _checked(name: str, inputs: int, method: Method, x: Floats | None, y: Floats) -> None:
    """Refuse what SALib would answer wrongly."""
    same_shape(name, "y", y, (y.size,))
    all_finite(name, y)
    if not y.size or does_not_vary(y):
        raise refused("sweep_does_not_vary", name, found=float(y[0]) if y.size else None)
    if method == "sobol" and x is None:
        return
    x = np.empty((0, 0)) if x is None else x
    same_shape(name, "x", x, (y.size, inputs))
    all_finite(name, x)
    for j, column in enumerate(x.T):
        if does_not_vary(column):
            raise refused("sweep_input_does_not_vary", name, found=j + 1)


def _base_points_vary(name: str, y: Floats, factors: int, second: bool) -> None:
    """Refuse runs of which those of the base points are all the same: SALib would say 0 for every index."""
    step = 2 * factors + 2 if second else factors + 2
    if y.size % step:
        raise refused("sweep_values_shape", name, what="y", found=f"{y.size:,}", wanted=f"n x {step}")
    base = y.reshape(-1, step)[:, [0, -1]]
    if base.var() <= ROUNDING * y.var():
        raise refused("sweep_does_not_vary", name, found=float(base[0, 0]))


def _analyze(method: Method) -> tuple[Callable[..., Any], str]:
    """Return the method's function and SALib's version."""
    from importlib import import_module
    from importlib.metadata import version

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = import_module(f"SALib.analyze.{method}")
    except ImportError as missing:
        raise refused("sweep_salib_missing", "", proposal="pip install 'cesim[sensitivity]'") from missing
    return module.analyze, version("SALib")


def _guarded(name: str, method: Method, ask: Callable[[], Any]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Ask, and refuse an answer that came with an error or a warning."""
    try:
        with _left_as_it_was(), warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            answer = ask()
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as wrong:
        raise refused("sweep_salib_failed", name, method=method, found=str(wrong)) from wrong
    told = [str(one.message) for one in heard if not issubclass(one.category, (DeprecationWarning, FutureWarning))]
    wrong_ones = [one for one in told if _NOTICE not in one]
    if wrong_ones:
        raise refused("sweep_salib_failed", name, method=method, found=wrong_ones[0])
    return answer, tuple(told)


@contextmanager
def _left_as_it_was() -> Iterator[None]:
    """Put back what SALib changes for everybody: numpy's global source, and how warnings are written."""
    state, written = np.random.get_state(), warnings.formatwarning  # noqa: NPY002 -- SALib's, put back as it was
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
        warnings.formatwarning = written


def _figures(name: str, method: Method, answer: Mapping[str, Any], grouped: bool) -> dict[str, Floats]:
    """Return the figures as arrays, all of them finite."""
    figures: dict[str, Floats] = {}
    for figure, values in answer.items():
        if figure in _NOT_FIGURES or (method == "morris" and grouped and figure == "sigma"):
            continue  # SALib has no sigma of a group
        array = np.asarray(values, dtype=float)
        figures[figure] = array[np.triu_indices(array.shape[0], 1)] if figure.startswith("S2") else array
        if not np.isfinite(figures[figure]).all():
            raise refused("sweep_salib_failed", name, method=method, found=f"{figure}: nan")
    return figures
