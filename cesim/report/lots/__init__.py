"""The report of a lot-by-lot run: a page and a workbook with the same numbers."""

from cesim.report.lots.page import lot_page, write_lot_report
from cesim.report.lots.workbook import write_lot_workbook

__all__ = ["lot_page", "write_lot_report", "write_lot_workbook"]
