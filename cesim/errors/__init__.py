"""What went wrong, as data: a code, a place and arguments. The words stand in `cesim.text`."""

from cesim.errors.exit_codes import DONE, INTERRUPTED, MISSED, NO_ANSWER, WRONG_INPUT
from cesim.errors.fault import Fault, InputError, NoAnswer
from cesim.errors.place import Place

__all__ = ["DONE", "INTERRUPTED", "MISSED", "NO_ANSWER", "WRONG_INPUT", "Fault", "InputError", "NoAnswer", "Place"]
