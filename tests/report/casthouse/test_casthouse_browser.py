"""The pages in a real browser: a silent console, no push sideways, and every number under the pointer."""

import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.slow
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
    "--v=0", "--virtual-time-budget=5000",
]  # fmt: skip
KINDS = ("charge", "corrected", "impossible", "trial", "refused", "comparison", "information", "design")
MEASURE = """<!doctype html><body><iframe src="page.html" width="420" height="900" style="border:0"></iframe><script>
addEventListener("load", function () {
  var root = document.querySelector("iframe").contentDocument.documentElement;
  root.querySelectorAll("details").forEach(function (d) { d.open = true; });
  document.body.innerHTML = "<p>" + root.scrollWidth + " of " + root.clientWidth + "</p>";
});</script>"""


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "these tests need Chromium: install the package `chromium`"
    return found


def opened(chromium, path, tmp_path, *options) -> tuple[str, str]:
    """Return the document after its scripts ran, and what the console said."""
    command = [chromium, *QUIET, *options, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


@pytest.mark.parametrize("kind", KINDS)
def test_the_console_is_silent_and_a_telephone_is_not_pushed_sideways(chromium, pages, tmp_path, lang, kind):
    page = tmp_path / "page.html"
    page.write_text(pages[kind][lang], encoding="utf-8")
    assert opened(chromium, page, tmp_path)[1] == ""
    frame = tmp_path / "frame.html"
    frame.write_text(MEASURE, encoding="utf-8")
    dom, _ = opened(chromium, frame, tmp_path, "--allow-file-access-from-files")
    wide, room = map(int, re.search(r"<p>(\d+) of (\d+)</p>", dom).groups())
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
    assert console == ""
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
