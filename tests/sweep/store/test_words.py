"""Every code that the store raises has its words in both languages."""

import ast
from pathlib import Path
from typing import get_args

import pytest

import cesim.sweep.store
from cesim.sweep.solving import Status
from cesim.sweep.store.trouble import _OF_SQLITE
from cesim.text import keys

ROOM = Path(cesim.sweep.store.__file__).parent
RAISED = {
    node.value
    for file in ROOM.glob("*.py")
    for node in ast.walk(ast.parse(file.read_text("utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
    if node.value.startswith("sweep_") and " " not in node.value
}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_code_has_words(lang):
    reasons = {f"sweep_not_finite_{status}" for status in get_args(Status) if status != "done"}
    codes = (RAISED - {"sweep_not_finite_"}) | set(_OF_SQLITE.values()) | reasons
    codes |= {"sweep_not_finite_nothing", "sweep_not_finite_missing"}
    assert len(codes) > 30
    assert {code for code in codes if f"fault.{code}.message" not in keys(lang)} == set()
