"""Made-up traces: a tiny one that is worked out, and tables of two products with numbers that are known."""

import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2] / "trace"))

import made_up

from cesim.quantities import KeyedSource
from cesim.run.trace.tracing import Tracing
from cesim.run.trace.working import worked_out
from cesim.trace.reporting.policies import from_mapping
from cesim.trace.reporting.writing import write_records

HABITS = {
    "everyone": {"coverage": 0.97, "delay_days": 2.0, "swapped": 0.05},
    "dismantler": {"coverage": 0.625, "declaration": "FMD"},
    "actors": {"casthouse 0": {"coverage": 0.875}},
}
JUDGING = {
    "wrong_share": 0.001, "weighing_sd": 0.005, "bias_sd": 0.002, "confidence": 0.95,
    "window": 3.0, "life": 12.0, "credit_share": 0.25,
}  # fmt: skip
ABOUT = {
    "kind": "trace", "cesim": "0.0", "made": "fixed", "first_year": 2035,
    "run": {
        "scenario": {"ja": "試し", "en": "Trial"}, "hash": "abc123", "asked": {"first": 2035, "last": 2035},
        "focus": {"ja": "中部", "en": "Chubu"},
    },
    "region_names": {"aichi": {"ja": "愛知", "en": "Aichi"}, "mie": {"ja": "三重", "en": "Mie"}},
    "policy": "chubu-2035", "habits": HABITS, "desk": {"people": 4.0, "refused": 0.03}, "judging": JUDGING, "seed": 5,
}  # fmt: skip
MODELS = (
    "identity_preserved", "segregated", "controlled_blending", "rolling_average", "credit", "book_and_claim",
)  # fmt: skip
VIEWERS = ("public", "certifier_then", "certifier")
SHARES = {
    ("six_thousand", "eu_elv"): (0.03, 0.02, 0.13, 0.07),
    ("six_thousand", "japan_resource_act"): (0.09, 0.06, 0.17, 0.08),
    ("pp", "eu_elv"): (0.11, 0.10, 0.31, 0.12), ("pp", "japan_resource_act"): (0.15, 0.14, 0.35, 0.1502),
}  # fmt: skip
"""Product and law -> claimed, provable, possible, true, of what is in the lots."""
BUDGET = {("six_thousand", "eu_elv"): (0.004, 0.823), ("six_thousand", "japan_resource_act"): (0.01, 0.91),
          ("pp", "eu_elv"): (0.051, 0.423), ("pp", "japan_resource_act"): (0.091, 0.463)}  # fmt: skip


def worked():
    """A tiny closed loop of aluminium with records, worked out."""
    truth = made_up.random_loop(3, cars=14)
    about = {**ABOUT, "policy": ""}
    records = write_records(truth, from_mapping(HABITS, truth.names.actors), KeyedSource(5))
    return worked_out(Tracing(about, records, truth))


def with_tables(tracing):
    """The same ledgers with tables of two products whose numbers are known."""
    return replace(tracing, tables=tables(), about=ABOUT)


def imported(tracing):
    """The same tables as if a pilot's own: nobody knows the truth, and there are no habits."""
    about = {"kind": "trace", "cesim": "0.0", "made": "import", "first_year": 2030, "judging": JUDGING}
    kept = {name: table for name, table in tables().items() if name not in ("roc", "losses", "fuller", "points")}
    bounds, budget = (kept[name].assign(true=None) for name in ("bounds", "budget"))
    return replace(tracing, truth=None, tables={**kept, "bounds": bounds, "budget": budget}, about=about)


def tables():
    """All tables, made up."""
    pairs = list(SHARES)
    return {
        "claims": pd.DataFrame([_claim(*pair, model) for pair in pairs for model in MODELS]),
        "bounds": pd.DataFrame([_seen(*pair, viewer) for viewer in VIEWERS for pair in pairs]),
        "budget": pd.DataFrame([row for pair in pairs for row in _budget(*pair)]),
        "audit": pd.DataFrame({
            "what": ["records", "pairs", "one_side_missing", "wrong_beyond_doubt", "proof_overuse", "planted"],
            "count": [4321, 987, 65, 17, 9, 25],
        }),
        "actors": pd.DataFrame([
            {"actor": "casthouse 0", "role": "casthouse", "place": "aichi", "records": 77, "records_per_t": 0.25,
             "median_delay_days": 2.5, "complete_share": 1.0, "suspicion": 3.5},
        ]),
        "roc": pd.DataFrame([
            {"fault": fault, "wrong": wrong, "right": 4000, "auc": auc, "auc_se": 0.0125, "false_share": at,
             "hit_share": at**0.25}
            for fault, wrong, auc in (("swapped_lot", 20, 0.75), ("any", 25, 0.8125)) for at in (0.0, 0.25, 1.0)
        ]),
        "values": pd.DataFrame([
            {"product": "six_thousand", "actor": "casthouse 0", "role": "casthouse", "place": "aichi", "worth": 0.456},
        ]),
        "onboarding": pd.DataFrame([
            {"product": "six_thousand", "step": 0, "actor": "", "width": 1.0},
            {"product": "six_thousand", "step": 1, "actor": "casthouse 0", "width": 0.543},
        ]),
        "fuller": pd.DataFrame([
            {"product": product, "role": role, "before": 0.11, "after": 0.11 - gain, "gain": gain}
            for product, role, gain in (
                ("six_thousand", "dismantler", 0.043), ("six_thousand", "casthouse", 0.007), ("pp", "compounder", 0.0),
            )
        ]),
        "losses": pd.DataFrame([
            {"product": product, "lost": lost, "width": width}
            for product in ("six_thousand", "pp") for lost, width in ((0.0, 0.0), (0.2, 0.4))
        ]),
        "platforms": pd.DataFrame([
            {"platform": platform, "what": what, "of": of, "count": count}
            for platform, what, of, count in (
                ("cmp", "message", "request", 120.0), ("cmp", "message", "answer", 80.0),
                ("rmp", "message", "take_back", 300.0), ("rmp", "identity", "cars_ended", 290.0),
                ("cmp", "work", "answers", 80.0), ("cmp", "work", "hours", 480.0), ("cmp", "work", "people", 4.0),
                ("cmp", "work", "wait_median", 1.25), ("cmp", "work", "wait_p90", 7.5),
            )
        ]),
        "points": pd.DataFrame([
            {"actor": name, "returned_t": 900.0, "returned_without_t": 900.0 - worth, "worth_t": worth,
             "worth_points": worth / 1000.0}
            for name, worth in (("dismantler 0", 12.5), ("shredder", -0.5))
        ]),
        "handovers": pd.DataFrame([
            _handed("dismantler 0", "casthouse 0", 100.0, 60.0, 70.0, 40.0),
            _handed("casthouse 0", "press shop", 250.0, 240.0, 230.0, 220.0),
            _handed("press shop", "casthouse 0", 50.0, 50.0, 50.0, 50.0),
            _handed("dismantler 1", "", 3.0, 1.0, 0.0, 0.0),
        ]),
    }  # fmt: skip


def _claim(product, law, model):
    claimed, provable, possible, true = SHARES[product, law]
    metal = product == "six_thousand"
    no = model == "book_and_claim"
    shown = (claimed, provable, possible) if model == "controlled_blending" else (0.0, 0.0, 0.0)
    return {
        "product": product, "material": "aluminium" if metal else "plastics", "model": model, "law": law,
        "standing": "as_if" if metal else "law", "allowed": "no" if no else "in_part" if model == "credit" else "yes",
        "of": "maker", "claimed": shown[0], "provable": shown[1], "possible": shown[2], "entitled": true, "true": true,
        "gap": shown[0] - true, "claimed_mg": int(shown[0] * 5e12), "output_mg": 5_000_000_000_000, "reason": "",
    }  # fmt: skip


def _seen(product, law, viewer):
    _, provable, possible, true = SHARES[product, law]
    shown = (0.0, 1.0) if viewer == "public" else (provable, possible)
    return {
        "product": product, "material": "plastics", "law": law, "viewer": viewer, "provable": shown[0],
        "possible": shown[1], "true": true,
    }  # fmt: skip


def _budget(product, law):
    _, provable, possible, true = SHARES[product, law]
    rows = [
        (True, 12, *BUDGET[product, law], 17, 40),
        (False, 0, provable, possible, 0, 0),
        (False, 30, 0.0, 1.0, 0, 30),
    ]
    for stated, wrong, low, high, found, allowed in rows:
        yield {
            "product": product, "law": law, "stated": stated, "wrong": wrong, "provable": low, "possible": high,
            "is_proved": True, "reason": "", "records_behind": 777, "found_wrong": found, "found_allowed": allowed,
            "true": true,
        }  # fmt: skip


def _handed(giver, taker, mass, shipped, received, both):
    return {
        "giver": giver, "taker": taker, "mass_t": mass, "shipped_t": shipped, "received_t": received, "both_t": both,
    }  # fmt: skip
