"""Every fault of a game has words in both languages, and no words are left over."""

from __future__ import annotations

import re
from pathlib import Path

import cesim.plan.games
from cesim.text import keys


def test_faults_and_words_are_the_same():
    room = Path(cesim.plan.games.__file__).parent
    used = {code for file in room.glob("*.py") for code in re.findall(r'"(game_\w+)"', file.read_text("utf-8"))}
    for lang in ("ja", "en"):
        assert {key.split(".")[1] for key in keys(lang, "fault.game_")} == used
