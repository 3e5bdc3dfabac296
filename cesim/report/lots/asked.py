"""What was asked and assumed in a lot-by-lot run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cesim.report.lots.view import LotView


def asked(view: LotView) -> dict[str, str]:
    """Return label -> text."""
    writer, about = view.writer, view.about
    question, held = about["asked"], about["assumed"]
    batch = question["batch"]
    told = {
        "scenario": f"{view.scenario} ({about['scenario']['file']})" if about["scenario"]["file"] else view.scenario,
        "years": view.years,
        "regions": writer.join(view.place(region) for region in about["regions"]),
        "batch": writer.say("lots.batch_one" if batch == 1 else "lots.batch_many", count=f"{batch:,}"),
        "draws": writer.say("lots.draws_many" if view.drawn else "lots.draws_one", count=f"{question['draws']:,}"),
        "seed": f"{question['seed']}",
        "records": writer.say(
            f"lots.records.{held['records']}", coverage=_percent(held["coverage"]), days=f"{held['delay_days']:g}",
            reliability=_percent(held["reliability"]),
        ),
        "assays": writer.say("lots.assays", share=_percent(held["assayed"]), error=_percent(held["assay_cv"])),
        "risk": writer.say("lots.risk", risk=_percent(held["risk"]), correction=_percent(held["correction"])),
        "clearing": writer.say("lots.clearing", days=f"{held['clearing_days']:g}"),
        "approval": writer.say("lots.approval", months=f"{held['approval_months']:g}"),
        "hours": writer.say(
            "lots.hours", opens=f"{held['opens']:g}", closes=f"{held['closes']:g}", days=f"{held['days_a_week']:g}"
        ),
        "version": f"cesim {about['cesim']}",
        "hash": about["scenario"]["hash"],
    }  # fmt: skip
    return {writer.say(f"lots.asked.{name}"): text for name, text in told.items()}


def _percent(share: float) -> str:
    return f"{100.0 * share:.3g} %"
