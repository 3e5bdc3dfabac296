"""Words of the Core Business Vocabulary (CBV 2.0) and of the GS1 Web Vocabulary, and the rule for them.

A word of the standard is written bare (``shipping``), never as its URI; a word of somebody's own is a URI outside the
standard's own vocabulary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cesim.trace.standards.places import kind
from cesim.trace.standards.uris import UNSAFE_SCHEMES, is_uri, scheme_of

if TYPE_CHECKING:
    from cesim.trace.standards.places import At, Objections

_CBV: Final = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_WEB: Final = re.compile(r"https?://(?:www\.)?gs1\.org/voc/")
_TAIL: Final = re.compile(r"[A-Za-z_]+\Z")


@dataclass(frozen=True, slots=True)
class Word:
    """The rule of a word: one of a list, or a URI that the standard has not taken for itself."""

    words: frozenset[str]
    taken: re.Pattern[str]

    def __call__(self, value: Any, at: At, found: Objections) -> None:
        """Look at one word."""
        if type(value) is not str:
            found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="string")
        elif value not in self.words:
            self._check_own(value, at, found)

    def _check_own(self, value: str, at: At, found: Objections) -> None:
        if not is_uri(value):
            near = found.near(value, sorted(self.words))
            found.refuse("epcis_unknown_word", at, found=value, allowed=tuple(sorted(self.words)), nearest=near)
        elif self.taken.match(value):
            tail = _TAIL.search(value)
            word = tail[0] if tail and tail[0] in self.words else None
            found.refuse("epcis_word_spelt_out", at, found=value, proposal=word)
        elif scheme_of(value) in UNSAFE_SCHEMES:
            found.refuse("epcis_unsafe_uri", at, found=value)


def _cbv(words: str) -> Word:
    return Word(frozenset(words.split()), _CBV)


def _web(words: str) -> Word:
    return Word(frozenset(words.split()), _WEB)


BIZ_STEP: Final = _cbv(
    """accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting
    decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting
    installing killing loading other packing picking receiving removing repackaging repairing replacing reserving
    retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting
    unloading unpacking void_shipping"""
)
DISPOSITION: Final = _cbv(
    """active available completeness_inferred completeness_verified conformant container_closed container_open damaged
    destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance
    mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed
    recalled reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown"""
)
BIZ_TRANSACTION: Final = _cbv("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt")
SOURCE_OR_DESTINATION: Final = _cbv("location owning_party possessing_party")
ERROR_REASON: Final = _cbv("did_not_occur incorrect_data")
COMPONENT: Final = _cbv(
    """altitude axial_distance azimuth easting elevation_angle height latitude longitude northing polar_angle
    spherical_radius x y z"""
)
ALERT: Final = _web("ALARM_CONDITION ERROR_CONDITION")
MEASUREMENT: Final = _web(
    """AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance
    Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity
    ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency
    Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux
    LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate
    MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux
    RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed
    SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction
    VolumetricFlux Wavenumber"""
)
