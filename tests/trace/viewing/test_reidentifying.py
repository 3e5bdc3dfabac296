"""An attacker on views: how often it must be right where theory says so, and what coarser views save."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.text import message
from cesim.trace.platforms.products import Substance
from cesim.trace.viewing.disclosure import Contract, Viewer
from cesim.trace.viewing.reidentifying import features, leak
from cesim.trace.viewing.views import Line, Record, view


@pytest.mark.parametrize(("apart", "pooled"), [(0.0, 1), (1.0, 1), (2.0, 1), (0.5, 16)])
def test_two_bells_are_told_apart_as_often_as_the_best_test_can(apart, pooled):
    rng = np.random.default_rng(1)
    count = 16_000
    writer = np.arange(count) % 2
    known, seen = (rng.normal(size=(count, 1)) + apart * writer[:, None] for _ in range(2))
    group = np.arange(count) % 2 + 2 * (np.arange(count) // (2 * pooled))
    found = leak(known, writer, seen, writer, group)
    best = NormalDist().cdf(apart * np.sqrt(pooled) / 2)  # Bayes error of two equal bells, Fukunaga (1990), ch. 3
    assert found.cases == count // pooled
    assert found.top_1 == pytest.approx(best, abs=0.025 if pooled > 1 else 0.012)
    assert found.guess == 0.5
    assert found.anonymity == pytest.approx(2.0, abs=0.01) if apart == 0.0 else found.anonymity < 1.9
    assert 1.0 <= found.anonymity_p05 <= found.anonymity


def test_what_is_alike_hides_everybody_among_all_and_what_is_constant_tells_nothing():
    writer = np.repeat(np.arange(5), 20)
    same = np.ones((100, 3))
    found = leak(same, writer, same + 7.0, writer)
    assert (found.anonymity, found.top_1) == (pytest.approx(5.0), 0.2)


def test_one_who_is_unlike_all_others_is_found():
    writer = np.repeat(np.arange(5), 20)
    told = np.stack([writer * 10.0, np.tile(np.arange(20), 5)], axis=1).astype(float)
    found = leak(told, writer, told, writer)
    assert (found.top_1, found.anonymity) == (1.0, pytest.approx(1.0))


def deliveries(count=400, suppliers=8, seed=3):
    """Suppliers who differ in the mass they deliver and a little in what it is made of, one region for two of them."""
    rng = np.random.default_rng(seed)
    who = rng.integers(0, suppliers, count)
    records = []
    for k, one in enumerate(who.tolist()):
        mass = int(10**9 * np.exp(0.4 * one + 0.1 * rng.normal()))
        silicon = int(mass * max(0.001, 0.01 + 0.001 * one + 0.001 * rng.normal()))
        records.append(
            Record(
                f"r{k}", "shipping", 86_400 * k, 86_400 * k, f"supplier {one}", f"p{one}", f"region {one // 2}",
                shares=(("post_elv", 1.0),), outputs=(Line(f"L{k}", "scrap", mass, "mill"),),
                substances=(Substance("Al", mass - silicon), Substance("Si", silicon)),
            )
        )  # fmt: skip
    return records, who


def attacked(level):
    records, who = deliveries()
    told = features([view(one, Viewer("mill", level), Contract(), 10**9) for one in records])
    return leak(told[::2], who[::2], told[1::2], who[1::2])


def test_less_is_found_out_from_the_chain_than_from_a_partners_view():
    chain, partner = attacked("chain"), attacked("partner")
    assert chain.top_1 < 0.65  # the region leaves two
    assert chain.anonymity == pytest.approx(2.0, abs=0.2)
    assert partner.top_1 > 0.9
    assert partner.anonymity < 1.3
    assert attacked("public").anonymity == pytest.approx(8.0, abs=0.5)


def test_names_and_pseudonyms_are_no_features():
    records, _ = deliveries(20)
    renamed = [replace(one, actor="x", pseudonym="y", number="z") for one in records]
    both = [[view(one, Viewer("mill", "own"), Contract(), 10**9) for one in some] for some in (records, renamed)]
    assert (features(both[0]) == features(both[1])).all()


@pytest.mark.parametrize(
    ("code", "known", "writer", "seen"),
    [
        ("attack_empty", np.ones((0, 2)), np.array([], dtype=int), np.ones((1, 2))),
        ("attack_empty", np.ones((2, 2)), np.array([0, 2]), np.ones((1, 2))),
        ("attack_empty", np.ones((1, 2)), np.array([0]), np.ones((0, 2))),
        ("attack_shape", np.ones((2, 2)), np.array([0, 1]), np.ones((1, 3))),
    ],
)
def test_what_cannot_be_attacked(code, known, writer, seen):
    with pytest.raises(InputError) as caught:
        leak(known, writer, seen, np.zeros(len(seen), dtype=int))
    (fault,) = caught.value.faults
    assert fault.code == code
    for lang in ("ja", "en"):
        assert code not in message(fault, lang)
