"""Where scenarios are looked up: beside the file that names them, then among those that ship with cesim."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ENDINGS: Final = (".yaml", ".yml")
WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""Of these only the first two can be read; the others are told apart from texts."""
_FILES: Final = (*ENDINGS, *WORKBOOKS)


def shipped_folder() -> Path | None:
    """Return the folder of the shipped scenarios: in the package where installed, in the checkout otherwise."""
    package = Path(__file__).resolve().parent.parent
    return next((place for place in (package / "scenarios", package.parent / "scenarios") if place.is_dir()), None)


def find(name: str, beside: Path) -> Path | None:
    """Return the file of a scenario named by a path relative to `beside` or by a bare name; else nothing.

    The ending may be left out. What is not found beside the file is looked up among the shipped scenarios.
    """
    spelled = (name,) if name.lower().endswith(_FILES) else tuple(f"{name}{ending}" for ending in ENDINGS)
    for shelf in (place for place in (beside, shipped_folder()) if place is not None):
        for file in spelled:
            try:
                if (path := shelf / file).is_file():
                    return _short(path)
            except (OSError, ValueError):  # a name the file system refuses is a name nothing is filed under
                return None
    return None


def shipped(name: str) -> Path | None:
    """Return the file of the scenario that ships under a bare name, else nothing."""
    shelf = shipped_folder()
    found = None if shelf is None or is_path(name) else find(name, shelf)
    return found if found is not None and found.stem == name else None


def hides(file: Path, name: str) -> Path | None:
    """Return the shipped scenario that is meant by a bare name elsewhere and hidden by `file` here, else nothing."""
    found = shipped(name)
    return None if found is None or found.resolve() == file.resolve() else found


def is_path(name: str) -> bool:
    """Say whether a name is a path (`../base.yaml`), not a bare name (`chubu-baseline`)."""
    return name.lower().endswith(_FILES) or "/" in name or os.sep in name


def names(beside: Path) -> tuple[str, ...]:
    """Return the bare names that can be extended from a folder, shipped ones included."""
    found = {
        path.stem for shelf in (beside, shipped_folder()) if shelf is not None for path in _files_in(shelf, ENDINGS)
    }
    return tuple(sorted(found))


def paths(beside: Path, name: str) -> tuple[str, ...]:
    """Return the existing paths in the folder that the path `name` points into, spelled as `name` is."""
    folder = Path(name).parent
    return tuple(sorted(str(folder / path.name) for path in _files_in(beside / folder, _FILES)))


def _files_in(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix.lower() in endings]
    except (OSError, ValueError):
        return []


def _short(path: Path) -> Path:
    """Return a path as a person would type it: relative to where they stand, if it is below."""
    clean = Path(os.path.normpath(path))
    try:
        return clean.relative_to(Path.cwd()) if clean.is_absolute() else clean
    except ValueError:
        return clean
