"""What the YAML parser could not read, as a fault where a person would look for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, Place
from cesim.scenario.fullwidth import Wide, first_wide, wide_key

if TYPE_CHECKING:
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
    ("did not find expected key", "syntax_indent", False),
    ("did not find expected '-'", "syntax_indent", False),
    ("unknown escape character", "syntax_escape", False),
)


def syntax_fault(error: yaml.MarkedYAMLError, text: str, file: str) -> Fault:
    """Return the fault of a text that is no YAML, with its place."""
    lines = text.splitlines() or [""]
    problem = error.problem or ""
    code, begun = next(((code, begun) for said, code, begun in _CODES if said in problem), ("syntax", False))
    mark: Any = error.context_mark if begun and error.context_mark is not None else error.problem_mark
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    wide = _wide_near(lines, line)
    if wide is not None:
        at, found = wide
        place = Place(file, at + 1, found.offset + 1)
        return Fault("full_width", place, {"found": found.found, "proposal": found.proposal})
    here = lines[line] if line < len(lines) else ""
    arguments = {"found": here[column : column + 1] or here.strip(), "problem": problem}
    return Fault(code, Place(file, min(line, len(lines) - 1) + 1, column + 1), arguments)


def _wide_near(lines: list[str], line: int) -> tuple[int, Wide] | None:
    """Look for a full-width `key：` at or just above the place, then for any sign on that line before a text."""
    for at in range(min(line, len(lines) - 1), max(line - 3, -1), -1):
        if (found := wide_key(lines[at])) is not None:
            return at, found
    for at in (line, line - 1):
        if 0 <= at < len(lines):
            structure = lines[at].split("#")[0]
            found = first_wide(structure)
            if found is not None and found.found != "、":
                return at, found
    return None
