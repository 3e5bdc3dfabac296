"""The page on engine B: its example runs, prints what it says, and is as short as it claims."""

from __future__ import annotations

import re
from pathlib import Path

from cesim.events.lots import Lots
from cesim.ledger.lot_tables import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "events.md").read_text("utf-8")


def test_the_example_runs_and_prints_what_is_shown(capsys):
    (code,), (shown,) = (re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) for kind in ("python", "text"))
    exec(compile(code, "events.md", "exec"), {"__name__": "example"})
    assert capsys.readouterr().out == shown
    (facility,) = re.findall(r"class Shredder.*?(?=\n\n\n)", code, re.DOTALL)
    assert len([line for line in facility.splitlines() if line.strip()]) <= 20


def test_every_door_and_every_table_is_on_the_page():
    doors = re.findall(r"^\| `(\w+)` \| \w →", PAGE, re.MULTILINE)
    assert all(callable(getattr(Lots, door)) for door in doors)
    assert len(doors) == 7
    section = PAGE[PAGE.index("## Tables") : PAGE.index("## The proof")]
    assert set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\|([^|]*)\|", section, re.MULTILINE)))) == set(TABLES)
