"""`lock.json`: what made a study, so that nothing else is ever added to it."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

import cesim
from cesim.errors import Fault, InputError, Place
from cesim.sweep.solving import Shape
from cesim.sweep.store.provenance import code_digest, git_state, packages
from cesim.sweep.store.whole import LOCK, no_lock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KIND: Final = "sweep"
_STUDY: Final = ("engine", "seed", "design", "columns", "alternatives", "shape", "units")
"""What must be the same besides the study's hash; named in the fault, so that a reader sees what differs."""
_ALTERNATIVE: Final = ("name", "scenario_hash", "levers")
"""What makes an alternative; where its file stood, and how it is called in words, is information."""


@dataclass(frozen=True)
class Lock:
    """What made a study. What is given by nobody is what the program that runs now has.

    Attributes
    ----------
    study
        ``hash`` and ``text`` of the study as resolved; the hash leaves out what an extension may change
    alternatives
        ``name``, ``file``, ``scenario_hash``, ``levers`` {path: value} and ``names`` {ja, en} of each, in order
    engine, seed, design
        how runs are answered, the study's seed, and what the design is (``kind`` and what it is made with)
    columns
        ``stream`` and ``factor`` of each column of the design, in order
    shape, units
        how runs are numbered and what each leaves; the unit of each indicator
    data_hash
        of the sourced tables (`cesim.data.digest`)
    part
        runs of a part of the results
    shard
        which share of the runs is here, ``(i, n)`` with i from 1; nothing for all of them
    cesim, code, git, python, packages
        the program: its version, the digest of its files, its checkout, and what it stood on
    """

    study: Mapping[str, str]
    alternatives: tuple[Mapping[str, Any], ...]
    engine: str
    seed: int
    design: Mapping[str, Any]
    columns: tuple[Mapping[str, Any], ...]
    shape: Shape
    units: Mapping[str, str]
    data_hash: str
    part: int = 1024
    shard: tuple[int, int] | None = None
    cesim: str = cesim.__version__
    code: str = field(default_factory=code_digest)
    git: Mapping[str, Any] | None = field(default_factory=git_state)
    python: str = field(default_factory=platform.python_version)
    packages: Mapping[str, str] = field(default_factory=packages)

    def as_json(self) -> str:
        """Return the file's text; the same lock gives the same text."""
        return json.dumps({"kind": KIND, **asdict(self)}, ensure_ascii=False, indent=1) + "\n"


def read_lock(folder: Path) -> Lock:
    """Read what made a study.

    Raises
    ------
    InputError
        ``sweep_no_store`` where the folder holds no study, ``sweep_no_folder``, ``sweep_is_file`` where there is none,
        ``sweep_lock_missing`` and ``sweep_lock_damaged`` where its `lock.json` was lost or is none, ``cannot_read``
    """
    file = folder / LOCK
    if not file.exists():
        raise no_lock(folder)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError([Fault("cannot_read", Place(str(file)), {"found": error.strerror or str(error)})]) from error
    try:
        found = json.loads(content.decode("utf-8"))
        if (kind := found.pop("kind")) != KIND and isinstance(kind, str):
            raise InputError([Fault("sweep_no_store", Place(str(folder)), {"found": str(folder)})])
        shape = {name: _tupled(value) for name, value in found.pop("shape").items()}
        told = {name: _tupled(found.pop(name)) for name in (item.name for item in fields(Lock)) if name != "shape"}
        return _checked(Lock(shape=Shape(**shape), **told))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError([Fault("sweep_lock_damaged", Place(str(file)), {"size": f"{len(content):,}"})]) from error


def same(lock: Lock, other: Lock, folder: Path | None = None, shard: bool = True) -> tuple[Fault, ...]:
    """Return why runs made under `other` may not be added to a study made under `lock`; nothing where they may.

    Python and the checkout are information: they are not compared. Nor is the length of a part, which is the store's.

    Parameters
    ----------
    lock, other
        of the store, and of whoever wants to write to it
    folder
        of the store, for the faults' place
    shard
        whether both must be of the same share of the runs
    """
    place = Place(str(folder)) if folder is not None else Place()
    faults = []
    here, there = _plain(lock), _plain(other)
    differing = [name for name in _STUDY if here[name] != there[name]]
    other_program = lock.cesim != other.cesim or lock.code != other.code  # which may have another way to take the hash
    if lock.study.get("hash") != other.study.get("hash") and not (other_program and _text(lock) == _text(other)):
        differing.insert(0, "study")
    if differing:
        faults.append(Fault("sweep_other_study", place, {"found": differing}))
    if shard and lock.shard != other.shard:
        faults.append(_other_share(lock, other, place))
    if lock.cesim != other.cesim:
        faults.append(Fault("sweep_other_version", place, {"found": lock.cesim, "own": other.cesim}))
    elif lock.code != other.code:
        faults.append(Fault("sweep_other_code", place, {"found": _checkout(lock), "own": _checkout(other)}))
    if changed := _versions(lock.packages, other.packages):
        faults.append(Fault("sweep_other_packages", place, {"found": changed}))
    if lock.data_hash != other.data_hash:
        faults.append(Fault("sweep_other_data", place, {"found": lock.data_hash[:12], "own": other.data_hash[:12]}))
    return tuple(faults)


def _versions(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    names = sorted(name for name in {*here, *there} if here.get(name) != there.get(name))
    return [f"{name} {here.get(name, '—')} ≠ {there.get(name, '—')}" for name in names]


def _text(lock: Lock) -> str | None:
    return lock.study.get("text")


def _other_share(lock: Lock, other: Lock, place: Place) -> Fault:
    """Return that the share of the runs in a folder is not the one that is asked for."""
    found, own = ("" if one.shard is None else f"{one.shard[0]}/{one.shard[1]}" for one in (lock, other))
    code = "sweep_other_shard" if found and own else "sweep_whole_asked" if found else "sweep_shard_asked"
    return Fault(code, place, {"found": found or None, "own": own or None})


def _checkout(lock: Lock) -> str:
    """A name for the code: its commit where it is known, with a mark where files were changed, else its digest."""
    if lock.git is None:
        return lock.code[:12]
    return str(lock.git["commit"])[:12] + ("+" if lock.git["dirty"] else "")


def _plain(lock: Lock) -> dict[str, Any]:
    """What is compared, as it stands in the file: lists and tuples are not told apart there."""
    found = dict(json.loads(lock.as_json()))
    found["alternatives"] = [{name: one.get(name) for name in _ALTERNATIVE} for one in found["alternatives"]]
    return found


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _checked(lock: Lock) -> Lock:
    """Refuse what is no lock although it has the right keys."""
    shape = lock.shape
    texts = (*shape.alternatives, *shape.indicators, *shape.regions, lock.cesim, lock.code, lock.engine, lock.data_hash)
    whole = (*shape.years, shape.replicates, lock.seed, lock.part, *(lock.shard or ()))
    mappings = (lock.study, lock.design, lock.units, lock.packages, *lock.alternatives, *lock.columns)
    git = lock.git is None or ("commit" in lock.git and "dirty" in lock.git)
    if not (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int) for number in whole)
        and all(isinstance(mapping, dict) for mapping in mappings)
        and git
        and min(shape.replicates, lock.part, len(shape.alternatives), shape.rows) >= 1
    ):
        raise ValueError(LOCK)
    return lock
