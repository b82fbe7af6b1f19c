"""Validation that can be trusted as a gate: what was checked, what was found, and on which line."""

from .findings import Baseline, Fault, Place, Report, Result, Rule
from .validating import validate

__all__ = ["Baseline", "Fault", "Place", "Report", "Result", "Rule", "validate"]
