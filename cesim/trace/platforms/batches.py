"""Process batches of recyclers: what went into a step, what came out, what was lost and who weighed it.

Field names are those of Catena-X material accounting (CX-0159, aspect RecyclingBatch 1.0.0, CC-BY-4.0, read). That RMP
uses anything like them is our reading; no schema of RMP is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cesim.trace.platforms.faults import refuse

PROCESSES: Final = {
    "dismantling": ("Dismantling", "Removal of components"),
    "shredding": ("Pre-recycling", "Shredding"),
    "sorting": ("Pre-recycling", "Sorting"),
    "baling": ("Pre-recycling", "Compression"),
    "melting": ("Core-recycling", "Melting"),
    "pelletising": ("Core-recycling", "Granulation"),
    "compounding": ("Follow-up Recycling", "Compounding"),
    "disposal": ("Residue Treatment", "Landfill disposal"),
}
"""processType and childProcessType of each step that is reported."""
ROLES: Final = {
    "dismantler": "Dismantling Facility",
    "shredder": "Shredding Facility",
    "pelletiser": "Material Recycling Facilities",
    "compounder": "Material Manufacturer",
    "casthouse": "Material Manufacturer",
}
"""actorRole of each role."""
KG: Final = 1e6
"""mg."""


@dataclass(frozen=True, slots=True)
class ProcessBatch:
    """One step of one lot.

    Raises
    ------
    InputError
        ``batch_mass`` where more comes out than went in, ``batch_step`` for a step that is not reported, ``batch_time``
        for one that ends before it begins.
    """

    batch: str
    step: str
    sender: str
    sender_role: str
    receiver: str
    receiver_role: str
    begins_s: int
    ends_s: int
    input_mg: int
    output_mg: int
    weighing_slip: str
    loss_type: str = "Abrasion"

    def __post_init__(self) -> None:
        if self.step not in PROCESSES:
            raise refuse("batch_step", self.batch, found=self.step, allowed=tuple(PROCESSES))
        if not 0 <= self.output_mg <= self.input_mg:
            raise refuse("batch_mass", self.batch, found=self.output_mg, most=self.input_mg)
        if self.ends_s < self.begins_s:
            raise refuse("batch_time", self.batch, found=self.ends_s, now=self.begins_s)

    @property
    def loss_mg(self) -> int:
        """What was lost."""
        return self.input_mg - self.output_mg

    def as_data(self) -> dict[str, object]:
        """Return the fields of a RecyclingBatch that the step fills; seconds and kg."""
        process, child = PROCESSES[self.step]
        return {
            "recyclingBatchId": self.batch,
            "sender": {"actorNumber": self.sender, "actorRole": ROLES.get(self.sender_role, "Logistic Operator")},
            "receiver": {"actorNumber": self.receiver, "actorRole": ROLES.get(self.receiver_role, "Logistic Operator")},
            "processInformation": {
                "processType": process,
                "mechanicalRecycling": True,
                "chemicalRecycling": False,
            },
            "childProcessSteps": [
                {
                    "childProcessType": child,
                    "inputNetMass": self.input_mg / KG,
                    "outputNetMass": self.output_mg / KG,
                    "processLoss": self.loss_mg / KG,
                    "lossType": self.loss_type,
                    "weighingSlip": self.weighing_slip,
                    "startTimestamp": self.begins_s,
                    "endTimestamp": self.ends_s,
                }
            ],
        }
