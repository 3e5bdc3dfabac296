"""Faults that a model finds by itself land on the line they are about."""

from __future__ import annotations

from typing import Self

import pytest
from pydantic import model_validator

from cesim.errors import InputError
from cesim.scenario import Label, ModelFault, ModelFaults, Part, Several, load


class Inner(Part):
    into: Several[Label]
    shares: dict[str, float]


class Outer(Part):
    inner: Inner
    codes: str

    @model_validator(mode="after")
    def refuses(self) -> Self:
        paths = [tuple(path.split("/")) for path in self.codes.split()]
        raise ModelFaults(ModelFault("unknown_name", path, {"found": path[-1]}) for path in paths)


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ("inner", 1, 1),
        ("inner/into", 2, 3),
        ("inner/into/PP", 2, 14),
        ("inner/into/XX", 2, 3),
        ("inner/shares/b", 5, 5),
        ("inner/shares/none", 3, 3),
        ("nowhere", 1, 1),
    ],
)
def test_a_model_points_at_keys_items_and_names(tmp_path, path, line, column):
    file = tmp_path / "x.yaml"
    text = f"inner:\n  into: [PE, PP]\n  shares:\n    a: 1\n    b: 2\ncodes: {path}\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(file, Outer)
    (fault,) = caught.value.faults
    assert (fault.place.line, fault.place.column) == (line, column)


def test_several_faults_of_one_validator_are_all_told(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text(
        "inner:\n  into: []\n  shares: {a: 1, b: 2}\ncodes: inner/shares/a inner/shares/b\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        load(file, Outer)
    assert [fault.arguments["found"] for fault in caught.value.faults] == ["a", "b"]
