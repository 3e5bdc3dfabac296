"""The page of a trace in a real browser: a silent console, and no push sideways on paper or telephone."""

import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.slow
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
    "--v=0", "--virtual-time-budget=5000", "--allow-file-access-from-files",
]  # fmt: skip
MEASURE = """<!doctype html><body><iframe src="page.html" width="WIDTH" height="900" style="border:0"></iframe><script>
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


@pytest.mark.parametrize("kind", ["known", "worked", "imported", "empty"])
@pytest.mark.parametrize("width", [420, 1200])
def test_the_console_is_silent_and_nothing_is_pushed_sideways(chromium, trace_pages, tmp_path, lang, kind, width):
    (tmp_path / "page.html").write_text(trace_pages[kind][lang], encoding="utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(MEASURE.replace("WIDTH", str(width)), encoding="utf-8")
    command = [chromium, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", frame.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    wide, room = map(int, re.search(r"<p>(\d+) of (\d+)</p>", done.stdout).groups())
    assert width - 40 < room <= width
    assert wide <= room
