"""What the YAML parser could not read, as a fault where a person would look for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, Place
from cesim.scenario.fullwidth import Wide, wide_sign
from cesim.scenario.wide_faults import wide_fault

if TYPE_CHECKING:
    from collections.abc import Container

    import yaml

_CODES: Final = (
    # what the parser says, the code, whether it is best shown where the thing began
    ("mapping values are not allowed", "syntax_mapping", False),
    ("could not find expected ':'", "syntax_colon", True),
    ("did not find expected ',' or ']'", "syntax_bracket", True),
    ("did not find expected ',' or '}'", "syntax_brace", True),
    ("found unexpected end of stream", "syntax_quote", True),
    ("found unexpected document indicator", "syntax_quote", True),
    ("cannot start any token", "syntax_character", False),
    ("did not find expected alphabetic or numeric character", "syntax_character", True),  # `*` and `&`
    ("did not find expected key", "syntax_indent", False),
    ("did not find expected '-'", "syntax_indent", False),
    ("did not find expected node content", "syntax_value", False),
    ("unknown escape character", "syntax_escape", False),
)
_FLOW: Final = frozenset({"syntax_bracket", "syntax_brace"})


def syntax_fault(error: yaml.MarkedYAMLError, text: str, file: str, told: Container[int] = ()) -> Fault:
    """Return the fault of a text that is no YAML, with its place; lines in `told` have a fault of their own."""
    lines = text.splitlines() or [""]
    problem = error.problem or ""
    code, begun = next(((code, begun) for said, code, begun in _CODES if said in problem), ("syntax", False))
    mark: Any = error.context_mark if begun and error.context_mark is not None else error.problem_mark
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    first = error.context_mark.line if code in _FLOW and error.context_mark is not None else line
    wide = _wide_near(lines, first, line, code in _FLOW, told)
    if wide is not None:
        at, found = wide
        return wide_fault(found.found, Place(file, at + 1, found.offset + 1))
    if line >= len(lines):  # the file ended too early: point behind its last character
        line, column = len(lines) - 1, len(lines[-1])
    here = lines[line]
    arguments = {"found": here[column : column + 1] or here.strip(), "problem": problem}
    return Fault(code, Place(file, line + 1, column + 1), arguments)


def _wide_near(lines: list[str], first: int, last: int, in_flow: bool, told: Container[int]) -> tuple[int, Wide] | None:
    """Look for full-width characters that stand for YAML's own signs, at or just above the place."""
    for at in range(min(last, len(lines) - 1), max(first - 3, -1), -1):
        found = wide_sign(lines[at], in_flow=in_flow and at >= first) if at + 1 not in told else None
        if found is not None:
            return at, found
    return None
