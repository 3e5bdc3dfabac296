"""The cells of a CSV file, line by line, each with its place: as large as a file may be, one line is held."""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

_PIECE: Final = 1 << 20
_MARKS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells, without the blanks around them."""

    file: str
    number: int
    """Of the line at which it begins, from 1."""
    cells: tuple[str, ...]
    raw: str
    """The line as it stands in the file; several where an end of a line is quoted."""
    mark: str

    @property
    def plain(self) -> bool:
        """Whether a cell that Python reads as a number is one to everybody: no full width, no underscore."""
        return self.raw.isascii() and "_" not in self.raw

    def place(self, at: int) -> Place:
        """Where a cell begins, in characters from 1; what is quoted separates none."""
        line, column, quoted = self.number, 1, False
        for sign in self.raw:
            if at == 0:
                break
            quoted ^= sign == '"'
            at -= sign == self.mark and not quoted
            line, column = (line + 1, 1) if sign == "\n" else (line, column + 1)
        return Place(self.file, line, column)


class Cells:
    """The rows of a CSV file that hold anything.

    Raises
    ------
    InputError
        ``no_such_file``, ``sweep_table_is_folder``, ``cannot_read``, ``not_text``, ``import_csv_broken``
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._raw: list[str] = []

    def __iter__(self) -> Iterator[Line]:
        place = Place(str(self._file))
        try:
            encoding = _encoding(self._file)
            with self._file.open(encoding=encoding, newline="") as stream:
                yield from self._rows(stream)
        except FileNotFoundError:
            raise InputError([Fault("no_such_file", place)]) from None
        except IsADirectoryError:
            raise InputError([Fault("sweep_table_is_folder", place)]) from None
        except (OSError, ValueError) as error:  # the latter for a name that no file can have
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError([Fault("cannot_read", place, {"found": reason})]) from None

    def _rows(self, stream: TextIO) -> Iterator[Line]:
        head = stream.readline()
        mark = max(_MARKS, key=head.count)
        stream.seek(0)
        reader = csv.reader(self._kept(stream), delimiter=mark, strict=True)
        number = 1
        try:
            for cells in reader:
                held = tuple(cell.strip() for cell in cells)
                if any(held):
                    yield Line(str(self._file), number, held, "".join(self._raw), mark)
                number = reader.line_num + 1
                self._raw.clear()
        except csv.Error as error:
            place = Place(str(self._file), number)
            raise InputError([Fault("import_csv_broken", place, {"found": str(error)})]) from None

    def _kept(self, stream: TextIO) -> Iterator[str]:
        """Hand on the lines, and keep those of the row that is being read."""
        for line in stream:
            self._raw.append(line)
            yield line


def _encoding(file: Path) -> str:
    """Return how a file is written: UTF-8, with its mark or without, else Shift-JIS as Windows has it."""
    with file.open("rb") as stream:
        marked = stream.read(3) == codecs.BOM_UTF8
    for encoding in ("utf-8-sig",) if marked else ("utf-8-sig", "cp932"):
        if _reads(file, encoding):
            return encoding
    raise InputError([Fault("not_text", Place(str(file)))])


def _reads(file: Path, encoding: str) -> bool:
    """Whether all of a file is text in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with file.open("rb") as stream:
        try:
            while piece := stream.read(_PIECE):
                if "\0" in decoder.decode(piece):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
