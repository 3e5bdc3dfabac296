"""Formulas; take flow tables and targets, nothing else."""

from cesim.indicators.registry import HEADLINES, INDICATORS, Indicator

__all__ = ["HEADLINES", "INDICATORS", "Indicator"]
