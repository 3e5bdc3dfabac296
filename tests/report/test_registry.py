"""The registry of indicators is what the report expects."""

from dataclasses import replace

import pytest

from cesim.indicators.registry import INDICATORS
from cesim.report.page import render
from cesim.report.terminal import summary
from cesim.report.workbook import write_workbook


def test_the_real_registry_can_be_reported(tables, copied, lang):
    text = render(tables, lang, INDICATORS)
    known = set(tables.indicators["indicator"]) & set(INDICATORS)
    assert len(known) > 15
    assert all(f'id="def-{key}"' in text for key in known)
    assert summary(tables, lang, INDICATORS)
    assert write_workbook(copied, lang, INDICATORS).stat().st_size > 10_000


def test_a_unit_that_differs_is_refused(tables, lang):
    other = {**INDICATORS, "surplus_scrap": replace(INDICATORS["surplus_scrap"], unit="kt")}
    with pytest.raises(ValueError, match="surplus_scrap: the run says t, the registry says kt"):
        render(tables, lang, other)
