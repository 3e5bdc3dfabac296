"""`cesim grade test | compare | value FILE`: a scrap grade on trial, two of them, and what knowing is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.cli import answering
from cesim.cli.columns import table
from cesim.cli.progress import patience
from cesim.text import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from cesim.cli.parser import Parser
    from cesim.orders.answers import Answer
    from cesim.orders.objects import Casthouse
    from cesim.text import Language

_SHARES = ("acceptance", "conforming", "false_accept", "false_reject")


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=("test", "compare", "value"), help=parser.word("grade_command"))
    answering.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Read the order, answer what was asked, print it; 4 where it is not what was expected."""
    from cesim.orders.placing import placed
    from cesim.orders.reading import read_order

    casthouse = read_order(options.file, options.what)
    answering.check_files(options)
    with patience(options.lang), placed(casthouse.tree):
        result, answer = _asked(options.what, casthouse)

    def page(**about: Any) -> str:
        from cesim.report import casthouse as pages

        make: dict[str, Callable[..., str]]
        make = {"test": pages.trial_page, "compare": pages.comparison_page, "value": pages.information_page}
        return make[options.what](result, options.lang, **about)

    told = {"test": test_lines, "compare": compare_lines, "value": value_lines}[options.what](answer, options.lang)
    more = {"grade": casthouse.grade.name} if options.what != "value" else {}
    return answering.finish(options, casthouse, options.what, answer, lines=told, page=page, more=more)


def _asked(what: str, casthouse: Casthouse) -> tuple[Any, Answer]:
    from cesim.orders import answers, asking

    if what == "test":
        trial = asking.tried(casthouse)
        return trial, answers.of_trial(trial)
    if what == "compare":
        both = asking.compared(casthouse)
        return both, answers.of_comparison(both)
    value = asking.valued(casthouse)
    return value, answers.of_information(value)


def test_lines(answer: Answer, lang: Language) -> list[str]:
    """Return a trial as lines for a terminal."""
    word = _words(lang)
    rates = {row["rate"]: row for row in answer.tables["rates"]}
    out = [word(name, share=_percent(rates[name]["share"], rates[name]["share_se"])) for name in _SHARES]
    columns = ("source", "accepted_t", *_SHARES)
    rows = [
        {"source": r["source"], "accepted_t": _tonnes(r["accepted_t"]), **{n: _percent(r[n]) for n in _SHARES}}
        for r in answer.tables["sources"]
    ]
    out += ["", table(rows, [(name, word(f"column.{name}")) for name in columns])]
    causes = sorted(answer.tables["causes"], key=lambda row: -(row["sole"] or 0.0))
    rows = [{"limit": r["limit"], "sole": _percent(r["sole"]), "first": _percent(r["first"])} for r in causes]
    out += ["", table(rows, [(name, word(f"column.{name}")) for name in ("limit", "sole", "first")])]
    if "accepted" in answer.tables:
        rows = [
            {"element": r["element"], "mean": f"{100 * r['mean']:.3f}", "sd": f"{100 * r['sd']:.3f}"}
            for r in answer.tables["accepted"]
        ]
        out += ["", table(rows, [(name, word(f"column.{name}")) for name in ("element", "mean", "sd")])]
    return [*out, *_melting_lines(answer, word)]


def _melting_lines(answer: Answer, word: Any) -> list[str]:
    figures = answer.figures
    if "realised_risk" not in figures:
        return ["", word("no_alloy")]
    if figures["realised_risk"] is None:
        return []
    return [
        "",
        word(
            "melting",
            recycled=_percent(figures["recycled_content"]),
            cost=f"{figures['cost_jpy_per_t']:,.0f}",
            co2=f"{figures['co2_t_per_t']:.3f}",
        ),
        word("risk", share=_percent(figures["realised_risk"]), bound=_percent(figures["realised_risk_bound"])),
    ]


def compare_lines(answer: Answer, lang: Language) -> list[str]:
    """Return two grades side by side as lines for a terminal."""
    word = _words(lang)
    rows = []
    for row in answer.tables["differences"]:
        name = row["figure"]
        scale, unit = _unit(name)
        ends = [answer.figures.get(f"{which}.{name}") for which in ("first", "second")]
        if name.startswith("mean "):
            ends = [_mean(answer, which, name.removeprefix("mean ")) for which in ("first", "second")]
        shown = {
            which: "-" if value is None else f"{scale * value:,.4g}"
            for which, value in zip(("first", "second"), ends, strict=True)
        }
        gap = "-" if row["difference"] is None else f"{scale * row['difference']:+,.4g}"
        error = "-" if row["difference_se"] is None else f"{scale * row['difference_se']:.2g}"
        label = word(f"figure.{name.partition(' ')[0]}", element=name.rpartition(" ")[2])
        rows.append({"figure": f"{label} ({unit})", **shown, "difference": gap, "error": error})
    columns = ("figure", "first", "second", "difference", "error")
    heads = {"first": "first_grade"}
    return [table(rows, [(name, word(f"column.{heads.get(name, name)}")) for name in columns]), "", word("common")]


def _mean(answer: Answer, which: str, element: str) -> float | None:
    rows = answer.tables.get(f"{which}_accepted", [])
    return next((row["mean"] for row in rows if row["element"] == element), None)


def value_lines(answer: Answer, lang: Language) -> list[str]:
    """Return levels of knowledge as lines for a terminal."""
    word = _words(lang)
    gains = {row["name"]: row for row in answer.tables["gains"]}
    rows = [
        {
            "level": level_name(row["level"], lang),
            "recycled": _percent(row["recycled_content"], row["recycled_content_se"]),
            "cost": f"{row['cost_jpy_per_t']:,.0f}",
            "co2": f"{row['co2_t_per_t']:.3f}",
            "points": f"{gains[row['level']]['points']:+.1f}",
            "saved": f"{gains[row['level']]['saved_jpy_per_t']:+,.0f}",
            "bound": _percent(row["realised_risk_bound"]),
        }
        for row in answer.tables["levels"]
    ]
    columns = ("level", "recycled", "cost", "co2", "points", "saved", "bound")
    out = [table(rows, [(name, word(f"column.{name}")) for name in columns]), ""]
    for row in answer.tables["per_cent_of_record"]:
        numbers = {"points": f"{row['points']:+.2f}", "yen": f"{row['saved_jpy_per_t']:+,.0f}"}
        out.append(word("per_cent", **dict(zip(("low", "high"), row["name"].split(" to "), strict=True)), **numbers))
    return [*out, word("equal_risk")]


def level_name(name: str, lang: Language) -> str:
    """Return the name of a level of knowledge in the language of the reader."""
    parts = [part.partition(" ") for part in name.split(" + ")]
    words = [say(f"grade.level.{kind}", lang, share=share) for kind, _, share in parts]
    return " + ".join(words)


def _unit(figure: str) -> tuple[float, str]:
    if figure.endswith("jpy_per_t"):
        return 1.0, "JPY/t"
    if figure.endswith("t_per_t"):
        return 1.0, "t/t"
    return 100.0, "wt%" if figure.startswith("mean ") else "%"


def _tonnes(mass: float | None) -> str:
    return "-" if mass is None else f"{mass:,.0f}"


def _percent(share: float | None, error: float | None = None) -> str:
    if share is None:
        return "-"
    told = f"{100 * share:.1f}" if share >= 0.1 else f"{100 * share:.2g}"
    return f"{told} %" if error is None or error < 1e-9 else f"{told} % (±{100 * error:.1g})"


def _words(lang: Language) -> Any:
    def word(key: str, **arguments: object) -> str:
        return say(f"grade.{key}", lang, **arguments)

    return word
