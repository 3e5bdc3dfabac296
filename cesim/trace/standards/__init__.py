"""Documents of public standards, read safely and checked: EPCIS 2.0 in JSON and JSON-LD."""

from cesim.trace.standards.epcis import STRICTER, check_epcis, refuse_wrong_epcis
from cesim.trace.standards.reading import DEEPEST, LARGEST, read_document, read_document_file

__all__ = [
    "DEEPEST",
    "LARGEST",
    "STRICTER",
    "check_epcis",
    "read_document",
    "read_document_file",
    "refuse_wrong_epcis",
]
