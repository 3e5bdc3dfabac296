"""The account of losses: every code has words in both languages, and every code that is counted is known."""

import numpy as np
import pytest
from made_up_exports import random_entries

from cesim.text import keys, say
from cesim.trace.exports.epcis_ledger import ledger_of
from cesim.trace.exports.lost import CODES, Lost
from cesim.trace.exports.writing import FORMATS, export


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_code_has_words(lang):
    assert {key.removeprefix("lost.") for key in keys(lang, "lost.")} == set(CODES)
    assert all(say(f"lost.{code}", lang) for code in CODES)


def test_every_code_that_is_counted_is_known(tmp_path):
    counted = set()
    for seed in range(4):
        entries = random_entries(seed, 300)
        shares = np.full((len(entries.lots), 9), 0.1) if seed else None
        for name in FORMATS:
            ledger = ledger_of(entries, 2026, shares=shares)
            lost = export(name, ledger, tmp_path / f"{name}{seed}", footprint=np.full(len(entries.lots), 1e6)).lost
            counted |= set(lost.left_out) | set(lost.folded)
    assert counted <= set(CODES)
    assert len(counted) >= 20


def test_what_did_not_happen_is_not_in_the_account():
    lost = Lost()
    lost.left_out["cars"] += 0
    lost.folded["lots"] += 2
    assert lost.as_data() == {"left_out": {}, "folded": {"lots": 2}, "filled": {}}
