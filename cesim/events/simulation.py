"""A run of engine B: the clock, the lots, the facilities, period after period."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.events.clock import Clock
from cesim.events.columns import Columns
from cesim.events.draws import Draws
from cesim.events.evaluate import evaluate
from cesim.events.faults import refuse
from cesim.events.lots import Lots
from cesim.events.names import Names
from cesim.ledger.lot_rows import Rows
from cesim.ledger.lot_writer import LotWriter, synced
from cesim.quantities.streams import KeyedSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cesim.events.facility import Facility
    from cesim.events.lots import Evaluator
    from cesim.quantities.streams import UniformSource

CHECKPOINT = "checkpoint"
"""The file, beside the tables, from which a run is continued."""


class Simulation:
    """A model of a chain and its present state: what a run is saved as, and continued from.

    Build it (sources and sinks in ``lots.accounts``, facilities), put the first events in the diary
    (``clock.call_at``), then `run` it.

    Parameters
    ----------
    draws
        Seed, or source of the draws.
    columns
        Of the compositions.
    folder
        Where the tables and the checkpoint go; none keeps the tables in memory (``ledger``).
    every, evaluator
        See `Lots`.

    Raises
    ------
    InputError
        ``run_unfinished`` where a checkpoint lies in the folder.
    """

    def __init__(
        self,
        draws: int | UniformSource = 0,
        columns: Columns | None = None,
        folder: Path | None = None,
        every: int = 4096,
        evaluator: Evaluator = evaluate,
    ) -> None:
        if folder is not None and (folder / CHECKPOINT).exists():
            raise refuse("run_unfinished", str(folder), found=CHECKPOINT)
        self.clock = Clock()
        self.columns = columns or Columns()
        names = self.columns.substances, self.columns.origins
        self.ledger: Rows = Rows(*names) if folder is None else LotWriter(folder, *names)
        self.lots = Lots(self.clock, self.ledger, self.columns, every, evaluator)
        self.draws = Draws(KeyedSource(draws) if isinstance(draws, int) else draws)
        self.facilities: list[Facility] = []
        self.places = Names("place")
        self.decisions = Names("decision_kind")
        self.knowledge = Names("knowledge")
        self.ends: tuple[int, ...] = ()
        """Seconds at which the reporting periods end."""
        self._decided = 0
        self._told = 0, 0
        self._kinds = Names("facility_kind")
        self.ledger.names.update(
            account=self.lots.accounts.names.names, facility=self.lots.facilities.names, mark=self.lots.marks,
            place=self.places.names, facility_kind=self._kinds.names, decision_kind=self.decisions.names,
            knowledge=self.knowledge.names,
        )  # fmt: skip

    def enter(self, facility: Facility) -> int:
        """Enter a facility under its name and return its number; `Facility` does it."""
        code = self.lots.facilities.new(facility.name)
        self.places.entered(facility.place)
        self.facilities.append(facility)
        return code

    def facility(self, name: str) -> Facility:
        """Return a facility by its name."""
        return self.facilities[self.lots.facilities.code(name)]

    def decided(
        self,
        kind: str,
        at: int,
        candidates: Sequence[int],
        chosen: Sequence[int],
        known: str,
        values: Sequence[int] = (),
    ) -> None:
        """Write down a decision: what was chosen, from which lots, knowing what, at what value of each."""
        wanted = set(chosen)
        count = len(candidates)
        rows = {
            "decision": self._decided, "time_s": self.clock._now, "facility": at,
            "kind": self.decisions.entered(kind), "known": self.knowledge.entered(known),
        }  # fmt: skip
        columns = {name: np.full(count, value) for name, value in rows.items()}
        columns["lot"] = np.array(candidates, dtype=np.int64)
        columns["value"] = np.array(values or [0] * count, dtype=np.int64)
        columns["chosen"] = np.array([int(lot in wanted) for lot in candidates], dtype=np.int64)
        self._decided += 1
        self.ledger.add("decision", columns)

    def run(self, ends: Sequence[int] = (), save: bool = False, step: Callable[[], object] | None = None) -> None:
        """Go on, period after period, to the end of the last.

        What is due at the end of a period belongs to the next one. At every end the mass law is proved; tables are
        written; processes of plug-ins are stopped and begun anew, so that it makes no difference whether a run is
        continued from there.

        Parameters
        ----------
        ends
            Seconds at which periods end, growing; a run that is continued has its own.
        save
            Write a checkpoint at the end of every period but the last, where it is removed.
        step
            Called when a period is done.

        Raises
        ------
        InputError
            ``periods_not_growing``, ``mass_not_kept``, and what facilities and lots raise.
        """
        if ends:
            if list(ends) != sorted(set(ends)) or ends[0] <= self.clock._now:
                raise refuse("periods_not_growing", "run", found=list(ends), allowed=f"> {self.clock._now}")
            self.ends = tuple(ends)
        elif not self.ends:
            raise refuse("periods_not_growing", "run", found=[], allowed=f"> {self.clock._now}")
        for end in self.ends:
            if end <= self.clock._now:
                continue
            self.clock.run_to(end)
            self.lots.close_period()
            if end == self.ends[-1]:
                self._finish()
            else:
                self._write()
                self.clock.rest()
                if save:
                    self._save()
                self.clock.wake()
            if step is not None:
                step()

    def _save(self) -> None:
        """Write a checkpoint: staged, then renamed, after the tables it stands on; all of it is on the disk then."""
        if not isinstance(self.ledger, LotWriter):
            raise refuse("no_folder_to_save", "run", found=None)
        self.ledger.sync()
        folder = self.ledger.folder
        staged = folder / f".{CHECKPOINT}"
        staged.write_bytes(pickle.dumps(self, protocol=pickle.HIGHEST_PROTOCOL))
        synced(staged)
        staged.replace(folder / CHECKPOINT)
        synced(folder)

    def _write(self) -> None:
        if isinstance(self.ledger, LotWriter):
            self.ledger.close_period()

    def _finish(self) -> None:
        """Write who took part, as far as it is not written, and what is still in memory."""
        new = self.facilities[self._told[0] :]
        kinds = self._kinds
        columns = {
            "facility": [facility.code for facility in new],
            "kind": [kinds.entered(facility.kind) for facility in new],
            "place": [self.places.code(facility.place) for facility in new],
        }
        self.ledger.add("facility", {name: np.array(values, dtype=np.int64) for name, values in columns.items()})
        self.ledger.add("place", {"place": np.arange(self._told[1], len(self.places))})
        self._told = len(self.facilities), len(self.places)
        self._write()
        if isinstance(self.ledger, LotWriter):
            (self.ledger.folder / CHECKPOINT).unlink(missing_ok=True)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state; what is noted down is worked out first, so that the ledger has it."""
        self.lots.settle()
        return dict(self.__dict__)


def resume(folder: Path) -> Simulation:
    """Return the run whose checkpoint lies in a folder; what was written after it is written again.

    Raises
    ------
    InputError
        ``no_checkpoint``
    """
    path = folder / CHECKPOINT
    if not path.is_file():
        raise refuse("no_checkpoint", str(folder), found=str(path))
    simulation: Any = pickle.loads(path.read_bytes())
    simulation.ledger.folder = folder
    simulation.ledger.forget_later()
    simulation.clock.wake()
    return simulation  # type: ignore[no-any-return]
