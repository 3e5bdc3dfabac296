"""The kernels without numba: the same source, the same answers."""

import importlib.util
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

from cesim.charge import kernel, simplex
from cesim.charge.cone import solve_cone
from cesim.charge.programme import Programme


@pytest.fixture(scope="module")
def plain():
    """The kernels as Python runs them where numba is not installed."""
    held = sys.modules.get("numba")
    sys.modules["numba"] = None
    try:
        spec = importlib.util.spec_from_file_location("plain_kernel", kernel.__file__)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.modules.pop("numba")
        if held is not None:
            sys.modules["numba"] = held
    return module


def test_both_give_the_same_numbers(draw, plain, monkeypatch):
    assert type(plain.solve_one).__name__ == "function"
    rng = np.random.default_rng(0)
    programmes = [Programme(*draw.charge(rng)) for _ in range(30)] + [Programme(*draw.yard(rng)) for _ in range(10)]
    fast = [simplex.solve(programme) for programme in programmes]
    monkeypatch.setattr(simplex, "_kernel", lambda: plain)
    slow = [simplex.solve(programme) for programme in programmes]
    for one, other in zip(fast, slow, strict=True):
        assert (one.status, one.pivots) == (other.status, other.pivots)
        for name in ("x", "row_price", "column_price", "ray", "objective"):
            assert np.allclose(getattr(one, name), getattr(other, name), rtol=1e-12, atol=1e-12, equal_nan=True)


def test_a_live_tableau_without_numba(draw, plain, monkeypatch):
    programme = Programme(*draw.charge(np.random.default_rng(2)))
    answers = []
    for module in (kernel, plain):
        monkeypatch.setattr(simplex, "_kernel", lambda module=module: module)
        live = simplex.Tableau(programme)
        best = live.solve()
        row = np.linspace(0, 1, len(programme.cost))
        live.add_row(row, upper=0.99 * float(row @ best.x))
        live.restock(stock=programme.stock * 1.1)
        answers.append(live.solve())
    assert answers[0].status == answers[1].status
    assert answers[0].objective == pytest.approx(answers[1].objective, rel=1e-12, nan_ok=True)


def test_margins_without_numba(draw):
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "import pickle; from cesim.charge.cone import solve_cone\n"
        "programmes = pickle.load(sys.stdin.buffer)\n"
        "pickle.dump([solve_cone(p) for p in programmes], sys.stdout.buffer)"
    )
    rng = np.random.default_rng(3)
    programmes = [draw.risky_charge(rng) for _ in range(3)] + [draw.risky_yard(rng)]
    told = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(programmes), capture_output=True, check=True)
    for slow, programme in zip(pickle.loads(told.stdout), programmes, strict=True):
        fast = solve_cone(programme)
        assert (slow.status, slow.stage, slow.rounds) == (fast.status, fast.stage, fast.rounds)
        assert slow.objective == pytest.approx(fast.objective, rel=1e-9, nan_ok=True)


def test_what_was_compiled_from_an_older_neighbour_is_forgotten(tmp_path):
    kept = tmp_path / "__pycache__"
    kept.mkdir()
    for name in (
        "kernel.py",
        "tangents.py",
        "__pycache__/tangents.solve-1.py311.nbi",
        "__pycache__/other.f-1.py311.nbi",
    ):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1e9, 1e9))
    kernel.drop_stale.__wrapped__(str(tmp_path))
    assert len(list(kept.iterdir())) == 2
    (tmp_path / "kernel.py").touch()
    kernel.drop_stale.__wrapped__(str(tmp_path))
    assert [path.name for path in kept.iterdir()] == ["other.f-1.py311.nbi"]


def test_numba_waits_for_the_first_solve():
    code = "import sys, cesim.charge.simplex, cesim.charge; print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
