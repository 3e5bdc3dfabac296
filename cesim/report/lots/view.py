"""What a lot-by-lot run says, as its report needs it: steps, ways of the metal, places and works by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from cesim.indicators import INDICATORS
from cesim.report.casthouse.writing import Writer
from cesim.report.lot_terminal import ORDER
from cesim.report.lots.amounts import Amount, of_draws, of_step
from cesim.report.read import in_language, name_of
from cesim.text import has

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cesim.report.lot_terminal import Found
    from cesim.text import Language

RETURNED: Final = "returned_at_works"
"""The indicator of the metal that comes back at the works of the regions, in both engines."""
LIMITS: Final = ("standard", "knowledge", "capacity")
"""What stands between the potential and what is realised, in the order of the page."""
WHY_SOLD: Final = ("approval", "spec", "melting", "yard_room")
"""Why scrap left a yard unused."""
_AFTER: Final = ("other_alloy", "downgraded", "off_spec")


@dataclass(frozen=True)
class LotView:
    """A run and the words to tell it in."""

    found: Found
    writer: Writer

    @property
    def about(self) -> Mapping[str, Any]:
        """The record of the run."""
        return self.found.about

    @property
    def lang(self) -> Language:
        """Of the words."""
        return self.writer.lang

    @property
    def drawn(self) -> bool:
        """Whether there are draws beside the best estimate."""
        return int(self.about["asked"]["draws"]) > 1

    @property
    def region(self) -> str:
        """Name of the regions in focus, all together."""
        return in_language(self.about["focus"], self.lang)

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return in_language(self.about["scenario"]["name"], self.lang)

    @property
    def years(self) -> str:
        """The year, or the first and the last."""
        asked = self.about["asked"]
        first, last = asked["first"], asked["last"]
        return self.writer.say("lots.year" if first == last else "lots.years", first=first, last=last)

    def place(self, key: str) -> str:
        """Name of a region; the border has none."""
        names = self.about["region_names"]
        return in_language(names[key], self.lang) if key in names else key

    @cached_property
    def steps(self) -> dict[str, Amount]:
        """Potential, what each limit costs, realised, t; potential and limits only where they were run."""
        held = self.about["headline"]
        return {step: of_step(held[step]) for step in ORDER if step in held}

    @cached_property
    def metal(self) -> dict[str, Amount]:
        """6000-series metal of scrapped cars by where it came from and went, t.

        What came (`in_cars`, `from_elsewhere`) is what went (`WENT`); what was charged is `OF_CHARGED`.
        """
        table = self.found.tables["metal"]
        table = table[table["without"] == ""]
        wide = {
            of: table[table["of"] == of].pivot_table(index="draw", columns="where", values="mass_t", aggfunc="sum")
            for of in ("six_t", "family_t")
        }
        six, family = wide["six_t"].fillna(0.0), wide["family_t"].reindex(index=wide["six_t"].index).fillna(0.0)
        for name in (*WHY_SOLD, *_AFTER):  # a way that no metal went in any draw has no row
            six[name] = family.get(name, 0.0)
        six["sold_else"] = six["exported"] - six[list(WHY_SOLD)].sum(axis=1)
        six["in_making"] = six["charged"] - six[["dross", "finished", *_AFTER]].sum(axis=1)
        return {str(name): of_draws(six[name]) for name in six.columns}

    @cached_property
    def beside(self) -> pd.DataFrame:
        """Indicators of both engines: those that the lots have a number of."""
        table = self.found.tables["indicators"]
        return table[table["lots"].notna()]

    @cached_property
    def returned_in_balance(self) -> Amount:
        """What the balance has at the same works, over all years, t."""
        table = self.found.tables["indicators"]
        rows = table[table["indicator"] == RETURNED]
        return of_draws(rows.groupby("draw")["balance"].sum())

    def indicator(self, key: str) -> tuple[str, str]:
        """Name and unit of an indicator."""
        if key == RETURNED:
            return self.writer.say("lots.returned_at_works"), "t"
        return name_of(INDICATORS[key], self.lang), INDICATORS[key].unit

    def works(self, name: str) -> str:
        """Name of works in words: what they are, and where."""
        table = self.found.tables["works"]
        rows = table[table["facility"] == name]
        if rows.empty:
            return name
        row = rows.iloc[0]
        kind, place = str(row["kind"]), self.place(str(row["place"]))
        if kind == "haulage":  # `scrap way from dismantlers east`: what is driven comes first
            way, _, begin = name.partition(" from ")
            key = f"way.{way.replace(' ', '_')}"
            return (
                self.writer.say("lots.way_from", way=self.writer.say(f"lots.{key}"), works=self.works(begin))
                if self._has(key)
                else name
            )
        return (
            self.kind(kind) if kind == "border" else self.writer.say("lots.at_place", what=self.kind(kind), place=place)
        )

    def kind(self, kind: str) -> str:
        """Name of a kind of works."""
        return self.writer.say(f"lots.kind.{kind}") if self._has(f"kind.{kind}") else kind

    def _has(self, key: str) -> bool:
        return has(f"report.casthouse.lots.{key}", self.lang)


WENT: Final = ("to_elsewhere", "reused", "residue", *WHY_SOLD, "sold_else", "charged", "on_the_way")
"""Where the metal went; together all that came."""
OF_CHARGED: Final = ("dross", "in_making", "other_alloy", "downgraded", "off_spec", "finished")
"""What became of the metal that was charged; together all of it."""


def view_of(found: Found, lang: Language) -> LotView:
    """Return what a run says in a language."""
    return LotView(found, Writer(lang))
