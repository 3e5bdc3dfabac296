"""What was asked and assumed: the run, who is supposed to record how, and how the records are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.report.casthouse.shell import Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cesim.report.trace.view import TraceView

CHOICES: Final = ("confidence", "window", "life", "credit_share")
"""Of the judging: terms that are set, nothing that anybody could count."""
PLAIN: Final = (
    "delay_days", "delay_spread", "back_dated_days", "collusion_gain", "people", "answer_hours", "answer_cv",
    "review_days", "deemed_days", "window", "life",
)  # fmt: skip
"""Numbers that are no shares."""


def asked(view: TraceView) -> dict[str, str]:
    """Return label -> text."""
    about = view.tracing.about
    told = {
        "what": view.names.what_it_is,
        "records": f"{len(view.tracing.records):,}",
        "seed": str(about["seed"]) if about.get("seed") is not None else "",
        "version": f"cesim {about.get('cesim', '')}",
        "hash": str((about.get("run") or {}).get("hash", "")),
    }
    return {view.say(f"asked.{key}"): text for key, text in told.items() if text}


def habit_columns(view: TraceView) -> tuple[str, ...]:
    """Headings of the habits."""
    return tuple(view.say(f"habit_column.{key}") for key in ("who", "what", "value", "status"))


def habit_rows(view: TraceView) -> Iterator[tuple[str, str, str, str]]:
    """Go through the numbers behind the records: who, what, how much, and how sure."""
    about = view.tracing.about
    hypothesis, choice = view.say("status.hypothesis"), view.say("status.choice")
    if has_habits(view):
        for who, what, value in _habits(view, about["habits"]):
            yield who, what, value, hypothesis
    for group in ("desk", "judging"):
        for key, value in (about.get(group) or {}).items():
            status = choice if key in CHOICES else hypothesis
            yield view.say(f"group.{group}"), _field(view, key), _value(view, key, value), status


def has_habits(view: TraceView) -> bool:
    """Say whether the records were written by habits of a scenario."""
    return bool(view.tracing.about.get("habits")) and not view.names.is_built_in


def _habits(view: TraceView, habits: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    groups = [(view.say("group.everyone"), habits.get("everyone") or {})]
    groups += [(view.names.role(key), one) for key, one in habits.items() if key not in ("everyone", "actors")]
    groups += [(view.names.actor(key), one) for key, one in (habits.get("actors") or {}).items()]
    for who, fields in groups:
        for key, value in fields.items():
            yield who, _field(view, key), _value(view, key, value)


def _field(view: TraceView, key: str) -> str:
    return view.names.word("habit", key)


def _value(view: TraceView, key: str, value: Any) -> str:
    if isinstance(value, str):
        return view.names.word("declaration", value)
    if key in PLAIN:
        return f"{value:,.4g}"
    return view.writer.short(float(value))


def habit_section(view: TraceView) -> Section | None:
    """Return the part on the hypothesis; an imported trace has none."""
    rows = tuple(habit_rows(view))
    if not rows:
        return None
    if has_habits(view):
        lead = [view.say("habits_lead"), view.say("habits_source")]
    else:
        lead = [view.say("habits_built_in" if view.knows else "habits_pilot")]
    table = Table(view.say("habits_table"), habit_columns(view), rows, is_folded=True)
    return Section("habits", view.say("habits_head"), tuple(lead), tables=(table,))
