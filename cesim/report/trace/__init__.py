"""The report of a trace: a page and a workbook with the same numbers."""

from cesim.report.trace.page import trace_page, write_trace_report
from cesim.report.trace.workbook import write_trace_workbook

__all__ = ["trace_page", "write_trace_report", "write_trace_workbook"]
