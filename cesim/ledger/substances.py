"""The words of the tables: alloys, polymers, other materials, substances, origins."""

from __future__ import annotations

ALLOYS = ("6016", "6022", "6111", "6061", "6063", "5xxx", "7xxx", "3xxx", "ADC12", "AC2B", "AC4CH")
"""Aluminium alloy types; 6061 stands for 6061/6082, 6063 for 6063/6N01, 3xxx for 1xxx/3xxx."""

SIX_THOUSAND = ("6016", "6022", "6111", "6061", "6063")
"""The alloys of the 6000 series."""

CAST = ("ADC12", "AC2B", "AC4CH")
"""Casting alloys."""

POLYMERS = ("PP", "PP-T", "PE", "PUR", "PA", "PVC", "ABS", "PET", "PC", "POM", "PMMA", "other")
"""Polymers; PP floats in water, PP-T carries more than 13 % talc and sinks."""

OTHERS = ("steel", "copper", "glass", "rubber", "fluids", "magnet", "remainder")
"""What makes the whole car balance."""

ITEMS = ALLOYS + POLYMERS + OTHERS
"""Everything a car is made of, in the order of all item axes."""

MATERIAL = {
    **dict.fromkeys(ALLOYS, "aluminium"),
    **dict.fromkeys(POLYMERS, "plastics"),
    **{name: name for name in OTHERS},
}
"""The material each item belongs to."""

ELEMENTS = ("Al", "Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti", "other", "coating")
"""What aluminium scrap is made of; paint travels with the sheet until it is burnt off."""

COMPONENTS = ("polymer", "filler", "additive")
"""What a plastic is made of."""

SUBSTANCES = ELEMENTS + COMPONENTS + ("glass", "rubber", "fluids", "magnet", "remainder")
"""All substances; steel counts as Fe and copper as Cu, so that pick-up in the melt balances."""

PAIRS = (
    tuple((alloy, element) for alloy in ALLOYS for element in ELEMENTS)
    + tuple((polymer, component) for polymer in POLYMERS for component in COMPONENTS)
    + (("steel", "Fe"), ("copper", "Cu"))
    + tuple((name, name) for name in OTHERS[2:])
)
"""Which item holds which substance: the order of all pair axes."""

ORIGINS = (
    "primary", "run_around", "pre_auto", "pre_other", "post_elv", "post_in_use", "post_other", "chemical", "bio",
)  # fmt: skip
"""Where matter comes from, as chain-of-custody rules tell it apart."""

POST_CONSUMER = ("post_elv", "post_in_use", "post_other")
PRE_CONSUMER = ("pre_auto", "pre_other")

COUNTED_PLASTICS = {
    "everything": ORIGINS,
    "recycled": (*POST_CONSUMER, *PRE_CONSUMER, "chemical"),
    "post": (*POST_CONSUMER, "chemical"),
    "elv": ("post_elv",),
    "bio": ("bio",),
    "closed": ("post_elv", "post_in_use"),
}
"""Origins by which the plastics in new cars are counted."""
