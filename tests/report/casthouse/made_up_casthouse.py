"""A small made-up casthouse: yards, grades and alloys that are quick to ask."""

from dataclasses import replace

from cesim.charge import (
    Addition,
    AlloyLimits,
    AssayError,
    Charge,
    CoDesign,
    Energy,
    ForeignMatter,
    Furnace,
    GradeTest,
    Information,
    Lot,
    MeltShop,
    OriginRecord,
    Risk,
    SamplingPlan,
    ScrapGrade,
    ScrapSource,
    value_of_information,
)

ELEMENTS = ("Si", "Fe", "Cu", "Mg")
MEANS = {
    "sheet": [0.0115, 0.0022, 0.0010, 0.0040],
    "doors": [0.0090, 0.0030, 0.0012, 0.0050],
    "mix": [0.0300, 0.0060, 0.0080, 0.0040],
}
ADDITIONS = (
    Addition("P1020", {"Si": 0.0005, "Fe": 0.0012}, 400_000, 10.0),
    Addition("silicon", {"Si": 1.0}, 500_000, 5.0),
    Addition("magnesium", {"Mg": 1.0}, 600_000, 20.0),
)
ALLOY = AlloyLimits("6016", ELEMENTS, [0.010, 0.0, 0.0, 0.0025], [0.015, 0.005, 0.002, 0.006])
GRADE = ScrapGrade(
    "hood A", upper={"Si": 0.015, "Fe": 0.0040, "Cu": 0.0018, "Mg": 0.0075}, lower={"Si": 0.006}, free_iron=0.003
)
PLAN = SamplingPlan(1, 10.0, 1.0, 10.0, AssayError(0.1), 0.0, minimum_mass=0.0)


def sources(**names):
    """Sources, some under another name."""
    return [
        ScrapSource.lognormal(names.get(name, name), mean, [0.25] * 4, 0.2, ELEMENTS, lot_mass=10.0)
        for name, mean in MEANS.items()
    ]


def furnace(names):
    yields = {**dict.fromkeys(names, 0.96), "P1020": 0.99, "silicon": 1.0, "magnesium": 1.0}
    return Furnace(20.0, Energy(3.0, 2000.0, 0.05), yields=yields, additions=ADDITIONS)


def shop(**changed):
    given = {"scrap_price": 250_000, "scrap_co2": 0.4, "lots_per_heat": 8, "risk": 0.01, "heats": 4_000, **changed}
    return MeltShop(furnace(("scrap",)), **given)


def charge(risk=None, name="bale 1", stock=6.0):
    """Two lots, one known by its record only, and primary metal."""
    record = OriginRecord("sheet", 0.95, {"mix": 1.0})
    lots = [
        Lot.recorded(name, record, sources(), stock=stock, price=250_000, co2=0.4, recycled="post"),
        Lot.known(
            "offcuts", dict(zip(ELEMENTS, MEANS["doors"], strict=True)), stock=3.0, price=280_000, co2=0.5,
            recycled="pre",
        ),
        Lot.known("T-bar", {"Si": 0.0005, "Fe": 0.0012, "Cu": 0.0, "Mg": 0.0}, stock=None, price=400_000, co2=10.0,
                  recycled="none"),
    ]  # fmt: skip
    return Charge(ALLOY, lots, replace(furnace((name, "offcuts", "T-bar"))), risk)


def kept(**changed):
    return charge(Risk(0.01, "normal", 5_000), **changed)


def impossible(name="bale 1"):
    """Nothing but scrap with too much copper, and a little that is clean."""
    lots = [
        Lot.known(
            name, dict(zip(ELEMENTS, MEANS["mix"], strict=True)), stock=30.0, price=2e5, co2=0.4, recycled="post"
        ),
        Lot.known(
            "offcuts", dict(zip(ELEMENTS, MEANS["doors"], strict=True)), stock=3.0, price=3e5, co2=0.4, recycled="pre"
        ),
    ]  # fmt: skip
    none = Furnace(20.0, Energy(3.0, 2000.0, 0.05), yields={name: 0.96, "offcuts": 0.97})
    return Charge(ALLOY, lots, none)


def trial(grade=GRADE, **names):
    supplied = sources(**names)
    iron = {source.name: ForeignMatter(0.0012, 0.5, 0.1) for source in supplied}
    supplies = dict(zip((source.name for source in supplied), (4000.0, 3000.0, 500.0), strict=True))
    asked = GradeTest(grade, supplied, PLAN, supplies=supplies, foreign={"free_iron": iron}, alloy=ALLOY, shop=shop())
    return asked.run(6_000, seed=3)


def nobody_passes(result, name="nothing"):
    return result.again(replace(GRADE, name=name, upper={**GRADE.upper, "Fe": 1e-4}))


def information(*levels, yards=4):
    given = levels or (
        Information.none(), *(Information.of_record(share, 500.0) for share in (0.8, 0.95)),
        Information.of_record_and_assay(0.95, PLAN, 2500.0), Information.perfect(),
    )  # fmt: skip
    supplies = dict.fromkeys(MEANS, 1.0)
    return value_of_information(
        sources(), supplies, ALLOY, shop(lots_per_heat=6, heats=2_000), given, yards=yards, seed=2
    )


def design(**changed):
    names = tuple(source.name for source in sources())
    given = {
        "grade": replace(GRADE, free_iron=None, lower={}), "alloy": ALLOY, "sources": sources(), "plan": PLAN,
        "furnace": furnace(names), "supplies": dict.fromkeys(names, 3000.0),
        "prices": dict.fromkeys(names, 240_000.0), "co2": dict.fromkeys(names, 0.4), "demand": 10_000.0,
        "lots_per_heat": 4, "margin": 3.0, "levels": [0.6, 1.0, 1.5], "widening": [0.2, 1.0, 1.5, 2.0],
        "widened": ("Fe", "Cu"), "lots": 2_000, "heats": 200, **changed,
    }  # fmt: skip
    return CoDesign(**given)
