"""How a validator says what is wrong, and where below itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Path = tuple[str | int, ...]


class ModelFault(ValueError):  # noqa: N818 -- named as the fault it becomes
    """Something wrong in a model or a value, raised inside a pydantic validator.

    Parameters
    ----------
    code
        The code of the fault; its words stand in `cesim.text` under ``fault.<code>``.
    path
        Where, relative to the model or value whose validator raises: ``("shares", "landfill")`` or
        ``"shares.landfill"``. The fault is shown at that line of the file; where the path leads nowhere,
        at the last part of it that exists.
    arguments
        What the words need.
    because
        Other paths that make it wrong together with `path`: the fault is shown at the one written last, on the
        command line or in the file itself rather than in a file it extends.
    """

    def __init__(
        self,
        code: str,
        path: str | Path = (),
        arguments: Mapping[str, object] | None = None,
        because: Iterable[Path] = (),
    ) -> None:
        self.code = code
        self.because = tuple(because)
        self.path: Path = tuple(path.split(".")) if isinstance(path, str) and path else tuple(path)
        self.arguments: Mapping[str, object] = arguments or {}
        super().__init__(code)

    def below(self, path: Path) -> ModelFault:
        """Return the same fault seen from `path` further up."""
        because = [(*path, *other) for other in self.because]
        return ModelFault(self.code, (*path, *self.path), self.arguments, because)


class ModelFaults(ValueError):  # noqa: N818 -- named as the faults it becomes
    """Several faults that one validator found."""

    def __init__(self, faults: Iterable[ModelFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(fault.code for fault in self.faults))


def raise_all(faults: Iterable[ModelFault]) -> None:
    """Raise the faults, if there are any."""
    found = tuple(faults)
    if len(found) == 1:
        raise found[0]
    if found:
        raise ModelFaults(found)
