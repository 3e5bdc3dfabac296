"""Why a run has no result where no solver could say so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from cesim.errors import InputError, NoAnswer
from cesim.sweep.solving import Failure

if TYPE_CHECKING:
    from cesim.errors import Fault
    from cesim.sweep.solving import Status

_LONGEST: Final = 500


def raised(error: BaseException) -> Failure:
    """Return what an error that came out of a solver means: its type and its words, in one line."""
    if isinstance(error, NoAnswer | InputError):
        status: Status = "no_answer" if isinstance(error, NoAnswer) else "raised"
        return Failure(status, one_line("; ".join(_coded(fault) for fault in error.faults)))
    try:
        words = str(error)
    except Exception:  # noqa: BLE001 -- an error that cannot even be printed
        words = ""
    name = type(error).__name__
    return Failure("raised", one_line(f"{name}: {words}" if words else name))


def too_long(limit_s: float, *, kept: bool = False) -> Failure:
    """Return the failure of a run that was stopped at its limit of time.

    `kept`: its process could not be ended and works on.
    """
    code = "sweep_run_goes_on" if kept else "sweep_run_too_long"
    return Failure("too_long", f"{code} {json.dumps({'limit_s': limit_s})}")


def died() -> Failure:
    """Return the failure of a run whose process was lost, and again when it was alone."""
    return Failure("died", "sweep_run_died")


def one_line(words: str) -> str:
    """Return words without line breaks, shortened where they are many."""
    line = " ".join(str(words).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _coded(fault: Fault) -> str:
    arguments = fault.as_data()["arguments"]
    where = str(fault.place)
    said = {**arguments, **({"place": where} if where else {})}
    return f"{fault.code} {json.dumps(said, ensure_ascii=False)}" if said else fault.code
