"""The exit codes of the command line."""

from typing import Final

DONE: Final = 0
WRONG_INPUT: Final = 2
"""The input is wrong; every fault was printed with its place."""
NO_ANSWER: Final = 3
"""The model has no answer, or the certificate failed."""
INTERRUPTED: Final = 130
"""Stopped by the user; what was finished is kept."""
