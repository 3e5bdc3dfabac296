"""The reports on a plan: pages and workbooks with the same numbers."""

from cesim.report.plan.attribution import write_attribution

__all__ = ["write_attribution"]
