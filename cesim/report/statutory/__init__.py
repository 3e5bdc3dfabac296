"""Statutory outputs: the report and the plan under Japan's Resource Act, the statement under the EU rule."""

from cesim.report.statutory.folder import write_statutory
from cesim.report.statutory.national import national
from cesim.report.statutory.page import statutory_page
from cesim.report.statutory.statement import Statement, of_country, of_maker
from cesim.report.statutory.workbook import write_statutory_workbook

__all__ = [
    "Statement", "national", "of_country", "of_maker", "statutory_page", "write_statutory", "write_statutory_workbook",
]  # fmt: skip
