"""The words: the same keys and placeholders in both languages, and words for every fault."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import cesim.text
from cesim.errors import Fault, Place
from cesim.text import hints, keys, language, message, nearest, say, shown
from cesim.text.catalogue import template

PACKAGE = Path(cesim.text.__file__).parent.parent
_RAISERS = {
    "Fault",
    "refuse",
    "no_answer",
    "ModelFault",
    "QuantityError",
    "NotANumber",
    "_LeadsNowhere",
    "_stop",
    "_fault",
    "_require",
}


def placeholders(key: str, lang: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template(key, lang)) if name is not None}


def test_both_languages_have_the_same_keys():
    assert set(keys("ja")) == set(keys("en"))


@pytest.mark.parametrize("key", keys("ja"))
def test_both_languages_need_the_same_arguments(key):
    ja, en = placeholders(key, "ja"), placeholders(key, "en")
    if key.endswith((".message", ".hint")):  # a fault may leave out of one sentence what the other says
        assert {name for name in ja | en if not name.isidentifier()} == set()
    else:
        assert ja == en


def test_every_fault_says_what_was_found_where_the_other_language_does():
    for key in keys("ja", "fault."):
        assert placeholders(key, "ja") ^ placeholders(key, "en") <= {"found", "option"}, key


def codes_in(file: Path) -> set[str]:
    """Return the codes written as the first argument of anything that raises a fault."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in _RAISERS:
                options = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                found |= {o.value for o in options if isinstance(o, ast.Constant) and isinstance(o.value, str)}
    return found


@pytest.mark.parametrize(
    "room", ["charge", "cli", "errors", "events", "ledger", "quantities", "scenario", "scenario/workbook", "trace"]
)
def test_every_fault_of_a_room_has_words(room):
    used = {code for file in (PACKAGE / room).glob("*.py") for code in codes_in(file)}
    without = {code for code in used if f"fault.{code}.message" not in keys("ja")}
    assert without == set()


def test_codes_that_stand_in_tables_have_words():
    from cesim.scenario import syntax, validate

    used = {code for _, code, _ in syntax._CODES} | set(validate._NEEDS.values())
    assert {code for code in used if f"fault.{code}.message" not in keys("ja")} == set()


def test_words_are_filled():
    assert say("cli.fault_count", "ja", count=3) == "誤りが 3 件あります。"
    with pytest.raises(KeyError):
        say("cli.fault_count", "ja")
    with pytest.raises(KeyError):
        say("no.such.key", "en")


@pytest.mark.parametrize(
    ("option", "environ", "wanted"),
    [
        ("ja", {"LANG": "en_GB.UTF-8"}, "ja"),
        ("en", {"LANG": "ja_JP.UTF-8"}, "en"),
        (None, {"LANG": "ja_JP.UTF-8"}, "ja"),
        (None, {"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, "en"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "ja_JP", "LANG": "C"}, "ja"),
        (None, {"LANG": "Japanese_Japan.932"}, "ja"),
        (None, {}, "en"),
    ],
)
def test_the_language_follows_the_option_then_the_locale(option, environ, wanted):
    assert language(option, environ) == wanted


@pytest.mark.parametrize(
    ("word", "choices", "wanted"),
    [
        ("eol_colection_rate", ["eol_collection_rate", "export_rate"], "eol_collection_rate"),
        ("ｆｌｅｅｔ", ["fleet", "feet"], "fleet"),
        ("xyz", ["abc"], None),
        ("", ["abc"], None),
        ("a" * 10_000, ["b" * 10_000], None),
    ],
)
def test_the_nearest_word(word, choices, wanted):
    assert nearest(word, choices) == wanted


def test_long_lists_are_cut_and_counted():
    assert shown(list(range(20)), "en") == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, and 8 more"
    assert shown((True, None, 0.1 + 0.2), "ja") == "true、—、0.3"


@pytest.mark.parametrize(
    ("fault", "ja", "en"),
    [
        (
            Fault("unknown_key", Place(), {"found": "rat", "allowed": ("rate",), "nearest": "rate"}),
            ["「rat」という項目はありません。", "もしかして：rate", "書けるのは：rate"],
            ["There is no key rat here.", "did you mean: rate", "allowed: rate"],
        ),
        (
            Fault("share_as_percent", Place(), {"found": 90.0, "proposal": "0.9"}),
            ["割合は 0 から 1 で書きます。90 % なら 0.9 と書いてください。"],
            ["Shares are written from 0 to 1; for 90 % write 0.9."],
        ),
        (
            Fault("full_width", Place(), {"found": "：", "proposal": ":"}),
            ["全角文字「：」があります。半角「:」に直してください。"],
            ["Full-width characters 「：」 stand here; write : in half width."],
        ),
        (
            Fault("duplicate_key", Place(), {"found": "x", "other": Place("a.yaml", 1, 2)}),
            ["項目「x」が二度書かれています。", "一つ目：a.yaml:1:2"],
            ["The key x is written twice.", "first: a.yaml:1:2"],
        ),
        (
            Fault("syntax_escape", Place(), {"found": "\\"}),
            None,
            ["There is no such escape in double quotes.", "Use single quotes to write a backslash as it is."],
        ),
        (Fault("never_heard_of", Place(), {"found": 1}), ["never_heard_of: found = 1"], ["never_heard_of: found = 1"]),
    ],
)
def test_faults_in_words(fault, ja, en):
    if ja is not None:
        assert [message(fault, "ja"), *hints(fault, "ja")] == ja
    assert [message(fault, "en"), *hints(fault, "en")] == en


def test_japanese_sentences_end_as_japanese_sentences_do():
    assert all(template(key, "ja").endswith("。") for key in keys("ja", "fault.") if key.endswith(".message"))
    assert not any(re.search(r"[。]", template(key, "en")) for key in keys("en", "fault."))


@pytest.mark.parametrize("number", [1, 2, 5, 13, 17, 20, 21, 22, 28, 30, 36])
def test_what_the_operating_system_says_has_words(number):
    import os

    assert shown(os.strerror(number), "en") == os.strerror(number)
    assert not shown(os.strerror(number), "ja").isascii()


def test_what_is_long_is_cut_and_what_a_terminal_would_obey_is_a_dot():
    assert shown("a" * 5000, "en") == "a" * 200 + "…"
    assert shown("\x1b[31m 計画　案", "ja") == "·[31m 計画　案"
