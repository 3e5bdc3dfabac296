"""Chemical symbols as keys and entries of an order."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator

from cesim.scenario import Label, ModelFault
from cesim.text import nearest

SYMBOLS: Final = frozenset(
    {
        *("H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar"),
        *("K", "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr"),
        *("Rb", "Sr", "Y", "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe"),
        *("Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf"),
        *("Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th"),
        *("Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr", "Rf", "Db", "Sg", "Bh", "Hs"),
        *("Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og"),
    }
)
"""IUPAC, Periodic Table of Elements (4 May 2022)."""
IN_ALLOYS: Final = (
    *("Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Ni", "Zn", "Ti", "Pb", "Sn", "Al", "Ag", "As", "B", "Be", "Bi", "Ca", "Cd"),
    *("Ce", "Co", "Ga", "Hg", "In", "K", "La", "Li", "Mo", "Na", "P", "S", "Sb", "Sr", "V", "Zr"),
)
"""What certificates of aluminium speak of: read as columns of a table, proposed where a symbol is wrong."""
_NAMES: Final = {
    "silicon": "Si", "iron": "Fe", "copper": "Cu", "manganese": "Mn", "magnesium": "Mg", "chromium": "Cr",
    "nickel": "Ni", "zinc": "Zn", "titanium": "Ti", "lead": "Pb", "tin": "Sn", "aluminium": "Al", "aluminum": "Al",
    "ケイ素": "Si", "珪素": "Si", "シリコン": "Si", "鉄": "Fe", "銅": "Cu", "マンガン": "Mn", "マグネシウム": "Mg",
    "クロム": "Cr", "ニッケル": "Ni", "亜鉛": "Zn", "チタン": "Ti", "鉛": "Pb", "錫": "Sn", "スズ": "Sn",
    "アルミニウム": "Al", "アルミ": "Al",
}  # fmt: skip


def _symbol(key: str) -> str:
    if key in SYMBOLS:
        return key
    meant = _NAMES.get(key.strip().lower()) or nearest(key, IN_ALLOYS)
    raise ModelFault("not_an_element", (), {"found": key, "nearest": meant})


def _alloying(key: str) -> str:
    if _symbol(key) == "Al":
        raise ModelFault("aluminium_is_rest", (), {"found": key})
    return key


Element = Annotated[Label, AfterValidator(_symbol)]
"""A chemical symbol, aluminium among them."""
Alloying = Annotated[Label, AfterValidator(_alloying)]
"""A chemical symbol other than that of aluminium, which is what the others leave."""
