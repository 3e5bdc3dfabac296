"""Every code that the checker uses has words in both languages, and no words stand there unused."""

from __future__ import annotations

import ast
import tomllib
from importlib.resources import files
from pathlib import Path

import cesim.trace.standards
from cesim.trace.standards import STRICTER


def test_codes_and_words_are_the_same():
    texts = set()
    for file in Path(cesim.trace.standards.__file__).parent.glob("*.py"):
        texts |= {
            node.value
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    used = {text for text in texts if text.startswith(("epcis_", "json_")) and text.isidentifier()}
    for lang in ("ja", "en"):
        words = files("cesim.text").joinpath(lang, "fault_standards.toml").read_text(encoding="utf-8")
        assert used == set(tomllib.loads(words)["fault"])
    assert used >= STRICTER
