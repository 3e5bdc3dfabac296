"""No flow is ever hidden: geometry of the diagrams, computed from what stands in the page."""

import itertools
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.ledger.processes import SINKS
from cesim.report.losses import losses
from cesim.report.sankey_columns import arrange
from cesim.report.sankey_cut import CLASSES
from cesim.report.sankey_frame import frame_for
from cesim.report.sankey_graph import Graph, Link, graphs
from cesim.report.sankey_groups import ENTERING, LEAVING, ORDER, YARDS_TOGETHER, node_of, place
from cesim.report.sankey_labels import width_of
from cesim.report.sankey_layout import draw
from cesim.report.sankey_shapes import BOX, WIDTH, label_box
from cesim.report.sankey_svg import material_flow
from cesim.report.sankey_views import VIEWS, edges_of
from cesim.report.words import Words

INSET = 0.15
"""Coordinates are written to a tenth of a pixel in x and a hundredth in y."""


@pytest.fixture(scope="module", params=["aluminium", "plastics"])
def material(request):
    return request.param


@pytest.fixture(scope="module", params=["all", "elv"])
def flow(request, any_tables, material, lang):
    return material_flow(any_tables, material, Words(lang), only_elv=request.param == "elv")


@pytest.fixture(scope="module", params=VIEWS, ids=lambda view: "-".join(map(str, view)))
def diagram(request, any_tables, lang):
    view, only_elv = request.param
    return material_flow(any_tables, view, Words(lang), only_elv=only_elv)


@pytest.fixture(scope="module")
def whole(any_tables, material):
    return material_flow(any_tables, material, Words("en"))


def outline(path: str, steps: int = 24) -> list[tuple[float, float]]:
    """Points along a path of M, L, C, A and Z commands."""
    points: list[tuple[float, float]] = []
    for command, numbers in re.findall(r"([MLCAZ])([^MLCAZ]*)", path):
        n = [float(x) for x in re.findall(r"-?\d+\.?\d*", numbers)]
        if command in "ML":
            points.append((n[0], n[1]))
        elif command == "C":
            points += [bezier(points[-1], n, i / steps) for i in [*range(1, steps)]] + [(n[4], n[5])]
        elif command == "A":
            points += arc(points[-1], n, steps)
    return points


def bezier(start, n, t):
    s = 1 - t
    return tuple(s**3 * start[k] + 3 * s * s * t * n[k] + 3 * s * t * t * n[2 + k] + t**3 * n[4 + k] for k in (0, 1))


def arc(start, n, steps):
    """A quarter of a circle: the centre is the corner that the sweep flag chooses."""
    end = (n[5], n[6])
    dx, dy = end[0] - start[0], end[1] - start[1]
    corners = [(start[0], end[1]), (end[0], start[1])]
    centre = next(
        c
        for c in corners
        if ((start[0] - c[0]) * (end[1] - c[1]) - (start[1] - c[1]) * (end[0] - c[0]) > 0) == bool(n[4])
    )
    a = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = math.pi / 2 * (1 if n[4] else -1)
    assert abs(abs(dx) - abs(dy)) < 0.2, "not a quarter circle"
    return [
        (centre[0] + abs(dx) * math.cos(a + turn * i / steps), centre[1] + abs(dy) * math.sin(a + turn * i / steps))
        for i in range(1, steps)
    ] + [end]


def inside(point, polygon) -> bool:
    x, y = point
    hit = False
    for (x0, y0), (x1, y1) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            hit = not hit
    return hit


def hidden(drawing) -> list[tuple[str, str, str]]:
    """(source, target, box) of every ribbon that shares any area with a box; its own ends may only touch."""
    found = []
    for ribbon in drawing.ribbons:
        points = outline(ribbon.path)
        for box in drawing.boxes:
            x0, y0, x1, y1 = box.x + INSET, box.y + INSET, box.x + BOX - INSET, box.y + box.height - INSET
            if y1 <= y0:
                continue
            enters = any(x0 < x < x1 and y0 < y < y1 for x, y in points)
            passes = any(
                min(a[0], b[0]) < x0 and max(a[0], b[0]) > x1 and y0 < a[1] + (b[1] - a[1]) / 2 < y1
                for a, b in itertools.pairwise(points)
            )
            covers = inside(((x0 + x1) / 2, (y0 + y1) / 2), points)
            if enters or passes or covers:
                found.append((ribbon.link.source, ribbon.link.target, box.node))
    return found


def apart(a, b, slack=0.01) -> bool:
    return a[2] <= b[0] + slack or b[2] <= a[0] + slack or a[3] <= b[1] + slack or b[3] <= a[1] + slack


def boxes_and_labels(drawing) -> list[tuple[float, float, float, float]]:
    return [(b.x, b.y, b.x + BOX, b.y + b.height) for b in drawing.boxes] + [label_box(b) for b in drawing.boxes]


def collisions(drawing) -> int:
    areas = boxes_and_labels(drawing)
    return sum(not apart(a, b) for i, a in enumerate(areas) for b in areas[i + 1 :])


def test_no_flow_passes_behind_a_box(diagram):
    for year in diagram.years:
        assert hidden(year.drawing) == []


def test_boxes_and_labels_do_not_overlap(diagram):
    for year in diagram.years:
        assert collisions(year.drawing) == 0


def test_every_label_stands_on_a_pale_ground_of_its_own(diagram):
    for year in diagram.years:
        plates = re.findall(r'<rect class="p" x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"', year.svg)
        assert len(plates) == len(year.drawing.boxes)
        assert year.svg.rindex("<path") < year.svg.index('<rect class="p"'), "diagrams are drawn before labels"
        for (x, y, wide, high), box in zip(plates, year.drawing.boxes, strict=True):
            x0, y0, x1, y1 = label_box(box)
            assert x0 - 0.1 <= float(x)
            assert float(x) + float(wide) <= x1 + 0.1
            assert float(wide) >= min(max(width_of(line) for line in box.label), x1 - x0) - 0.1
            assert (float(y), float(high)) == pytest.approx((y0, y1 - y0), abs=0.1)


def test_few_columns_are_spread_over_the_page(diagram):
    for year in diagram.years:
        assert year.drawing.width >= WIDTH - 1


def test_everything_is_inside_the_picture(diagram):
    for year in diagram.years:
        d = year.drawing
        for x0, y0, x1, y1 in boxes_and_labels(d):
            assert x0 >= 0
            assert x1 <= d.width
            assert d.top <= y0
            assert y1 <= d.bottom
        for ribbon in d.ribbons:
            for x, y in outline(ribbon.path):
                assert 0 <= x <= d.width
                assert d.top <= y <= d.bottom


def edge_span(points, x) -> tuple[float, float]:
    ys = [y for px, y in points if abs(px - x) < 0.06]
    return min(ys), max(ys)


def test_in_equals_out_and_fills_each_box(diagram):
    for year in diagram.years:
        drawing = year.drawing
        into, out = year.graph.sums()
        spans: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for ribbon in drawing.ribbons:
            points = outline(ribbon.path)
            half = len(points) // 2
            boxes = {b.node: b for b in drawing.boxes}
            start, end = boxes[ribbon.link.source], boxes[ribbon.link.target]
            ends = [points[0], points[-1]], [p for p in points[half - 3 : half + 3] if abs(p[0] - end.x) < 0.06]
            spans.setdefault((start.node, "out"), []).append((min(p[1] for p in ends[0]), max(p[1] for p in ends[0])))
            spans.setdefault((end.node, "in"), []).append((min(p[1] for p in ends[1]), max(p[1] for p in ends[1])))
        for box in drawing.boxes:
            if box.node in into and box.node in out:
                assert into[box.node] == pytest.approx(out[box.node], rel=1e-5)
            for side in ("in", "out"):
                parts = sorted(spans.get((box.node, side), []))
                if not parts:
                    continue
                assert parts[0][0] == pytest.approx(box.y, abs=0.03)
                assert max(p[1] for p in parts) == pytest.approx(box.y + box.height, abs=0.05)
                for (_, low), (high, _) in itertools.pairwise(parts):
                    assert high == pytest.approx(low, abs=0.03)


def test_every_flow_above_the_threshold_is_drawn(any_tables, whole):
    regions, flow = set(any_tables.focus_regions), whole
    table = any_tables.flows[any_tables.flows["material"] == flow.material]
    nodes = {p: node_of(p, flow.material) for p in {*table["process_from"].unique(), *table["process_to"].unique()}}
    if flow.material == "aluminium":
        nodes = {p: YARDS_TOGETHER.get(node, node) for p, node in nodes.items()}
    table = table.assign(
        kind=table["origin"].map(CLASSES),
        process_from=table["process_from"].map(nodes).replace("in_use", LEAVING),
        process_to=table["process_to"].map(nodes).replace("in_use", ENTERING),
    )
    for year in flow.years:
        drawn = {
            (r.link.source.split("@")[0], r.link.target.split("@")[0], r.kind): r.mass for r in year.drawing.ribbons
        }
        here = table[(table["year"] == year.year) & table["region"].isin(regions) & table["region_to"].isin(regions)]
        sums = here.groupby(["process_from", "process_to", "kind"])["mean"].sum()
        checked = 0
        for (source, target, kind), mass in sums.items():
            if mass < flow.threshold_t or source == target:
                continue
            assert drawn[source, target, kind] == pytest.approx(mass)
            checked += 1
        assert checked > 12


def test_what_crosses_the_border_of_the_focus_is_the_difference(any_tables, whole):
    """All that is drawn into the focus equals all that enters it in the table, markets by their sums."""
    regions, table = set(any_tables.focus_regions), any_tables.flows
    for year in whole.years:
        into, out = year.graph.sums()
        here = table[(table["material"] == whole.material) & (table["year"] == year.year)]
        registered = here[(here["process_to"] == "in_use") & here["region_to"].isin(regions)]
        market = registered[registered["process_from"] != "used_car_market"]
        from_assembly = sum(link.mass for link in year.graph.links if link.target == ENTERING) - sum(
            link.mass for link in year.graph.links if (link.source, link.target) == ("others_from_late", ENTERING)
        )
        assert from_assembly == pytest.approx(market["mean"].sum(), rel=1e-6)
        ends = sum(out.get(n, 0.0) - into.get(n, 0.0) for n in {*into, *out})
        assert abs(ends) < 1e-6 * max(into.values())


def test_nothing_that_leaves_use_is_missing(any_tables, flow):
    tables = any_tables
    regions = set(tables.focus_regions)
    table = tables.flows
    for year in flow.years:
        here = table[
            (table["material"] == flow.material) & (table["year"] == year.year) & table["region"].isin(regions)
        ]
        leaving = here[here["process_from"] == "in_use"]
        market = leaving["process_to"] == "used_car_market"  # some of these stay in the focus
        drawn = year.graph.sums()[1][LEAVING]
        assert drawn <= leaving["mean"].sum() * (1 + 1e-9)
        away = sum(link.mass for link in year.graph.links if (link.source, link.target) == (LEAVING, "others_to_early"))
        assert drawn - away == pytest.approx(leaving.loc[~market, "mean"].sum())
        assert away <= leaving.loc[market, "mean"].sum() * (1 + 1e-9)
        assert sum(r.mass for r in year.drawing.ribbons) == pytest.approx(sum(link.mass for link in year.graph.links))


def test_years_share_one_scale(diagram):
    assert len({year.drawing.per_tonne for year in diagram.years}) == 1


EDGES = [(a, b) for a in ORDER for b in ORDER if a not in (b, ENTERING) and b != LEAVING]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(EDGES), st.floats(0.001, 1000), st.sampled_from(["primary", "elv"])),
        min_size=1,
        max_size=40,
        unique_by=lambda edge: edge[0],
    )
)
def test_any_graph_is_drawn_without_hiding_anything(edges):
    graph = Graph(tuple(Link(a, b, ((kind, mass),)) for (a, b), mass, kind in edges), {}, 0.0)

    def label(graph, node):
        return ("name", "1 t")

    frame = frame_for(arrange([graph]), [graph], label)
    drawing = draw(frame, graph, label, str)
    assert len(drawing.ribbons) == len(edges)
    assert hidden(drawing) == []
    assert collisions(drawing) == 0


def test_order_knows_every_place():
    assert [place(node) for node in ORDER] == list(range(len(ORDER)))
    assert place("energy_recovery@new_scrap") == place("energy_recovery")


def test_the_diagrams_stay_readable(any_tables, flow):
    for year in flow.years:
        assert len(year.drawing.boxes) <= 34


def test_only_stocks_explain_a_difference(real_tables, material):
    """No node but the yard of new scrap takes up or gives off anything: a hidden imbalance would show here."""
    for graph in graphs(real_tables, material).values():
        kept = {
            link.target if "stock" in link.target else link.source
            for link in graph.links
            if "stock" in link.target + link.source
        }
        assert kept <= {"stock_into@new_scrap", "stock_from@new_scrap"}


@pytest.mark.parametrize(
    ("process", "told_apart", "over_all_alloys"),
    [
        ("melting.6016", "melting_6xxx", "made_6xxx"),
        ("melting.7xxx", "melting_wrought", "made_wrought"),
        ("part_making.ADC12", "melting_cast", "made_cast"),
        ("melt_down.part-6061", "grade_part_alloy", "scrap_part"),
        ("scrap_yard.part-mixed", "grade_part_mixed", "scrap_part"),
        ("scrap_yard.wheels", "grade_part_cast", "scrap_part"),
        ("melt_down.sorted-6016", "grade_shred_alloy", "scrap_shred"),
        ("melt_down.shred-wrought", "grade_shred_mixed", "scrap_shred"),
        ("melt_down.new-6016", "new_scrap", "new_scrap"),
        ("melt_down.sash.6063", "other_scrap_supply", "other_scrap_supply"),
        ("take_back", "dismantling", "dismantling"),
        ("new_car_market", "assembly", "assembly"),
        ("scrap_yard.unheard-of", "scrap_yard", "scrap_yard"),
    ],
)
def test_processes_are_gathered(process, told_apart, over_all_alloys):
    assert node_of(process, "aluminium_6xxx") == told_apart
    assert node_of(process, "aluminium") == over_all_alloys


@pytest.mark.parametrize("material", ["aluminium", "plastics"])
def test_no_outlet_swallows_another(any_tables, material):
    """Every end of the system has a node of its own, with its own tonnes, but for dross and burnt paint."""
    year = any_tables.main_year
    into: dict[str, float] = {}
    for (_, target, _), mass in edges_of(any_tables, material, year).items():
        into[target] = into.get(target, 0.0) + mass
    flows = any_tables.flows
    flows = flows[(flows["year"] == year) & (flows["material"] == material)]
    flows = flows[flows["region"].isin(any_tables.focus_regions) & flows["process_to"].isin(SINKS - {"new_car_export"})]
    ends = flows["process_to"].replace({"coating_burnt": "dross"} if material == "aluminium" else {})
    sums = flows["mean"].groupby(ends).sum()
    assert len(sums) > 4
    for outlet, mass in sums.items():
        assert into[outlet] == pytest.approx(mass), outlet


def test_the_6000_series_diagram_is_the_account_of_losses(any_tables):
    account = losses(any_tables, "aluminium_6xxx", any_tables.main_year)
    through = graphs(any_tables, "aluminium_6xxx", only_elv=True)[any_tables.main_year].throughput()
    told = {fate.outlet: fate.mass for fate in account.fates}
    assert through["melting_6xxx"] == pytest.approx(account.back)
    assert through["melting_cast"] == pytest.approx(told["cascade"])
    assert through["used_car_export"] == pytest.approx(told["used_car_export"])


def test_a_diagram_has_no_more_nodes_than_an_eye_can_follow(any_tables):
    for view, only_elv, most in (
        ("aluminium_6xxx_returned", True, 22), ("aluminium_6xxx", True, 20), ("aluminium", True, 22),
        ("aluminium", False, 24), ("plastics", True, 22), ("plastics", False, 26),
    ):  # fmt: skip
        for graph in graphs(any_tables, view, only_elv=only_elv).values():
            assert len(graph.throughput()) <= most, view
