"""Reasons of the run log as sentences, in both languages."""

import pytest

from cesim.errors import Fault, NoAnswer, Place
from cesim.sweep.engines.reasons import failure
from cesim.sweep.reasons import in_words
from cesim.sweep.workers.failing import died, raised, too_long
from cesim.text import message

FAULTS = [
    Fault("sweep_year_outside", Place(model="a.b"), {"found": 1990, "first": 2024, "last": 2025}),
    Fault("sweep_not_alike", arguments={"found": "one, share=0.1", "other": "two"}),
    Fault("sweep_vary_certain", arguments={"found": "sorting.share"}),
]


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("write", [failure, raised])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_reason_reads_as_the_fault_that_it_was(fault, write, lang):
    """However an engine or a process wrote it down, with commas and equals signs in its arguments."""
    place = "a.b: " if str(fault.place) else ""
    assert in_words(write(NoAnswer([fault])).reason, lang) == place + message(fault, lang)


def test_what_is_no_code_stays_as_it_is():
    for words in ("ValueError: x y=3", "", "laws: lot", "KeyError: {"):
        assert in_words(words, "ja") == words


def test_limits_and_lost_processes_are_sentences():
    assert in_words(too_long(2.5).reason, "en") == "The run was stopped: it was not done within 2.5 s."
    assert in_words(died().reason, "ja").startswith("この試行")
    assert in_words(f"lots: {too_long(2.5).reason}", "en").startswith("lots: The run was stopped")
    assert in_words('sweep_run_too_long {"limit_s"', "en") == "The run was stopped: it was not done within ? s."
