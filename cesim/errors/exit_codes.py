"""The exit codes of the command line."""

from typing import Final

DONE: Final = 0
WRONG_INPUT: Final = 2
"""The input is wrong; every fault was printed with its place."""
NO_ANSWER: Final = 3
"""The model has no answer, or the certificate failed."""
MISSED: Final = 4
"""There is an answer, but not the one that the file expects."""
INTERRUPTED: Final = 130
"""Stopped by the user; what was finished is kept."""
