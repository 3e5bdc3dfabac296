"""The pages in a real browser: a silent console, no push sideways, and every number under the pointer."""

import re

import pytest
from in_browser import measured, opened

pytestmark = pytest.mark.slow
KINDS = ("charge", "corrected", "impossible", "trial", "refused", "comparison", "information", "design")


@pytest.mark.parametrize("kind", KINDS)
def test_the_console_is_silent_and_a_telephone_is_not_pushed_sideways(chromium, pages, tmp_path, lang, kind):
    page = tmp_path / "page.html"
    page.write_text(pages[kind][lang], encoding="utf-8")
    assert opened(chromium, page, tmp_path)[1] == []
    wide, room, _ = measured(chromium, 420, tmp_path)
    assert 380 < room <= 420
    assert wide <= room


def test_pointing_at_a_design_tells_every_number_and_arrows_move_on(chromium, pages, tmp_path, design):
    script = (
        "<script>document.querySelector('.cells [data-at=\"5\"]').dispatchEvent("
        "new PointerEvent('pointerover', {bubbles: true}));"
        "document.querySelector('.cells').dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowUp', bubbles: true}));"
        "</script></body>"
    )
    page = tmp_path / "page.html"
    page.write_text(pages["design"]["en"].replace("</body>", script), encoding="utf-8")
    dom, console = opened(chromium, page, tmp_path)
    assert console == []
    readout = re.search(r'<p class="readout"[^>]*data-shown="(\d+)"[^>]*>(.*?)</p>', dom)
    designs = design.grid()
    at = 5 + designs.widening.size
    place = divmod(at, designs.widening.size)
    assert int(readout[1]) == at
    told = re.sub(r"<[^>]+>", "", readout[2])
    assert f"{designs.cost[place]:,.0f}" in told
    assert f"{100 * designs.recycled_content[place]:.1f}" in told
    for name in designs.names:
        assert name in told
    assert dom.count(' class="on"') + dom.count("now on") + dom.count("spot on") >= 2
