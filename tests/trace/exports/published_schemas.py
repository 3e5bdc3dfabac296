"""The published schemas, where they lie beside the checkout; none of them is ours to ship.

They are looked for in the folder that the environment variable CESIM_STANDARDS names, or in `../shared`.
"""

import json
import os
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("CESIM_STANDARDS") or Path(__file__).parents[4] / "shared" / "reference" / "standards")
EPCIS = FOLDER / "gs1_epcis" / "schema" / "EPCIS-JSON-Schema.json"
OURANOS = FOLDER / "ouranos" / "openapi.yaml"
MODELS = {
    "RecyclingBatch": "material_accounting",
    "RecyclingInformation": "material_accounting",
    "Material": "material_accounting",
    "SecondaryMaterialContentVerifiable": "secondary_material_content_verifiable",
}
OBJECTS = {
    "operator": "OperatorModel",
    "plant": "PlantModel",
    "parts": "PartsModel",
    "partsStructure": "PartsStructureModel",
    "tradeRequest": "TradeRequestModel",
    "cfp": "CfpModel",
}
needs_standards = pytest.mark.skipif(not EPCIS.exists(), reason="the published standards are not beside the checkout")


def _rs():
    return pytest.importorskip("jsonschema_rs")


@cache
def epcis():
    return _rs().validator_for(json.loads(EPCIS.read_text(encoding="utf-8")), validate_formats=True)


@cache
def catenax(aspect):
    path = FOLDER / "catenax" / f"io.catenax.{MODELS[aspect]}" / "1.0.0" / f"{aspect}-schema.json"
    return _rs().validator_for(json.loads(path.read_text(encoding="utf-8")), validate_formats=True)


@cache
def _components():
    import yaml

    return _nullable(yaml.safe_load(OURANOS.read_text(encoding="utf-8"))["components"])


@cache
def ouranos(kind):
    schema = {"$ref": f"#/components/schemas/traceability.{OBJECTS[kind]}", "components": _components()}
    return _rs().Draft202012Validator(schema, validate_formats=True)  # older drafts know no uuid


def _nullable(node):
    """OpenAPI 3.0 says `nullable` where JSON schema says `null`."""
    if isinstance(node, list):
        return [_nullable(one) for one in node]
    if not isinstance(node, dict):
        return node
    inner = {name: _nullable(value) for name, value in node.items()}
    return {"anyOf": [inner, {"type": "null"}]} if inner.pop("nullable", False) is True else inner


def faults_of(validator, document):
    """What the schema says against a document, the first few."""
    return [str(fault)[:300] for fault, _ in zip(validator.iter_errors(document), range(3), strict=False)]
