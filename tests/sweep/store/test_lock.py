"""What made a study: kept in a file, and nothing else is ever added to it."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_studies import SHAPE, batch, left, lock

import cesim
from cesim.errors import InputError
from cesim.sweep.store import Store, code_digest, git_state, packages, read_lock, same
from cesim.text import hints, message

OTHER = {
    "study": ({"study": {"hash": "other", "text": ""}}, "sweep_other_study"),
    "seed": ({"seed": 8}, "sweep_other_study"),
    "engine": ({"engine": "lots"}, "sweep_other_study"),
    "design": ({"design": {"kind": "morris"}}, "sweep_other_study"),
    "columns": ({"columns": ({"stream": "b", "factor": "b"},)}, "sweep_other_study"),
    "shape": ({"shape": replace(SHAPE, replicates=3)}, "sweep_other_study"),
    "units": ({"units": {"rate": "%", "co2_t": "t"}}, "sweep_other_study"),
    "shard": ({"shard": (1, 2)}, "sweep_shard_asked"),
    "version": ({"cesim": "0.0.9"}, "sweep_other_version"),
    "code": ({"code": "e" * 64}, "sweep_other_code"),
    "packages": ({"packages": {"numpy": "2.1"}}, "sweep_other_packages"),
    "more packages": ({"packages": {"numpy": "2.0", "scipy": "1.0"}}, "sweep_other_packages"),
    "data": ({"data_hash": "e" * 64}, "sweep_other_data"),
}


def test_a_lock_is_read_as_it_was_written(tmp_path):
    one = lock(shard=(2, 4), git={"commit": "f" * 40, "dirty": True})
    (tmp_path / "lock.json").write_text(one.as_json(), "utf-8")
    assert read_lock(tmp_path) == one
    told = json.loads(one.as_json())
    assert told["kind"] == "sweep"
    assert told["shape"]["alternatives"] == ["today", "計画"]


@pytest.mark.parametrize("name", OTHER)
def test_what_was_made_otherwise_is_refused_and_the_store_stays_as_it_was(tmp_path, name):
    changed, code = OTHER[name]
    with Store.create(tmp_path / "a", lock()) as store:
        store.record(batch(range(13)))
        store.seal()
    before = {path: path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()}
    with pytest.raises(InputError) as caught:
        Store.open(tmp_path / "a", lock(**changed))
    assert [fault.code for fault in caught.value.faults] == [code]
    assert caught.value.faults[0].place.file == str(tmp_path / "a")
    if code == "sweep_other_study":
        assert caught.value.faults[0].arguments["found"] == [name]
    assert {path: path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()} == before
    assert len(left(tmp_path / "a")[1]) == 13


@pytest.mark.parametrize(
    ("here", "asked", "code"),
    [((1, 2), (2, 2), "sweep_other_shard"), ((1, 2), None, "sweep_whole_asked"), (None, (2, 2), "sweep_shard_asked")],
)
def test_another_share_of_the_runs(here, asked, code):
    (fault,) = same(lock(shard=here), lock(shard=asked))
    assert fault.code == code
    for lang in ("ja", "en"):
        told = " ".join([message(fault, lang), *hints(fault, lang)])
        assert "—" not in told
        assert "None" not in told


def test_of_another_program_the_hash_of_the_same_study_may_differ():
    """Another version may take the hash in another way; only its text tells whether the study is another."""
    one = {"hash": "a", "text": "seed: 1"}
    assert [fault.code for fault in same(lock(study=one), lock(study={**one, "hash": "b"}, code="x"))] == [
        "sweep_other_code"
    ]
    assert [fault.code for fault in same(lock(study=one), lock(study={**one, "hash": "b"}))] == ["sweep_other_study"]
    other = {"hash": "b", "text": "seed: 2"}
    assert [fault.code for fault in same(lock(study=one), lock(study=other, code="x"))] == [
        "sweep_other_study", "sweep_other_code",
    ]  # fmt: skip


def test_everything_that_differs_is_told_at_once():
    other = lock(seed=1, data_hash="x", packages={"scipy": "1"}, cesim="9", code="x")
    faults = same(lock(), other)
    assert [fault.code for fault in faults] == [
        "sweep_other_study", "sweep_other_version", "sweep_other_packages", "sweep_other_data",
    ]  # fmt: skip
    assert faults[2].arguments["found"] == ["numpy 2.0 ≠ —", "scipy — ≠ 1"]


def test_python_checkout_length_of_a_part_and_names_in_words_are_information():
    other = lock(python="3.14.0", git={"commit": "f" * 40, "dirty": True}, part=16)
    renamed = tuple({**one, "file": "moved.yaml", "names": {"ja": "x", "en": "y"}} for one in other.alternatives)
    assert same(lock(), replace(other, alternatives=renamed)) == ()
    lever = tuple({**one, "levers": {"a.b": 1.0}} for one in other.alternatives)
    assert [fault.arguments["found"] for fault in same(lock(), replace(other, alternatives=lever))] == [
        ["alternatives"]
    ]


@pytest.mark.parametrize(
    "harm",
    [{"shape": None}, {"shape": {}}, {"part": 0}, {"part": "8"}, {"seed": None}, {"packages": []}, {"git": {}},
     {"alternatives": ["a"]}, {"shard": 3}, {"shard": ["a", 2]}],
)  # fmt: skip
def test_a_lock_that_was_tampered_with_is_none(tmp_path, harm):
    (tmp_path / "lock.json").write_text(json.dumps({**json.loads(lock().as_json()), **harm}), "utf-8")
    with pytest.raises(InputError) as caught:
        read_lock(tmp_path)
    assert caught.value.faults[0].code == "sweep_lock_damaged"


def test_two_columns_of_one_name_and_a_seed_that_is_too_large(tmp_path):
    with pytest.raises(InputError) as caught:
        Store.create(tmp_path / "a", lock(replace(SHAPE, indicators=("run", "b", "b")), seed=2**63))
    assert [(fault.code, fault.arguments["found"]) for fault in caught.value.faults] == [
        ("sweep_indicator_name", "b"), ("sweep_indicator_name", "run"), ("sweep_seed_too_large", 2**63),
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_the_digest_of_the_code_tells_every_change(tmp_path):
    def digest(**files):
        folder = tmp_path / "".join(sorted(files))
        for name, text in files.items():
            path = folder / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        code_digest.cache_clear()
        return code_digest(folder)

    seen = {
        digest(a="1", b="2"),
        digest(a="1", b="3"),
        digest(a="1", b__c="2"),
        digest(a="12", b=""),
        digest(a="2", b="1"),
    }
    assert len(seen) == 5
    first = digest(a="1", b="2")
    (tmp_path / "ab" / "b.txt").touch()
    code_digest.cache_clear()
    assert code_digest(tmp_path / "ab") == first
    assert len(code_digest()) == 64


def test_the_checkout_is_told_where_there_is_one(tmp_path, monkeypatch):
    assert git_state(tmp_path) is None
    (tmp_path / "__init__.py").touch()

    def git(*words):
        subprocess.run(
            ("git", "-c", "user.name=a", "-c", "user.email=a@b", *words), cwd=tmp_path, check=True, capture_output=True
        )

    git("init", "-q")
    assert git_state(tmp_path) is None
    (tmp_path / "other").touch()
    git("add", "other")
    git("commit", "-qm", "other")
    assert git_state(tmp_path) is None  # a checkout of something else
    git("add", ".")
    git("commit", "-qm", "all")
    told = git_state(tmp_path)
    assert told is not None
    assert len(told["commit"]) == 40
    assert told["dirty"] is False
    (tmp_path / "new.py").touch()
    assert git_state(tmp_path) == {**told, "dirty": True}
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert git_state(tmp_path) == {**told, "dirty": True}
    monkeypatch.setenv("PATH", "")
    assert git_state(tmp_path) is None


def test_what_nobody_gives_is_what_runs_now():
    given = lock()
    told = {name: getattr(given, name) for name in (
        "study", "alternatives", "engine", "seed", "design", "columns", "shape", "units", "data_hash")}  # fmt: skip
    now = type(given)(**told)
    assert now.cesim == cesim.__version__
    assert now.packages == packages()
    assert {"numpy", "pyarrow", "pandas"} <= set(now.packages)
    assert now.code == code_digest(Path(cesim.__file__).parent)
