import re

import openpyxl
import pytest

from cesim.scenario import load, open_scenario
from cesim.scenario.workbook.export import write_workbook

PLAN = """\
name: {ja: 計画, en: plan}
extends: tutorial
plan:
  base_year: 2025
  until: 2040
  discount: {value: 0.04, low: 0.02, high: 0.06, status: estimate}
  adopted: [sort]
  measures:
    sort:
      name: {ja: "=合金選別", en: "@sorting by alloy"}
      summary: {ja: 選別する, en: sort}
      pillar: chain
      horizon: mid
      material: aluminium
      actor: metal
      start: 2028
      ramp: {shape: linear, years: 3}
      published: false
      investment: {value: 2000000000, low: 1000000000, high: 4000000000, status: estimate, note: "+ two lines"}
      subsidy: {rate: 0.5, cap: 300000000}
      changes:
        share: {path: sorting.share, how: set, amount: {value: 0.5, low: 0.3, high: 0.7, status: estimate}}
        known: {path: dismantling.identified, how: fill, amount: 0.5}
    mark:
      name: {ja: 刻印, en: marking}
      pillar: design
      horizon: short
      material: aluminium
      actor: oem
      start: 2027
      published: false
      needs: [sort]
      changes: {}
"""


@pytest.fixture(scope="session")
def plan_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("plan") / "plan.yaml"
    file.write_text(PLAN, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def plan_book(plan_file):
    """The plan as a workbook in Japanese; not to be changed."""
    path = plan_file.with_suffix(".xlsx")
    write_workbook(path, open_scenario(plan_file), "ja")
    return path


@pytest.fixture(scope="session")
def toy_book(toy, toy_text, tmp_path_factory):
    """The scenario in small as a workbook in Japanese; not to be changed."""
    file = tmp_path_factory.mktemp("toy") / "toy.yaml"
    more = "  share_read: {indicator: h1, year: 2030, value: {data: targets.eu_elv.recycled_plastic_step1}}\n"
    read = toy_text.replace("cars: 1000", "cars: {value: 1000, status: read, source: JARC 2024}")
    file.write_text(read.replace("measures:\n", more + "measures:\n"), encoding="utf-8")
    path = file.with_suffix(".xlsx")
    write_workbook(path, load(file, toy), "ja")
    return path


class Editor:
    """A workbook, cell by cell, as a person would change it in Excel."""

    def __init__(self, source, target):
        self.target = target
        self.book = openpyxl.load_workbook(source)

    def column(self, sheet, key):
        heads = [str(cell.value) for cell in self.book[sheet][1]]
        return next(at for at, head in enumerate(heads, start=1) if key in (head, re.sub(r"^cesim\.\w+:", "", head)))

    def row(self, sheet, key, year=None):
        page = self.book[sheet]
        years = self.column(sheet, "year") if year is not None else None
        return next(
            row
            for row in range(2, page.max_row + 1)
            if page.cell(row, 1).value == key and (years is None or page.cell(row, years).value == year)
        )

    def at(self, sheet, key, column, year=None):
        return self.book[sheet].cell(self.row(sheet, key, year), self.column(sheet, column))

    def below(self, sheet, **cells):
        """Write an empty row of a sheet and return its number."""
        page = self.book[sheet]
        row = next(row for row in range(3, page.max_row + 2) if page.cell(row, 1).value is None)
        for column, value in cells.items():
            page.cell(row, self.column(sheet, column)).value = value
        return row

    def save(self):
        self.book.save(self.target)
        return self.target


@pytest.fixture
def editor(toy_book, tmp_path):
    return Editor(toy_book, tmp_path / "edited.xlsx")


@pytest.fixture
def edits():
    return Editor
