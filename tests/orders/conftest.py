"""The example order, quick to answer, with changes at dotted paths."""

import pytest
import yaml

from cesim.cli.main import main
from cesim.orders.starter import example, write_workbook

QUICK = {
    "trial.lots": 20_000,
    "risk.heats": 5_000,
    "risk.method": "none",
    "knowledge.yards": 8,
    "knowledge.records": [0.9, 0.99],
    "design.levels.points": 4,
    "design.widening.points": 3,
    "design.lots": 4_000,
    "design.heats": 200,
    "expect": None,
}


def change(tree, changes):
    for path, value in changes.items():
        *steps, last = path.split("/") if "/" in path else path.split(".")
        held = tree
        for step in steps:
            held = held[step]
        if value is None:
            held.pop(last, None)
        else:
            held[last] = value
    return tree


@pytest.fixture
def order(tmp_path):
    """Write the quick example as YAML or workbook, with changes (`a.b` or `a/b c`; None takes a key away)."""

    def write(changes=None, ending="yaml"):
        tree = change(change(example(), QUICK), changes or {})
        path = tmp_path / f"order.{ending}"
        if ending == "yaml":
            path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
        else:
            write_workbook(path, tree, "ja")
        return path

    return write


@pytest.fixture
def asked(capsys):
    """Run a command in English: exit code, output, errors."""

    def run(*words):
        code = main([str(word) for word in words] + ["--lang", "en"])
        out = capsys.readouterr()
        return code, out.out, out.err

    return run
