"""Pages opened in a real browser: what the document is after its scripts, what the console said, how wide it is."""

from __future__ import annotations

import re
import shutil
import subprocess

QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
    "--v=0", "--virtual-time-budget=5000",
]  # fmt: skip
MEASURE = """<!doctype html><body><iframe src="page.html" width="WIDTH" height="900" style="border:0"></iframe><script>
addEventListener("load", function () {
  var root = document.querySelector("iframe").contentDocument.documentElement;
  root.querySelectorAll("details").forEach(function (d) { d.open = true; });
  document.body.innerHTML = "<p>" + root.scrollWidth + " of " + root.clientWidth + "</p>";
});</script>"""


def installed() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "these tests need Chromium: install the package `chromium`"
    return found


def opened(chromium, path, tmp_path, *options) -> tuple[str, list[str]]:
    """Return the document after its scripts ran, and what the console said."""
    command = [chromium, *QUIET, *options, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def measured(chromium, width, tmp_path) -> tuple[int, int, list[str]]:
    """Return how wide `page.html` is with all details open, how much room a window leaves it, and the console."""
    frame = tmp_path / "frame.html"
    frame.write_text(MEASURE.replace("WIDTH", str(width)), encoding="utf-8")
    dom, console = opened(chromium, frame, tmp_path, "--allow-file-access-from-files")
    wide, room = map(int, re.search(r"<p>(\d+) of (\d+)</p>", dom).groups())
    return wide, room, console
