"""Documents from bytes, safely: what comes back is plain JSON (RFC 8259) that everybody reads the same way.

Refused, each with its place: more bytes than allowed; another encoding than UTF-8 (a byte order mark is passed over);
text that ends too early or is no JSON; objects and lists within one another deeper than allowed; a name twice in one
object; `NaN`, `Infinity` and numbers that no 64-bit float holds; half a surrogate pair. Whole numbers of more than
64 bits come as floats.

A sound document is read by a fast library and then walked once, to measure its depth and to count its names: a name
that stands twice is lost in reading, so there are fewer names than colons outside texts. Whatever is not plainly sound
is read again with care, which finds the reasons and their places.

A name that stands twice leaves open which value is meant; one of GS1's own examples has such an event id. Who only
looks may ask for a remark instead of a refusal; who takes the data over should not.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError, Place
from cesim.trace.standards.careful import read_with_care

if TYPE_CHECKING:
    import os

LARGEST: Final = 256_000_000
"""Bytes of a document."""
DEEPEST: Final = 64
"""Objects and lists within one another; what the standard itself asks for needs about ten."""
_DEEPEST_OF_ALL: Final = 400
_MARK: Final = b"\xef\xbb\xbf"
_ESCAPED_COLONS: Final = (b"\\u003a", b"\\u003A")


def read_document(
    data: bytes,
    *,
    file: str | None = None,
    largest: int = LARGEST,
    deepest: int = DEEPEST,
    remarks: list[Fault] | None = None,
) -> object:
    """Return the value that the bytes of a JSON document hold.

    Parameters
    ----------
    data
        UTF-8, with or without byte order mark.
    file
        The name that places of faults carry.
    largest
        Bytes allowed.
    deepest
        Objects and lists allowed within one another, at most 400.
    remarks
        Where given, a name that stands twice is noted here (``json_name_twice``) and its last value taken, as most
        readers do; otherwise it is refused.

    Raises
    ------
    InputError
        ``json_too_large``, ``json_not_utf8``, ``json_empty``, ``json_ends_early``, ``json_broken``, ``json_too_deep``,
        ``json_name_twice``, ``json_not_a_number``, ``json_number_too_large``, ``json_half_a_sign``.
    """
    if not 1 <= deepest <= _DEEPEST_OF_ALL:
        raise ValueError(f"deepest is {deepest}; 1 to {_DEEPEST_OF_ALL} can be checked")
    if len(data) > largest:
        raise InputError([_too_large(file, largest)])
    body = data[len(_MARK) :] if data.startswith(_MARK) else data
    if not any(sign in body for sign in _ESCAPED_COLONS):
        sound, tree = _quickly(body, deepest)
        if sound:
            return tree
    return read_with_care(body, file, deepest, remarks)


def read_document_file(
    path: str | os.PathLike[str],
    *,
    largest: int = LARGEST,
    deepest: int = DEEPEST,
    remarks: list[Fault] | None = None,
) -> object:
    """Return the value of a JSON file; of a larger file no more than the limit is ever read.

    Raises
    ------
    InputError
        ``no_such_file``, ``json_is_folder``, ``cannot_read``, and those of `read_document`.
    """
    file = str(path)
    try:
        if Path(path).is_dir():
            raise InputError([Fault("json_is_folder", Place(file))])
        if Path(path).exists() and not Path(path).is_file():
            raise InputError([Fault("no_plain_file", Place(file))])
        with Path(path).open("rb") as stream:
            data = stream.read(largest + 1)
    except FileNotFoundError:
        raise InputError([Fault("no_such_file", Place(file))]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Fault("cannot_read", Place(file), {"found": reason})]) from None
    return read_document(data, file=file, largest=largest, deepest=deepest, remarks=remarks)


def _too_large(file: str | None, largest: int) -> Fault:
    return Fault("json_too_large", Place(file), {"allowed": f"{largest:,} B"})


def _quickly(body: bytes, deepest: int) -> tuple[bool, Any]:
    """Return whether the bytes are plainly sound, and what they hold."""
    import orjson

    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False, None
    return _sound(tree, body.count(b":"), deepest), tree


def _sound(tree: Any, colons: int, deepest: int) -> bool:
    """Say whether no name was lost in reading and nothing lies too deep.

    Every colon of the bytes stands behind a name or within a text. Where a name stands twice, its colon and those of
    what it named are gone from the tree.
    """
    level, depth, seen = [tree] if isinstance(tree, dict | list) else [], 0, 0
    if isinstance(tree, str):
        seen = tree.count(":")
    while level:
        depth += 1
        if depth > deepest:
            return False
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                seen += len(node) + "".join(node).count(":")
            for value in node.values() if type(node) is dict else node:
                if type(value) is str:
                    seen += value.count(":")
                elif type(value) is dict or type(value) is list:
                    below.append(value)
        level = below
    return seen == colons
