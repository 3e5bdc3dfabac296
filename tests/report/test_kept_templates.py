"""Templates are compiled once, and again when their text is another."""

from jinja2 import DictLoader, Environment

from cesim.report.kept_templates import KeptTemplates


def test_what_is_kept_is_used_and_never_for_another_text(monkeypatch):
    kept, compiled = KeptTemplates(), []
    whole = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda *a, **b: compiled.append(a[1]) or whole(*a, **b))

    def told(text, word):
        room = Environment(loader=DictLoader({"page": text}), bytecode_cache=kept)
        room.globals["word"] = word
        return room.get_template("page").render()

    assert [told("{{ word }}!", "one"), told("{{ word }}!", "two")] == ["one!", "two!"]
    assert len(compiled) == 1
    assert told("{{ word }}?", "two") == "two?"
    assert told("{{ word }}!", "three") == "three!"
