"""A scenario with the `--set` options laid over it, and the faults of both together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario


def read_scenario(file: str, settings: Sequence[str]) -> tuple[Loaded[Scenario] | None, tuple[Fault, ...]]:
    """Return a scenario and everything that is wrong; a setting that cannot be read hides nothing else."""
    from cesim.scenario import open_scenario, sound_settings

    overrides, faults = sound_settings(settings)
    try:
        return open_scenario(file, overrides), faults
    except InputError as error:
        return None, (*faults, *error.faults)
