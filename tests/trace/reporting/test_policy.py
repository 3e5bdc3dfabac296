import math
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cesim.errors import InputError
from cesim.text.catalogue import has
from cesim.trace.entries import Actor
from cesim.trace.reporting.policies import Policies, from_mapping, honest, silent
from cesim.trace.reporting.policy import FIELDS, LIMITS, SHARES, Policy

ACTORS = (Actor("dismantlers mie", "dismantler"), Actor("casthouse aichi", "casthouse"), Actor("a pilot", "laundry"))


def faults(call, *args, **given):
    with pytest.raises(InputError) as caught:
        call(*args, **given)
    for fault in caught.value.faults:
        assert has(f"fault.{fault.code}.message", "en"), fault.code
        assert has(f"fault.{fault.code}.message", "ja"), fault.code
        assert "?" not in str(fault), fault
    return [(fault.code, str(fault.place)) for fault in caught.value.faults]


def test_without_arguments_a_policy_is_honest():
    policy = Policy()
    assert policy.coverage == 1
    assert policy.declaration == "FSD"
    assert not any(getattr(policy, name) for name in FIELDS if name not in ("coverage", "declaration"))


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("value", [-0.001, 1.001, 50])
def test_a_share_lies_from_0_to_1(name, value):
    assert faults(Policy, **{name: value}) == [("share_out_of_range", f"policy.{name}")]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"coverage": "all"}, ("need_number", "policy.coverage")),
        ({"coverage": True}, ("need_number", "policy.coverage")),
        ({"coverage": None}, ("need_number", "policy.coverage")),
        ({"delay_days": math.nan}, ("not_a_number", "policy.delay_days")),
        ({"bias_sd": math.inf}, ("not_a_number", "policy.bias_sd")),
        ({"bias_sd": -0.01}, ("policy_out_of_range", "policy.bias_sd")),
        ({"weighing_sd": 1.5}, ("policy_out_of_range", "policy.weighing_sd")),
        ({"delay_days": -1}, ("policy_out_of_range", "policy.delay_days")),
        ({"collusion": 0.1, "collusion_gain": -1}, ("policy_out_of_range", "policy.collusion_gain")),
        ({"declaration": "FDS"}, ("not_a_choice", "policy.declaration")),
        ({"declaration": 3}, ("not_a_choice", "policy.declaration")),
        ({"declaration": "FMD", "misc": 0.11}, ("policy_misc", "policy.misc")),
        ({"misc": 0.05}, ("policy_misc_declaration", "policy.misc")),
        ({"declaration": "none", "misc": 0.05}, ("policy_misc_declaration", "policy.misc")),
        ({"delay_spread": 1.0}, ("policy_needs", "policy.delay_spread")),
        ({"back_dated": 0.1}, ("policy_needs", "policy.back_dated")),
        ({"collusion": 0.1}, ("policy_needs", "policy.collusion")),
    ],
)
def test_what_a_policy_refuses(given, found):
    assert faults(Policy, **given) == [found]


def test_all_is_told_at_once():
    assert faults(Policy, coverage=2, swapped=-1, declaration="all") == [
        ("share_out_of_range", "policy.coverage"),
        ("not_a_choice", "policy.declaration"),
        ("share_out_of_range", "policy.swapped"),
    ]


@pytest.mark.parametrize("misc", [0.0, 0.1])
@pytest.mark.parametrize("declaration", ["FSR", "FMD"])
def test_the_limit_of_misc_is_allowed(declaration, misc):
    assert Policy(declaration=declaration, misc=misc).misc == misc


def test_an_exception_stands_before_the_role_and_the_role_before_the_rest():
    late, lost, none = Policy(delay_days=3), Policy(coverage=0.5), Policy(coverage=0)
    policies = Policies({"dismantler": late, "casthouse": lost}, {"dismantlers mie": none})
    assert [policies.of(actor) for actor in ACTORS] == [none, lost, Policy()]
    assert policies.of(Actor("dismantlers gifu", "dismantler")) == late
    assert [honest().of(actor).coverage for actor in ACTORS] == [1, 1, 1]
    assert [silent().of(actor).coverage for actor in ACTORS] == [0, 0, 0]


def test_a_mapping_builds_everyone_roles_and_actors_on_each_other():
    policies = from_mapping(
        {
            "everyone": {"delay_days": 2, "coverage": 0.9},
            "dismantler": {"coverage": 0.8},
            "actors": {"dismantlers mie": {"swapped": 0.1}, "casthouse aichi": {"coverage": 0}},
        },
        ACTORS,
    )
    assert policies.of(ACTORS[0]) == Policy(delay_days=2, coverage=0.8, swapped=0.1)
    assert policies.of(ACTORS[1]) == Policy(delay_days=2, coverage=0)
    assert policies.of(ACTORS[2]) == Policy(delay_days=2, coverage=0.9)
    assert policies.of(Actor("dismantlers gifu", "dismantler")) == Policy(delay_days=2, coverage=0.8)


def test_an_empty_mapping_is_honest_and_imported_roles_are_known():
    assert from_mapping({}, ACTORS) == honest()
    assert from_mapping({"laundry": {"coverage": 0.3}}, ACTORS).of(ACTORS[2]).coverage == 0.3


def test_a_mapping_is_refused_with_places_and_what_was_meant():
    given = {
        "dismantlr": {},
        "casthouse": {"coverge": 0.5, "swapped": 7},
        "press_shop": 0.5,
        "everyone": {"duplicate": "often"},
        "actors": {"dismantlers mei": {"coverage": -1}},
    }
    with pytest.raises(InputError) as caught:
        from_mapping(given, ACTORS)
    near = {str(fault.place): fault.arguments.get("nearest") for fault in caught.value.faults}
    assert near["dismantlr"] == "dismantler"
    assert near["casthouse.coverge"] == "coverage"
    assert near["actors.dismantlers mei"] == "dismantlers mie"
    assert faults(from_mapping, given, ACTORS) == [
        ("policy_actor_unknown", "actors.dismantlers mei"),
        ("share_out_of_range", "actors.dismantlers mei.coverage"),
        ("unknown_key", "casthouse.coverge"),
        ("share_out_of_range", "casthouse.swapped"),
        ("policy_role_unknown", "dismantlr"),
        ("need_number", "everyone.duplicate"),
        ("need_mapping", "press_shop"),
    ]


def test_a_fault_of_what_is_built_on_is_told_once_where_it_stands():
    given = {"everyone": {"coverage": 5}, "casthouse": {"swapped": 0.1}, "actors": {"casthouse aichi": {}}}
    assert faults(from_mapping, given, ACTORS) == [("share_out_of_range", "everyone.coverage")]


def test_what_does_not_go_together_is_told_where_one_of_the_two_stands():
    given = {"everyone": {"declaration": "FMD", "misc": 0.05}, "casthouse": {"declaration": "FSD"}}
    assert faults(from_mapping, given, ACTORS) == [("policy_misc_declaration", "casthouse.misc")]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FIELDS[:4], "actors", "casthouse", "everyone", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(anything)
def test_no_mapping_ends_in_anything_but_policies_or_faults(given):
    found = None
    try:
        policies = from_mapping(given, ACTORS)
    except InputError as error:
        found = [str(fault) for fault in error.faults]
    if found is None:
        assert isinstance(given, dict)
        assert all(isinstance(policies.of(actor), Policy) for actor in ACTORS)
    else:
        assert found
        assert all(found)


def test_exceptions_for_nobody_are_refused_when_the_actors_are_known():
    policies = Policies(exceptions={"dismantler mie": Policy()})
    assert faults(policies.checked, ACTORS) == [("policy_actor_unknown", "actors.dismantler mie")]
    Policies(exceptions={"a pilot": Policy()}).checked([SimpleNamespace(name="a pilot")])


PAGE = (Path(__file__).parents[3] / "docs" / "policies.md").read_text("utf-8")


def test_the_page_of_policies_has_every_key_with_its_limits_and_an_example_that_works():
    told = dict(re.findall(r"^\| `(\w+)` \|.*\| *([^|]*?) *\|$", PAGE, re.MULTILINE))
    assert tuple(told) == FIELDS
    limits = {**dict.fromkeys(SHARES, (0, 1)), "misc": (0, 0.1), **LIMITS}
    for name, span in told.items():
        assert span == ("" if name == "declaration" else f"{limits[name][0]:g} - {limits[name][1]:g}"), name
    example = yaml.safe_load(re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1])
    policies = from_mapping(example, ACTORS)
    assert policies.of(ACTORS[0]) == Policy(delay_days=3, delay_spread=1, weighing_sd=0.005, coverage=0)
    assert policies.of(ACTORS[1]) == Policy(delay_days=3, delay_spread=1)
