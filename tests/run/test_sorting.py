"""What a user expects of the levers of sorting, on the whole model."""

import pytest

from cesim.indicators import INDICATORS
from cesim.run import simulate
from cesim.scenario import open_scenario

H1, POST, PRIMARY = "h1_horizontal_rate_6xxx", "recycled_content_6xxx_post", "primary_demand"


@pytest.fixture(scope="module")
def told(short_years):
    """Best estimate of the last year by setting."""

    def of(**settings):
        frame = simulate(open_scenario("tutorial", {**short_years, **settings}), draws=1).indicators
        frame = frame[(frame["year"] == frame["year"].max()) & (frame["region"] == "all")].set_index("indicator")[
            "best"
        ]
        return {name: float(frame[name]) for name in (H1, POST, PRIMARY)}

    assert {H1, POST, PRIMARY} <= set(INDICATORS)
    return {
        "as it is": of(),
        "sorted": of(**{"sorting.share": 0.9}),
        "nothing ejected": of(**{"sorting.share": 0.9, "sorting.recovery": 0.0}),
    }


def test_more_sorting_raises_recycled_content_with_the_rate_and_saves_primary(told):
    less, more = told["as it is"], told["sorted"]
    assert more[H1] > 2 * less[H1]
    assert more[POST] > less[POST]
    assert more[PRIMARY] < less[PRIMARY]


def test_sorting_that_ejects_nothing_brings_less_back(told):
    assert told["nothing ejected"][H1] < told["sorted"][H1] / 2
