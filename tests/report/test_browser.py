"""The page in a real browser: figures are drawn, the console is silent, the page needs no script to be read."""

import re
import subprocess

import pytest

from cesim.report.headline import shown
from cesim.report.page import render
from cesim.report.read import read_run

pytestmark = pytest.mark.slow
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--v=0",
    "--virtual-time-budget=15000",
]


def opened(chromium, page, tmp_path) -> tuple[str, str]:
    """Return the document after its scripts ran, and what the console said."""
    command = [chromium, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


@pytest.fixture
def page(tmp_path, html):
    path = tmp_path / "report.html"
    path.write_text(html, encoding="utf-8")
    return path


def test_figures_are_drawn_and_the_console_is_silent(chromium, page, tmp_path, tables, indicators):
    dom, console = opened(chromium, page, tmp_path)
    assert console == ""
    heads = len(shown(tables, indicators))
    assert dom.count('data-drawn="yes"') == heads
    assert dom.count('class="main-svg"') >= heads
    assert len(re.findall(r'<path class="js-fill"', dom)) >= 2 * heads
    assert dom.count('class="sankey"') == 24


def test_the_year_selector_and_the_search_work(chromium, page, tmp_path):
    script = (
        "<script>document.querySelector('#flow-plastics button[data-year=\"2050\"]').click();"
        "var f=document.getElementById('find');f.value='NO. 7';f.dispatchEvent(new Event('input'));</script></body>"
    )
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", script), encoding="utf-8")
    dom, console = opened(chromium, page, tmp_path)
    assert console == ""
    plastics = dom.split('id="flow-plastics"')[1].split("</section>")[0]
    assert re.findall(r'<div class="view" data-year="(\d+)">', plastics) == ["2050"]
    rows = dom.split('id="inputs"')[1].split("</table>")[0]
    shown = re.findall(r"<tr>", rows.split("<tbody>")[1])
    assert len(shown) in (0, 11)  # no. 7 and 70 to 79; the Japanese names are written otherwise


def test_without_scripts_the_still_pictures_and_the_main_year_stand(chromium, page, tmp_path, tables, indicators):
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL), encoding="utf-8")
    dom, _ = opened(chromium, page, tmp_path)
    assert dom.count('class="still"') == len(shown(tables, indicators))
    assert 'data-drawn="yes"' not in dom
    assert dom.count('<div class="view" data-year="2035">') == 6


def test_it_prints_on_a4(chromium, page, tmp_path):
    paper = tmp_path / "report.pdf"
    command = [chromium, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={paper}", page.as_uri()]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    content = paper.read_bytes()
    assert content.startswith(b"%PDF")
    boxes = {tuple(round(float(x)) for x in box.split()) for box in re.findall(rb"/MediaBox \[([^\]]+)\]", content)}
    assert boxes <= {(0, 0, 595, 842), (0, 0, 842, 595), (0, 0, 596, 842), (0, 0, 842, 596)}
    assert len(boxes) == 2, "text upright, flow diagrams on their side"


def test_an_evil_name_runs_nothing(chromium, copied, tmp_path, indicators):
    import json

    run = json.loads((copied / "run.json").read_text())
    run["scenario"]["name"] = dict.fromkeys(("ja", "en"), "</title><script>document.title='hit'</script>")
    (copied / "run.json").write_text(json.dumps(run))
    path = tmp_path / "evil.html"
    path.write_text(render(read_run(copied), "en", indicators), encoding="utf-8")
    dom, console = opened(chromium, path, tmp_path)
    assert console == ""
    assert "<title>hit" not in dom


MEASURE = """<!doctype html><body><iframe src="report.html" width="420" height="900" style="border:0"></iframe><script>
addEventListener("load", function () { setTimeout(function () {
  var root = document.querySelector("iframe").contentDocument.documentElement;
  root.querySelectorAll("details").forEach(function (d) { d.open = true; });
  document.body.innerHTML = "<p>" + root.scrollWidth + " of " + root.clientWidth + "</p>";
}, 5000); });</script>"""


def test_a_telephone_need_not_be_pushed_sideways(chromium, page, tmp_path):
    frame = page.with_name("frame.html")
    frame.write_text(MEASURE, encoding="utf-8")
    command = [chromium, *QUIET, "--allow-file-access-from-files", f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run(
        [*command, "--dump-dom", frame.as_uri()], capture_output=True, text=True, timeout=120, check=True
    )
    wide, room = map(int, re.search(r"<p>(\d+) of (\d+)</p>", done.stdout).groups())
    assert 380 < room <= 420
    assert wide <= room
