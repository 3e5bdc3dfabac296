"""`cesim`: find the command, let it parse and do its work, turn what went wrong into lines and an exit code.

A command is a module of this room with `arguments(parser)` and `run(options)` whose name stands in
`COMMANDS`. Only the module of the command that was asked for is imported, and it imports what is heavy inside
`run`.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from cesim.cli.faults import show, show_json
from cesim.cli.parser import Parser
from cesim.errors import DONE, INTERRUPTED, NO_ANSWER, WRONG_INPUT, Fault, InputError, NoAnswer, Place
from cesim.text import language, nearest, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.text import Language

LANGUAGES: Final = ("ja", "en")
COMMANDS: Final = (
    "run", "check", "new", "export", "compare", "plan", "sweep", "sensitivity", "discover",
    "replay", "statutory", "data", "report", "hindcast", "lots", "trace",
    "charge", "grade", "codesign",
)  # fmt: skip
"""In the order in which `cesim --help` shows them; each has words under `cli.summary.<name>`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. No fault of the input ends in a traceback."""
    words = list(sys.argv[1:] if argv is None else argv)
    lang = language(_option_of(words, "--lang"), os.environ)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character still gets the rest
    try:
        code = _dispatch(words, lang)
        sys.stdout.flush()
        return code
    except InputError as error:
        return _told(error.faults, WRONG_INPUT, words, lang)
    except NoAnswer as error:
        return _told(error.faults, NO_ANSWER, words, lang)
    except KeyboardInterrupt:
        print(say("cli.interrupted", lang), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _silence()
        return DONE
    except OSError as error:
        place = Place(str(error.filename)) if error.filename is not None else Place()
        fault = Fault("file_trouble", place, {"found": error.strerror or str(error)})
        return _told((fault,), WRONG_INPUT, words, lang)
    except MemoryError:
        return _told((Fault("out_of_memory"),), NO_ANSWER, words, lang)


def commands() -> tuple[str, ...]:
    """Return the commands that exist."""
    return tuple(name for name in COMMANDS if find_spec(f"cesim.cli.{name}") is not None)


def _dispatch(words: list[str], lang: Language) -> int:
    before, name, rest = _split(words)
    if "--version" in before:
        print(_version())
        return DONE
    if name is None or "-h" in before or "--help" in before:
        print(_help(lang))
        return DONE
    known = commands()
    if name not in known:
        arguments = {"found": name, "allowed": known, "nearest": nearest(name, known)}
        raise InputError([Fault("unknown_command", Place(), arguments)])
    command: Any = import_module(f"cesim.cli.{name}")
    parser = Parser(name, lang)
    command.arguments(parser)
    try:
        options = parser.read(rest)
    except SystemExit:  # --help was printed
        return DONE
    options.lang = lang
    options.refused = tuple(parser.refused)
    if parser.faults:
        more = command.faults(options) if hasattr(command, "faults") else ()
        raise InputError([*parser.faults, *more])
    return int(command.run(options))


def _split(words: list[str]) -> tuple[list[str], str | None, list[str]]:
    """Return the words before the command, the command, and the words after it."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        if words[at] not in ("-h", "--help", "--version", "--lang", "--json") and "--lang=" not in words[at]:
            allowed = ("--help", "--version", "--lang")
            arguments = {"found": words[at], "allowed": allowed, "nearest": nearest(words[at], allowed)}
            raise InputError([Fault("unknown_option", Place(), arguments)])
        at += 2 if words[at] == "--lang" else 1
    spoken = _option_of(words[:at], "--lang")
    if spoken is not None and spoken not in LANGUAGES:
        told: dict[str, object] = {
            "option": "--lang",
            "found": spoken,
            "allowed": LANGUAGES,
            "nearest": nearest(spoken, LANGUAGES),
        }
        raise InputError([Fault("option_bad_value", Place(), told)])
    return words[:at], (words[at] if at < len(words) else None), words[at + 1 :]


def _option_of(words: list[str], option: str) -> str | None:
    """Return the value of an option before anything is parsed; messages of the parser need the language."""
    for at, word in enumerate(words):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option and at + 1 < len(words):
            return words[at + 1]
    return None


def _told(faults: Sequence[Fault], code: int, words: list[str], lang: Language) -> int:
    try:
        if "--json" in words:
            show_json(faults, lang)
        else:
            show(faults, lang)
    except BrokenPipeError:
        _silence()
    return code


def _silence() -> None:
    """Give the interpreter something to flush into: whoever read our output has left."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            continue


def _help(lang: Language) -> str:
    known = commands()
    width = max(len(name) for name in known) + 2
    lines = [say("cli.description", lang), "", say("cli.usage_all", lang), "", say("cli.commands", lang)]
    lines += [f"  {name:<{width}}{say(f'cli.summary.{name}', lang)}" for name in known]
    lines += ["", say("cli.options", lang)]
    lines += [f"  {say(f'cli.global.{option}', lang)}" for option in ("help", "lang", "version")]
    lines += ["", say("cli.more", lang), "", say("cli.exit_codes", lang)]
    return "\n".join(lines)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"cesim {version('cesim')}"
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "cesim"
