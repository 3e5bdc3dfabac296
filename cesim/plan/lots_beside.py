"""A plan in the engine that follows every lot, beside nothing adopted; each run has the balance beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cesim.plan.futures import ADOPTED, NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from cesim.run.lots import LotRun
    from cesim.scenario.load import Loaded
    from cesim.scenario.model import Scenario


class LotsBeside(NamedTuple):
    """Both runs of one year, at the best estimate."""

    year: int
    chosen: LotRun
    without: LotRun

    def frame(self) -> pd.DataFrame:
        """Tidy rows ``plan, table, name, value``: indicators of both engines, metal by where it went, heats."""
        import pandas as pd

        rows = []
        for plan, run in ((ADOPTED, self.chosen), (NOTHING, self.without)):
            for row in run.tables["indicators"].to_dict("records"):
                rows += [(plan, engine, row["indicator"], float(row[engine])) for engine in ("lots", "balance")]
            metal = run.tables["metal"]
            held = metal[metal["of"] == "six_t"]
            rows += [(plan, "metal_t", row["where"], float(row["mass_t"])) for row in held.to_dict("records")]
            heats = run.tables["heats"].groupby("outcome")["heats"].sum()
            rows += [(plan, "heats", str(outcome), float(count)) for outcome, count in heats.items()]
        return pd.DataFrame(rows, columns=["plan", "table", "name", "value"])


def lots_beside(
    chosen: Loaded[Scenario],
    without: Loaded[Scenario],
    year: int,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> LotsBeside:
    """Run a year lot by lot with the plan and with nothing adopted; it takes minutes.

    Raises
    ------
    InputError
        for a scenario without `facilities`, a year outside the balance
    NoAnswer
        when the balance has no answer, or a law is broken
    """
    from cesim.errors import Fault, NoAnswer, Place
    from cesim.run.lots import simulate_lots

    runs = []
    for at, loaded in enumerate((chosen, without)):

        def tell(done: int, total: int, at: int = at) -> None:
            if progress is not None:
                progress(at * total + done, 2 * total)

        run = simulate_lots(loaded, year, seed=seed, workers=workers, with_losses=False, progress=tell)
        if not run.about["laws_of_all"]:
            worst = run.certificate.worst
            raise NoAnswer([Fault("laws_broken", Place(model=f"{worst.name}: {worst.where}"))])
        runs.append(run)
    return LotsBeside(year, *runs)
