"""The command line as a person meets it: help, faults, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cesim.cli
from cesim.cli import main as door
from cesim.cli.main import commands, main
from cesim.errors import Fault, InputError, NoAnswer, Place
from cesim.text import has

ROOT = Path(cesim.cli.__file__).parents[2]


def run(*words: str, **more) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "LC_ALL": "", **more.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "cesim.cli", *words], capture_output=True, text=True, check=False, env=environ, **more
    )


@pytest.mark.parametrize(
    "words", [["--help"], ["check", "--help"], ["--lang", "ja", "--help"], ["nonsense"], ["--version"]]
)
def test_help_imports_nothing_heavy(words):
    program = (
        "import sys; from cesim.cli.main import main\n"
        f"main({words!r})\n"
        "heavy = {'numpy', 'pandas', 'plotly', 'pydantic', 'scipy', 'yaml', 'pyarrow'} & sys.modules.keys()\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environ)
    assert ended.returncode == 0, ended.stderr


def test_help_is_in_the_language_of_the_reader(capsys):
    assert main(["--help", "--lang", "ja"]) == 0
    assert "使い方" in capsys.readouterr().out
    assert main(["--help", "--lang=en"]) == 0
    assert "usage" in capsys.readouterr().out


def test_no_words_means_help(capsys):
    assert main([]) == 0
    assert "cesim" in capsys.readouterr().out


@pytest.mark.parametrize("name", door.COMMANDS)
def test_every_command_has_a_summary(name):
    assert has(f"cli.summary.{name}", "ja")
    assert has(f"cli.summary.{name}", "en")


@pytest.mark.parametrize("name", commands())
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_command_has_help_in_both_languages(name, lang, capsys):
    assert main([name, "--help", "--lang", lang]) == 0
    printed = capsys.readouterr().out
    assert f"cesim {name}" in printed
    assert ("使い方" in printed) is (lang == "ja")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["chekc"], "did you mean: check"),
        (["--halp"], "did you mean: --help"),
        (["check", "--jsom", "x"], "did you mean: --json"),
        (["check"], "FILE is missing"),
        (["check", "x", "--set"], "A value is missing after --set"),
        (["check", "x", "--json=3"], "--json takes no value"),
        (["check", "x", "--lang", "fr"], "--lang cannot be fr"),
        (["data", "shwo"], "did you mean: show"),
        (["data", "show"], "KEY is missing"),
        (["data", "show", "vehicles.elv_taken_i"], "did you mean: vehicles.elv_taken_in"),
        (["data", "list", "zzz"], "zzz"),
        (["check", "x", "--set", "a"], "--set takes `path=value`"),
    ],
)
def test_wrong_words_end_with_two_and_a_hint(words, says, capsys):
    assert main([*words, *([] if "--lang" in words else ["--lang", "en"])]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err


def test_wrong_words_in_japanese(capsys):
    assert main(["chekc", "--lang", "ja"]) == 2
    assert capsys.readouterr().err.startswith("「chekc」というコマンドはありません。\n       = もしかして：check\n")


class Command:
    """A command that does what a test wants."""

    def __init__(self, deed):
        self.deed = deed

    def arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def run(self, _options):
        return self.deed()


def raising(error):
    def deed():
        raise error

    return deed


@pytest.mark.parametrize(
    ("deed", "code", "says"),
    [
        (lambda: 0, 0, ""),
        (raising(InputError([Fault("tab", Place("x.yaml", 1, 1))])), 2, "x.yaml:1:1: "),
        (raising(NoAnswer([Fault("tab", Place())])), 3, "tab"),
        (raising(KeyboardInterrupt()), 130, "Interrupted."),
        (
            raising(PermissionError(13, "Permission denied", "/x")),
            2,
            "/x: The file cannot be used (Permission denied).",
        ),
        (raising(MemoryError()), 3, "not enough memory"),
    ],
    ids=["done", "input", "no answer", "interrupted", "file", "memory"],
)
def test_what_goes_wrong_becomes_an_exit_code(deed, code, says, monkeypatch, capsys):
    monkeypatch.setattr(door, "import_module", lambda _name: Command(deed))
    assert main(["check", "--lang", "en"]) == code
    assert says in capsys.readouterr().err


def test_faults_as_data(monkeypatch, capsys):
    fault = Fault("unknown_key", Place("x.yaml", 3, 4), {"found": "rat", "nearest": "rate"})
    monkeypatch.setattr(door, "import_module", lambda _name: Command(raising(InputError([fault]))))
    assert main(["check", "--json", "--lang", "en"]) == 2
    (told,) = json.loads(capsys.readouterr().out)["faults"]
    assert told == {
        "code": "unknown_key",
        "place": {"file": "x.yaml", "line": 3, "column": 4},
        "arguments": {"found": "rat", "nearest": "rate"},
        "message": "There is no key rat here.",
        "hints": ["did you mean: rate"],
    }


def test_a_reader_that_leaves_is_no_error():
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = f"{sys.executable} -m cesim.cli data list | head -1"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, env=environ)
    assert ended.stderr == ""


def test_a_terminal_without_japanese_still_gets_an_answer():
    ended = run("--help", "--lang", "ja", env={"PYTHONIOENCODING": "ascii"})
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_version():
    assert run("--version").stdout.startswith("cesim")


def test_the_package_is_the_command():
    told = subprocess.run([sys.executable, "-m", "cesim", "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.split()[0] == "cesim"
