"""Published accounts, recomputed."""

import csv
import json
from pathlib import Path

import pytest

from cesim.indicators.accounting import (
    asr_recycled,
    asr_recycling_rate,
    cff_recycling_credit,
    closed_loop_share,
    cut_off_footprint,
    effective_use_rate,
    growth,
    input_side_rate,
    per_vehicle,
    residue_per_vehicle,
    share,
)

CASES = Path(__file__).parents[1] / "cases"


def read(name, key):
    with (CASES / name).open(encoding="utf-8") as file:
        return {row[key]: row for row in csv.DictReader(file)}


PLASTICS = read("plastics.csv", "id")


def residue(i1, r1, i2, r2, taken, full):
    return 100 * asr_recycling_rate(i1, r1, i2, r2, taken, full)


COMPUTED = {
    "V01": residue, "V02": residue, "V03": residue, "V04": residue,
    "V05": asr_recycled_mass if False else (lambda i1, r1, i2, r2: asr_recycled(i1, r1, i2, r2)),
    "V06": lambda i1, r1, i2, r2: asr_recycled(i1, r1, i2, r2),
    "V07": lambda i1, r1, i2, r2: asr_recycled(i1, r1, i2, r2),
    "V08": lambda a, b: a + b,
    "V09": lambda now, before: 100 * growth(now, before),
    "V10": lambda hv, all: 100 * share(hv, all),
    "V11": lambda now, before: 100 * growth(now, before),
    "V12": lambda elv, sales: 100 * share(elv, sales),
    "V16": lambda circ, nat: 100 * input_side_rate(circ, nat),
    "V19": lambda mr, cr, tr, total: 100 * effective_use_rate(mr + cr + tr, total),
    "V20": lambda eff, total: 100 * effective_use_rate(eff, total),
    "V26": lambda rc, cl: closed_loop_share(rc, cl),
    "V30": lambda Ev, Erec, proc, R1: cut_off_footprint(R1, Ev, Erec, proc),
    "V34": lambda A, R2, Eeol, Ev, Q: cff_recycling_credit(A, R2, Eeol, Ev, Q),
}  # fmt: skip
