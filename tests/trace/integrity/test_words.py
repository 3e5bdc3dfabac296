"""Every fault of this room has words, and every word is needed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import cesim.text
import cesim.trace.integrity

ROOM = Path(cesim.trace.integrity.__file__).parent
WORDS = Path(cesim.text.__file__).parent / "en" / "fault_integrity.toml"


def test_every_fault_has_words_and_every_word_is_used():
    source = "".join(file.read_text("utf-8") for file in ROOM.glob("*.py"))
    used = set(re.findall(r'(?:Misplaced|Fault|_find)\(\s*"(\w+)"', source))
    assert used == set(tomllib.loads(WORDS.read_text("utf-8"))["fault"])
