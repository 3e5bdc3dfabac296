"""Names of places, of a scenario or of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.read import COUNTRY, in_language

if TYPE_CHECKING:
    from cesim.report.read import RunTables
    from cesim.report.words import Words
    from cesim.scenario.model import Scenario


def place_name(scenario: Scenario, region: str, words: Words) -> str:
    """Return the name of a region, of the focus, or of the whole country."""
    if region == COUNTRY:
        return words("book.whole")
    if region == scenario.report.focus_id:
        return str(getattr(scenario.report.focus_name, words.lang))
    return str(getattr(scenario.regions[region].name, words.lang))


def place_names(tables: RunTables, words: Words) -> dict[str, str]:
    """Return the names of the regions of a run, of the focus and of what lies outside of them."""
    places = [*tables.run["regions"], tables.run["focus"]]
    return outside_names(words) | {str(place["id"]): in_language(place["name"], words.lang) for place in places}


def outside_names(words: Words) -> dict[str, str]:
    """Return the names of what lies outside of all regions."""
    return {key: words(f"place.{key}") for key in ("japan", "abroad")}
