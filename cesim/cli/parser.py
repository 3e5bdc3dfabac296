"""The argument parser of a command, in both languages; what it refuses becomes a fault."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn

from cesim.errors import Fault, InputError
from cesim.run.asked import SPANS, whole
from cesim.text import nearest, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cesim.text import Language

_OF_AN_OPTION: Final = re.compile(r"argument (?P<option>[^:]+): (?P<rest>.*)", re.DOTALL)
_REQUIRED: Final = re.compile(r"the following arguments are required: (?P<found>.*)", re.DOTALL)
_YEAR: Final = re.compile(r"[12][0-9]{3}")
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,40}")


class Parser(argparse.ArgumentParser):
    """Parses the words after `cesim COMMAND`. Every command has `--lang` and `--help`.

    Add arguments as with argparse, with `help=parser.word("draws")` for the words under
    `cli.option.draws`; an unknown option or a bad value raises `InputError`.
    """

    def __init__(self, command: str, lang: Language) -> None:
        self.lang = lang
        super().__init__(
            prog=f"cesim {command}",
            description=say(f"cli.summary.{command}", lang),
            usage=None,
            add_help=False,
            allow_abbrev=False,
            formatter_class=_japanese if lang == "ja" else _english,
        )
        self._positionals.title = say("cli.arguments", lang)
        self._optionals.title = say("cli.options", lang).rstrip("：:")
        self.faults: list[Fault] = []
        """What is wrong with single values: told at the end, with all else that is wrong."""
        self.refused: list[str] = []
        """Names of the options of `faults`: what they hold is nothing that was asked for."""
        self.add_argument("-h", "--help", action="help", help=self.word("help"))
        self.add_argument("--lang", choices=("ja", "en"), help=self.word("lang"))

    def word(self, option: str) -> str:
        """Return the help of an option."""
        return say(f"cli.option.{option}", self.lang).replace("%", "%%")

    def whole(self, name: str) -> Callable[[str], int]:
        """Return how the value of an option is read that is a whole number; its span stands in `cesim.run.asked`."""

        def read(text: str) -> int:
            number = int(text) if _WHOLE.fullmatch(text) else text
            if (fault := whole(name, number, f"--{name}")) is not None:
                self.faults.append(fault)
                self.refused.append(name)
                return SPANS[name][0]
            return int(number)

        return read

    def year(self, name: str) -> Callable[[str], int]:
        """Return how the value of an option is read that is a year."""

        def read(text: str) -> int:
            if _YEAR.fullmatch(text):
                return int(text)
            self.faults.append(Fault("option_no_year", arguments={"option": f"--{name}", "found": text[:40]}))
            self.refused.append(name)
            return 0

        return read

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Return the options. What is wrong with some of them and leaves the rest legible is kept in `faults`."""
        options, unknown = self.parse_known_args(words)
        unasked = [
            word
            for at, word in enumerate(unknown)
            if word.startswith("-") or not (at and unknown[at - 1].startswith("-"))
        ]
        self.faults += [self._unknown(word) for word in unasked]  # without the values of unknown options
        return options

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Keep a value that is none of the choices as a fault; argparse would stop at it."""
        if action.choices is not None and value not in action.choices:
            allowed = [str(choice) for choice in action.choices]
            option = "/".join(action.option_strings) or str(action.metavar or action.dest).upper()
            arguments = {"option": option, "found": value, "allowed": allowed, "nearest": nearest(str(value), allowed)}
            self.faults.append(Fault("option_bad_value", arguments=arguments))
            self.refused.append(action.dest)

    def error(self, message: str) -> NoReturn:
        """Raise what argparse refuses as a fault, with those found before."""
        raise InputError([*self.faults, self._fault(message)])

    def _unknown(self, word: str) -> Fault:
        options = [text for text in self._option_string_actions if text.startswith("--")]
        if word.startswith("-"):
            arguments: dict[str, Any] = {"found": word, "allowed": options, "nearest": nearest(word, options)}
            return Fault("unknown_option", arguments=arguments)
        return Fault("one_too_many", arguments={"found": word})

    def _fault(self, message: str) -> Fault:
        if match := _REQUIRED.fullmatch(message):
            return Fault("missing_argument", arguments={"found": match["found"]})
        if match := _OF_AN_OPTION.fullmatch(message):
            return _of_option(match["option"], match["rest"])
        return Fault("usage", arguments={"problem": message})


def _of_option(option: str, rest: str) -> Fault:
    if rest.startswith("expected"):
        return Fault("option_needs_value", arguments={"found": option})
    if rest.startswith("ignored explicit argument"):
        return Fault("option_takes_no_value", arguments={"found": option})
    return Fault("option_bad_value", arguments={"option": option, "found": rest})


class _Formatter(argparse.HelpFormatter):
    usage_word = "usage: "

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Begin the usage with the word of the language."""
        super().add_usage(usage, actions, groups, self.usage_word if prefix is None else prefix)


class _JapaneseFormatter(_Formatter):
    usage_word = "使い方: "


def _english(prog: str) -> argparse.HelpFormatter:
    return _Formatter(prog, max_help_position=30, width=100)


def _japanese(prog: str) -> argparse.HelpFormatter:
    return _JapaneseFormatter(prog, max_help_position=30, width=100)
