"""The pages for engineers: a charge, a grade on trial, two grades compared, what knowing is worth, a co-design."""

from cesim.report.casthouse.charge import charge_page
from cesim.report.casthouse.comparison import comparison_page
from cesim.report.casthouse.design import design_page
from cesim.report.casthouse.information import information_page
from cesim.report.casthouse.trial import trial_page

__all__ = ["charge_page", "comparison_page", "design_page", "information_page", "trial_page"]
