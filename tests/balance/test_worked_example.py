"""The worked example of the documentation runs and prints what it says."""

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "worked-example.md"


def test_the_example_prints_what_the_page_says():
    page = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```.*?```text\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 2
    names = {}
    for code, wanted in blocks:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(code, PAGE.name, "exec"), names)
        assert masked(said.getvalue()) == masked(wanted)


def masked(text):
    """Leave out the size and the place of the largest rounding error, which no two machines share."""
    return re.sub(r"(balance closes): .*", r"\1", text).strip()


def test_the_textbook_system_is_under_forty_lines():
    code = re.findall(r"```python\n(.*?)solution = ", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    assert len([line for line in code.splitlines() if line.strip()]) < 40
