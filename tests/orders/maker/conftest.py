"""Maker's sheets to change, as workbooks and as folders of CSV files."""

import csv

import openpyxl
import pytest

from cesim.errors import InputError
from cesim.orders.maker import read_maker, write_template
from cesim.text import message


@pytest.fixture
def book(tmp_path):
    """Write the example in a language, with changed cells: {(sheet, cell): value}; {sheet: None} removes one."""

    def write(changes=None, lang="en", merged=None):
        path = tmp_path / "sheet.xlsx"
        path.unlink(missing_ok=True)
        write_template(path, lang)
        held = openpyxl.load_workbook(path)
        for place, value in (changes or {}).items():
            if isinstance(place, str):
                if value is None:
                    del held[place]
                else:
                    held[place].title = value
            else:
                held[place[0]][place[1]] = value
        for sheet, block in (merged or {}).items():
            held[sheet].merge_cells(block)
        held.save(path)
        return path

    return write


@pytest.fixture
def folder(tmp_path):
    """Write a folder of CSV files: name -> rows."""

    def write(**sheets):
        room = tmp_path / "sheets"
        room.mkdir()
        for name, rows in sheets.items():
            with (room / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(rows)
        return room

    return write


@pytest.fixture
def refused():
    """Read a sheet that is wrong; return where -> what."""

    def read(path):
        with pytest.raises(InputError) as caught:
            read_maker(path)
        faults = [(str(f.place).removeprefix(str(path)).lstrip(":/"), message(f, "en")) for f in caught.value.faults]
        assert all("?" not in told for _, told in faults)  # every argument was given
        return faults

    return read
