"""The maps of a co-design and the designs that none beats."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from cesim.charge.margin import upper_bound
from cesim.report.casthouse.colours import ALLOY, GRADE, NOTHING, SUPPLY, even
from cesim.report.casthouse.maps import Field, design_map
from cesim.report.casthouse.points import Spot, plot, scale_bar
from cesim.report.casthouse.shell import Figure

if TYPE_CHECKING:
    from cesim.charge.codesign import CoDesign
    from cesim.charge.designs import Designs
    from cesim.report.casthouse.writing import Writer

NO_CHARGE = "no charge: "


def binding_told(binding: str, writer: Writer) -> str:
    """Say what binds a design in words."""
    if binding.startswith(NO_CHARGE):
        names = [name for name in binding.removeprefix(NO_CHARGE).split(", ") if name]
        return (
            writer.say("design.no_charge", names=writer.limits(names))
            if names
            else writer.say("design.no_charge_alone")
        )
    if binding.startswith("alloy "):
        return writer.say("design.binds_alloy", name=writer.limit(binding.removeprefix("alloy ")))
    return writer.say(f"design.binds_{binding}")


def bound_of(risk: float, heats: int) -> float:
    """Return the one-sided 95 % upper bound of a share counted over so many heats; NaN of NaN."""
    return _bound(round(risk * heats), heats) if math.isfinite(risk) else risk


@cache
def _bound(off: int, heats: int) -> float:
    return upper_bound(off, heats)


def maps_figure(designs: Designs, writer: Writer) -> Figure:
    """Return the map of recycled content and the map of what binds, with one line that tells every number."""
    levels, widths = ([f"×{value:.3g}" for value in axis] for axis in (designs.levels, designs.widening))
    shares, kinds = _share_fields(designs, writer), _kind_fields(designs, writer)
    finite = designs.recycled_content[np.isfinite(designs.recycled_content)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    ends = (writer.full(low, "share"), writer.full(high, "share")) if finite.size else ("", "")
    readout = Markup('<p class="readout" aria-live="polite" data-comma="{}">{}</p>').format(
        writer.say("comma"), writer.say("design.point")
    )
    body = Markup(
        '<div class="maps"><div><h3>{}</h3>{}{}</div><div><h3>{}</h3>{}{}</div></div>{}'
    ).format(
        writer.say("design.share_map"), design_map(shares, levels, widths, writer),
        scale_bar(*ends) if finite.size else "", writer.say("design.kind_map"),
        design_map(kinds, levels, widths, writer), _kinds_legend(designs, writer), readout,
    )  # fmt: skip
    return Figure("", body, note=writer.say("design.map_note"), is_wide=True)


def as_they_are(designs: Designs) -> tuple[int, int] | None:
    """Return the design of limits as they are, where it is one of the table."""
    level, widening = np.isclose(designs.levels, 1.0), np.isclose(designs.widening, 1.0)
    return (int(np.argmax(level)), int(np.argmax(widening))) if level.any() and widening.any() else None


def _share_fields(designs: Designs, writer: Writer) -> list[list[Field]]:
    shares = designs.recycled_content
    finite = shares[np.isfinite(shares)]
    low = float(finite.min()) if finite.size else 0.0
    span = float(finite.max() - low) if finite.size else 0.0
    now = as_they_are(designs)
    return [
        [
            Field(
                even((share - low) / span if span else 0.5) if np.isfinite(share) else "",
                writer.bare(float(share), "share"), is_now=(level, width) == now,
            )
            for width, share in enumerate(row)
        ]
        for level, row in enumerate(shares)
    ]  # fmt: skip


def _colours(designs: Designs) -> dict[str, str]:
    """Binding -> colour, the commonest first; nothing for what has no charge."""
    names, counts = np.unique(designs.binding, return_counts=True)
    told = [str(names[at]) for at in np.argsort(-counts, kind="stable")]
    fixed = {"grade": GRADE, "supply": SUPPLY, "nothing": NOTHING}
    alloys = sorted(name for name in told if name.startswith("alloy "))
    of_alloys = {name: ALLOY[at % len(ALLOY)] for at, name in enumerate(alloys)}
    return {name: "" if name.startswith(NO_CHARGE) else (fixed | of_alloys)[name] for name in told}


def _kind_fields(designs: Designs, writer: Writer) -> list[list[Field]]:
    colours, now = _colours(designs), as_they_are(designs)
    return [
        [
            Field(colours[str(why)], _short(str(why), writer), is_now=(level, width) == now)
            for width, why in enumerate(row)
        ]
        for level, row in enumerate(designs.binding)
    ]


def _short(binding: str, writer: Writer) -> str:
    """Say what binds in as few letters as a field has room for."""
    if binding.startswith(NO_CHARGE):
        return writer.say("design.short_none")
    if binding.startswith("alloy "):
        return writer.limit(binding.removeprefix("alloy "))
    return writer.say(f"design.short_{binding}")


def _kinds_legend(designs: Designs, writer: Writer) -> Markup:
    whole = designs.binding.size
    items = []
    for name, colour in _colours(designs).items():
        share = writer.full(float((designs.binding == name).sum()) / whole, "share")
        swatch = Markup('<i style="background:{}"></i>').format(colour) if colour else Markup('<i class="no"></i>')
        items.append(Markup("<li>{}{} ({})</li>").format(swatch, binding_told(name, writer), share))
    return Markup('<ul class="legend">{}</ul>').format(Markup("").join(items))


def front_plot(design: CoDesign, designs: Designs, writer: Writer) -> Figure:
    """Return the designs that none beats in recycled content, cost, CO2, risk and widening together."""
    share, cost = writer.scale("share").factor, writer.scale("jpy_t").factor
    spots = []
    for row in design.front():
        at = _place(row, designs)
        place = divmod(at, designs.widening.size)
        spots.append(
            Spot(
                at, share * float(designs.recycled_content[place]), cost * float(designs.cost[place]),
                float(designs.widening[place[1]]), float(designs.risk[place]),
            )
        )  # fmt: skip
    body = plot(spots, writer.say("column.recycled_pc"), writer.say("column.cost_jpy_t"), writer)
    readout = Markup('<p class="readout" data-comma="{}">{}</p>').format(
        writer.say("comma"), writer.say("design.point")
    )
    note = writer.say("design.front_note")
    return Figure(writer.say("design.front_figure"), body + readout, note=note, is_wide=True)


def _place(row: dict[str, object], designs: Designs) -> int:
    """Return the row of the table of all designs in which a design of the front stands."""
    level = int(np.searchsorted(designs.levels, float(str(row["level"]))))
    width = int(np.searchsorted(designs.widening, float(str(row["widening"]))))
    return level * designs.widening.size + width
