"""The report of a comparison: a page and a workbook with the same numbers."""

from cesim.report.compare.page import comparison_page
from cesim.report.compare.workbook import write_comparison_workbook

__all__ = ["comparison_page", "write_comparison_workbook"]
