"""The reports on a plan: pages and workbooks with the same numbers."""

from cesim.report.plan.attribution import write_attribution
from cesim.report.plan.evaluation import write_evaluation

__all__ = ["write_attribution", "write_evaluation"]
