"""Analyses as sensor elements: what a lot weighed and what was found in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError
from cesim.trace.exports.epcis_steps import OWN
from cesim.trace.exports.numbers import UNTOLD_MG, kilograms
from cesim.trace.exports.texts import quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.exports.lot_names import LotNames

    Whole = NDArray[np.int64]

_PPM_UNIT = "59"
"""Parts per million in the codes of UN/ECE Recommendation 20 (status: read in other descriptions of it)."""


@dataclass(frozen=True)
class Assays:
    """What was found in lots.

    Attributes
    ----------
    row : (lot,)
        Row of each lot in `ppm`; -1 where it was not analysed.
    substances
        Elements, or what else was looked for.
    ppm : (row, substance)
        Parts per million by mass; whole numbers, so that every reader has the same.
    sd_ppm : (row, substance), optional
        Standard deviation of the same.
    """

    row: Whole
    substances: tuple[str, ...]
    ppm: Whole
    sd_ppm: Whole | None = None

    def require(self, lots: int) -> None:
        """Refuse what are no analyses of so many lots.

        Raises
        ------
        InputError
            ``export_assays``
        """
        shape = (len(self.ppm), len(self.substances))
        fits = self.row.shape == (lots,) and self.ppm.shape == shape
        fits = fits and (self.sd_ppm is None or self.sd_ppm.shape == shape)
        if not fits or (lots and (self.row.min() < -1 or self.row.max() >= shape[0])) or np.any(self.ppm < 0):
            raise InputError([Fault("export_assays", arguments={"found": str(self.ppm.shape), "allowed": lots})])


def sensor_elements(
    called: LotNames, assays: Assays | None, lots: list[int], masses: list[int], time: str, tells: bool
) -> str:
    """Return the field of sensor elements of one analysis; empty where nothing was measured.

    Parameters
    ----------
    called
        Names of lots.
    assays
        What was found.
    lots, masses
        Of the entry; mg.
    time
        Instant of the analysis.
    tells
        Whether the composition is told.
    """
    elements = []
    for lot, mass in zip(lots, masses, strict=True):
        reports = [f'{{"type":"Mass","value":{kilograms(mass)},"uom":"KGM"}}'] if mass != UNTOLD_MG else []
        if tells and assays is not None and assays.row[lot] >= 0:
            reports += _found(assays, int(assays.row[lot]))
        if reports:
            meta = f'"sensorMetadata":{{"time":"{time}"}}'
            name = called.key(lot).urn()
            elements.append(f'{{{meta},"sensorReport":[{",".join(reports)}],"{OWN}lot":"{name}"}}')
    return f',"sensorElementList":[{",".join(elements)}]' if elements else ""


def _found(assays: Assays, row: int) -> list[str]:
    reports = []
    for place, (substance, ppm) in enumerate(zip(assays.substances, assays.ppm[row].tolist(), strict=True)):
        spread = f',"sDev":{int(assays.sd_ppm[row, place])}' if assays.sd_ppm is not None else ""
        told = f'"value":{ppm}{spread},"uom":"{_PPM_UNIT}","{OWN}substance":{quoted(substance)}'
        reports.append(f'{{"type":"Dimensionless",{told}}}')
    return reports
