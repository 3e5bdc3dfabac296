"""Trees of texts are kept between readings: never another text's, never under another file's name."""

from cesim.scenario.source import _SHORT, parse, read
from cesim.scenario.tree import plain


def test_a_file_that_was_changed_is_read_again(tmp_path):
    path = tmp_path / "a.yaml"
    for share in ("0.1", "0.2", "0.1"):
        path.write_text(f"share: {share}\n", encoding="utf-8")
        assert plain(read(path).branch) == {"share": float(share)}


def test_places_carry_the_name_of_the_file_asked_for():
    for file in ("a.yaml", "b.yaml", "a.yaml"):
        source = parse("share: 0.1\nshare: 0.2\n", file)
        assert source.branch.place.file == file
        assert [fault.place.file for fault in source.faults] == [file]


def test_a_text_is_read_once_and_a_long_one_is_not_kept():
    short, long = "share: 0.1\n", "share: 0.1\n" + "#" * _SHORT
    assert parse(short, "a.yaml") is parse(short, "a.yaml")
    assert parse(long, "a.yaml") is not parse(long, "a.yaml")
    assert plain(parse(long, "a.yaml").branch) == {"share": 0.1}
