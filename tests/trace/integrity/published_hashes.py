"""Where the published documents and their hashes lie; none of them is ours to ship.

They are looked for in the folder that the environment variable CESIM_STANDARDS names, or in `../shared`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("CESIM_STANDARDS") or Path(__file__).parents[4] / "shared" / "reference" / "standards")
HASHED = sorted((FOLDER / "epcis_event_hash").glob("*.jsonld"))
EXAMPLES = sorted((FOLDER / "gs1_epcis" / "examples").rglob("*.jsonld"))
needs_standards = pytest.mark.skipif(not HASHED, reason="the published standards are not beside the checkout")


def reference():
    """The reference implementation (PyPI), or a skipped test."""
    import logging
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        json_to_py = pytest.importorskip("epcis_event_hash_generator.json_to_py")
        hash_generator = pytest.importorskip("epcis_event_hash_generator.hash_generator")

    def prehashes(document):
        logging.disable(logging.CRITICAL)
        json_to_py._namespaces.clear()  # else it remembers those of the document before
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                events = json_to_py.event_list_from_epcis_document_json(document)
                return hash_generator.derive_prehashes_from_events(events)
        finally:
            logging.disable(logging.NOTSET)

    return prehashes
