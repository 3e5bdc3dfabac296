"""The page in a real browser: a silent console, and no push sideways on paper or telephone."""

import pytest
from in_browser import measured

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["country", "beside", "small"])
@pytest.mark.parametrize("width", [420, 1200])
def test_the_console_is_silent_and_nothing_is_pushed_sideways(chromium, statutory_pages, tmp_path, lang, kind, width):
    (tmp_path / "page.html").write_text(statutory_pages[kind][lang], encoding="utf-8")
    wide, room, console = measured(chromium, width, tmp_path)
    assert console == []
    assert width - 40 < room <= width
    assert wide <= room
