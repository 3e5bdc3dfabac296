"""Files of a pilot as tables: workbooks, and CSV as Excel writes it in Japan."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.scenario.workbook.grid import read_sheets
from cesim.trace.imports.table_cells import Table

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT, WORKBOOK, TEXT = "document", "workbook", "text"
KINDS: Final = {
    ".json": DOCUMENT, ".jsonld": DOCUMENT, ".xlsx": WORKBOOK, ".xlsm": WORKBOOK,
    ".csv": TEXT, ".tsv": TEXT, ".txt": TEXT,
}  # fmt: skip
"""What a file is by the end of its name; its first bytes are asked before."""
UNPACKED: Final = 200_000_000
"""Bytes that a workbook may hold once it is unpacked."""
_ZIP, _MARK = b"PK\x03\x04", b"\xef\xbb\xbf"
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_SHEETS: Final = re.compile(rb'Target="/?(?:xl/)?(worksheets/[^"]+)"')
_BROKEN: Final = (
    SyntaxError, zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, TypeError, AttributeError,
    ArithmeticError, OSError, RuntimeError,
)  # fmt: skip
"""What the parts of a broken workbook make its reader raise, down to the XML of a sheet."""
_LONGEST: Final = 32_767
"""Characters in a cell: as many as Excel holds."""


@dataclass(frozen=True, slots=True)
class Text:
    """A cell of a CSV file: always a text, so that lot 0012 stays what it is."""

    value: str

    @property
    def text(self) -> str:
        """The same."""
        return self.value


def kind_of(file: Path, data: bytes) -> str:
    """Return what a file is: by its first bytes, else by its name.

    Raises
    ------
    InputError
        ``import_file_kind``
    """
    if data.startswith(_ZIP):
        return WORKBOOK
    found = KINDS.get(file.suffix.lower(), "")
    if not found:
        raise InputError([Fault("import_file_kind", Place(str(file)), {"found": file.suffix, "allowed": list(KINDS)})])
    if found == TEXT and data.removeprefix(_MARK).lstrip()[:1] in (b"{", b"["):
        return DOCUMENT
    return found


def tables_of(file: Path, data: bytes) -> list[Table]:
    """Return the tables of a workbook or CSV file; sheets whose name begins with ``#`` are left alone.

    Raises
    ------
    InputError
        ``not_a_workbook``, ``file_too_large``, ``not_text``, ``import_csv_broken``, and for cells with an error or a
        formula that was never worked out.
    """
    if kind_of(file, data) == TEXT:
        return [_lines(file, data)]
    _refuse_bomb_and_ruin(file, data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of looks and prints that a workbook lacks, which nobody here asks for
        try:
            sheets = read_sheets(file, hidden=False)
        except _BROKEN:
            raise InputError([Fault("not_a_workbook", Place(str(file)))]) from None
    return [Table(str(file), name, rows) for name, rows in sheets.items() if not name.startswith("#")]


def _refuse_bomb_and_ruin(file: Path, data: bytes) -> None:
    """Refuse a workbook that lacks a sheet, or unpacks to more than it may by what it says: no more is ever read."""
    place = Place(str(file))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED:
                raise InputError([Fault("file_too_large", place, {"allowed": f"{UNPACKED // 1_000_000} MB"})])
            told = set(_SHEETS.findall(packed.read("xl/_rels/workbook.xml.rels")))
            whole = told <= {name.removeprefix("xl/").encode() for name in packed.namelist()}
    except _BROKEN:
        raise InputError([Fault("not_a_workbook", place)]) from None
    if not whole:  # its reader would pass over a sheet that is not there
        raise InputError([Fault("not_a_workbook", place)])


def _lines(file: Path, data: bytes) -> Table:
    text = _decoded(file, data)
    mark = max((",", ";", "\t"), key=text.partition("\n")[0].count)
    rows: dict[int, dict[int, Text]] = {}
    lines, begins = _LINE_END.split(text), dict[int, list[int]]()
    before = csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    line = 1
    try:
        for row in reader:
            cells = {column: Text(raw.strip()) for column, raw in enumerate(row, start=1) if raw.strip()}
            if cells:
                rows[line] = cells
                begins[line] = _begins(lines[line - 1], mark)
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError([Fault("import_csv_broken", Place(str(file), line), {"found": str(error)})]) from None
    finally:
        csv.field_size_limit(before)
    return Table(str(file), None, rows, begins)


def _begins(line: str, mark: str) -> list[int]:
    """Return the character at which each column of a line begins, from one; what is quoted separates none."""
    found, quoted = [1], False
    for n, sign in enumerate(line, start=2):
        if sign == '"':
            quoted = not quoted
        elif sign == mark and not quoted:
            found.append(n)
    return found


def _decoded(file: Path, data: bytes) -> str:
    """Return the text of a file: UTF-8, with its mark or without, else Shift-JIS as Windows has it."""
    try:
        return _without_nul(file, data.removeprefix(_MARK).decode("utf-8"))
    except UnicodeDecodeError as error:
        cut_off = error.start >= len(data.removeprefix(_MARK)) - 3 and error.start > 3
    if not data.startswith(_MARK) and not cut_off:
        try:
            return _without_nul(file, data.decode("cp932"))
        except UnicodeDecodeError:
            pass
    raise InputError([Fault("not_text", Place(str(file)))])


def _without_nul(file: Path, text: str) -> str:
    if "\0" in text:
        raise InputError([Fault("not_text", Place(str(file)))])
    return text
