import tomllib
from pathlib import Path

import pytest

import cesim
from cesim.sweep import workers

WORDS = Path(cesim.__file__).parent / "text"
ARGUMENTS = dict.fromkeys(("found", "reason", "seconds", "worker", "limit_s"), "x")


def words(lang):
    return tomllib.loads((WORDS / lang / "fault_sweep_workers.toml").read_text("utf-8"))["fault"]


def test_every_code_of_this_room_has_words_and_no_words_lie_idle():
    written = "".join(file.read_text("utf-8") for file in Path(workers.__file__).parent.glob("*.py"))
    said = {"sweep_" + part.split('"')[0] for part in written.split('"sweep_')[1:]}
    assert set(words("en")) == set(words("ja")) == said


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_nothing_is_left_unfilled(lang):
    for code, lines in words(lang).items():
        for line in lines.values():
            assert "{" not in line.format_map(ARGUMENTS), code
