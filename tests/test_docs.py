"""What the docs say is true: nothing generated is stale, links lead somewhere, README and notebook run."""

import importlib.util
import re
import runpy
import stat
from pathlib import Path

import pytest

from cesim.cli.main import main

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text("utf-8")

_spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
assert _spec is not None
assert _spec.loader is not None
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


# the hindcast page is compared in tests/run/test_hindcast.py; the page on records and risk draws its heats anew
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=pytest.mark.slow if path == "docs/records-and-risk.md" else ())
        for path in sorted({*generate.PAGES, *generate.BLOCKS} - {"docs/hindcast.md"})
    ],
)
def test_nothing_generated_is_stale(path):
    assert generate.stale([path]) == [], "run `python docs/generate.py`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


def test_every_page_is_reached_from_the_readme():
    reached, open_pages = set(), [ROOT / "README.md"]
    while open_pages:
        page = open_pages.pop()
        if page in reached:
            continue
        reached.add(page)
        linked = re.findall(r"\]\(([^)#\s]+\.md)", page.read_text("utf-8"))
        open_pages += [(page.parent / target).resolve() for target in linked if not target.startswith("http")]
    assert {page for page in PAGES if page not in reached} == set()


def test_the_code_files_that_the_equations_name_exist():
    for name in re.findall(r"`(cesim/[\w/]+(?:\.py|/))`", (ROOT / "docs" / "equations.md").read_text("utf-8")):
        assert (ROOT / name).exists(), name


def test_the_readme_has_the_two_commands():
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    run, test = dict.fromkeys(lines)
    assert run == "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/cesim run scenarios/chubu-2035.yaml"
    assert "pytest" in test


def test_the_ci_takes_its_test_command_from_the_readme():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert "README.md" in script.read_text("utf-8")
    assert "pytest -W error -m" not in script.read_text("utf-8").replace("-m slow", "")


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})
    assert "p50" in capsys.readouterr().out
    assert [folder.name for folder in Path("runs").iterdir()] == ["tutorial"]


def test_the_scenario_of_the_readme_is_sound_and_its_mistake_is_told_as_shown(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (text,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    (shown,) = re.findall(r"\$ cesim check my-plan.yaml\n(.*?)```", README, re.DOTALL)
    Path("my-plan.yaml").write_text(text, encoding="utf-8")
    assert main(["check", "my-plan.yaml", "--lang", "en"]) == 0
    Path("my-plan.yaml").write_text(re.sub("share: .*", "share: {amount: 70}", text), encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "my-plan.yaml", "--lang", "en"]) == 2
    assert capsys.readouterr().err == shown


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("bureau", "OK"),
        ("engineer", "4.98"),
        ("certifier", "3.7% post_elv"),
        pytest.param("researcher", "896 runs, 0 failed", marks=pytest.mark.slow),
    ],
)
def test_the_notebooks_run(name, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(ROOT / "notebooks" / f"{name}.py"))
    said = capsys.readouterr().out
    assert says in said
    assert "nan" not in said
