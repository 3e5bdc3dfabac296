"""The argument parser of a command, in both languages; what it refuses becomes a fault."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn

from cesim.errors import Fault, InputError
from cesim.text import nearest, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.text import Language

_OF_AN_OPTION: Final = re.compile(r"argument (?P<option>[^:]+): (?P<rest>.*)", re.DOTALL)
_BAD_VALUE: Final = re.compile(
    r"invalid (?:choice|[\w.]+ value): '?(?P<found>.*?)'?(?: \(choose from (?P<allowed>.*)\))?", re.DOTALL
)
_REQUIRED: Final = re.compile(r"the following arguments are required: (?P<found>.*)", re.DOTALL)
_UNKNOWN: Final = re.compile(r"unrecognized arguments: (?P<found>.*)", re.DOTALL)


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
        self.add_argument("-h", "--help", action="help", help=self.word("help"))
        self.add_argument("--lang", choices=("ja", "en"), help=self.word("lang"))

    def word(self, option: str) -> str:
        """Return the help of an option."""
        return say(f"cli.option.{option}", self.lang).replace("%", "%%")

    def error(self, message: str) -> NoReturn:
        """Raise what argparse refuses as a fault."""
        raise InputError([self._fault(message)])

    def _fault(self, message: str) -> Fault:
        if match := _UNKNOWN.fullmatch(message):
            found = match["found"].split()[0]
            options = [text for text in self._option_string_actions if text.startswith("--")]
            arguments: dict[str, Any] = {"found": found, "allowed": options, "nearest": nearest(found, options)}
            return Fault("unknown_option", arguments=arguments)
        if match := _REQUIRED.fullmatch(message):
            return Fault("missing_argument", arguments={"found": match["found"]})
        if match := _OF_AN_OPTION.fullmatch(message):
            return _of_option(match["option"], match["rest"])
        return Fault("usage", arguments={"problem": message})


def _of_option(option: str, rest: str) -> Fault:
    if match := _BAD_VALUE.fullmatch(rest):
        allowed = [word.strip(" '") for word in (match["allowed"] or "").split(",") if word.strip()]
        near = nearest(match["found"], allowed)
        arguments = {"option": option, "found": match["found"], "allowed": allowed, "nearest": near}
        return Fault("option_bad_value", arguments=arguments)
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


def count(text: str) -> int:
    """Read a whole number above zero."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def seed(text: str) -> int:
    """Read a whole number, zero or above."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number
