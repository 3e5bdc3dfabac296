"""The answers of a sweep as lines for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.sweep import discovery, sensitivity, summary
from cesim.report.sweep.sensitivity_sentences import beyond, left
from cesim.report.sweep.sensitivity_sentences import remarks as of_analysis
from cesim.report.sweep.sensitivity_view import order_of, signed_of
from cesim.report.sweep.sentences import range_told
from cesim.report.sweep.summary_view import records
from cesim.sweep.sensitivity import GivenShares, MorrisEffects, SobolIndices, Unvarying

if TYPE_CHECKING:
    from cesim.report.sweep.sensitivity_view import SensitivityView
    from cesim.report.sweep.summary_view import SummaryView
    from cesim.scenario.model import Scenario
    from cesim.sweep.answers.discovery import Discovered
    from cesim.sweep.answers.sensitivities import Analysed, Sensitivities
    from cesim.sweep.answers.summary import Summary
    from cesim.sweep.sensitivity import Estimated
    from cesim.text import Language

MOST_LINES = 5


def summary_lines(scenario: Scenario, found: Summary, lang: Language) -> list[str]:
    """Return what the futures came to, and what must not be overlooked."""
    view = summary.summary_view(scenario, found, lang)
    return [*summary.headline(view), *summary.alarms(view), *_reasons(view), *summary.remarks(view)]


def _reasons(view: SummaryView) -> list[str]:
    """Why runs have no result, the most frequent reasons first."""
    rows = sorted(records(view.found.failures), key=lambda row: -int(row["runs"]))[:MOST_LINES]
    return [f"  {int(row['runs']):,}  {row['status']}  {row['reason']}" for row in rows]


def sensitivity_lines(scenario: Scenario, found: Sensitivities, lang: Language) -> list[str]:
    """Return of each result what drives it, the first factors with their numbers, and whether that is settled."""
    view = sensitivity.sensitivity_view(scenario, found, lang)
    lines = [] if found.results else list(sensitivity.headline(view))
    for one in found.results:
        lines += ["", view.title(one), *(f"  {told}" for told in sensitivity.lead(view, one, is_whole=True))]
        lines += [f"    {told}" for told in _numbers(view, one)]
        lines += [f"  {told}" for told in (beyond(view, one), *left(view, one)) if told]
    lines += ["", *of_analysis(view)] if any(True for _ in of_analysis(view)) else []
    return lines[1:] if lines and not lines[0] else lines


def discovery_lines(scenario: Scenario, found: Discovered, lang: Language) -> list[str]:
    """Return the sentence, how far it may be believed, the limits one by one, and the files written."""
    view = discovery.discovery_view(scenario, found, lang)
    lines = [*discovery.headline(view), *discovery.alarms(view), *discovery.remarks(view)]
    box = found.explanation.box
    if view.limits and box is not None:
        full = view.names.writer.full
        ends = {"coverage": full(box.coverage, "share"), "density": full(box.density, "share")}
        lines += ["", view.say("lines_limits"), f"  {view.say('lines_box', **ends)}"]
        lines += [f"  {view.names.varied(varied.name)}: {range_told(view.names, varied, limit)}"
                  for _, varied, limit in view.limits]  # fmt: skip
    if found.files:
        lines += ["", view.say("lines_files"),
                  *(f"  {name}  {view.say(f'file.{what}')}" for name, what in found.files.items())]  # fmt: skip
    return lines


def _index(view: SensitivityView, of: Estimated, at: int) -> str:
    return f"{view.index(float(of.value[at]))} ({view.interval(float(of.low[at]), float(of.high[at]))})"


def _numbers(view: SensitivityView, one: Analysed) -> list[str]:
    answer = one.answer
    if isinstance(answer, Unvarying):
        return []
    out = []
    for at in order_of(answer)[:MOST_LINES]:
        if isinstance(answer, SobolIndices):
            told = view.say("both", first=_index(view, answer.first, at), total=_index(view, answer.total, at))
        elif isinstance(answer, MorrisEffects):
            spread = signed_of(answer, answer.sigma)
            ends = f"{answer.mu_star.low[at]:.3g} – {answer.mu_star.high[at]:.3g}".replace("-", "−")
            told = f"mu* {answer.mu_star.value[at]:.3g} ({ends})"
            told += f", sigma {spread[at]:.3g}" if at in spread else ""
        elif isinstance(answer, GivenShares):
            full = view.names.writer.full
            told = full(float(answer.share[at]), "share")
            if at in answer.told:
                told += f" ({full(float(answer.low[at]), 'share')} – {full(float(answer.high[at]), 'share')})"
        out.append(f"{told}  {view.factors[at]}")
    return out
