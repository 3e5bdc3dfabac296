"""`cesim plan WHAT FILE` (show, evaluate, attribute, backcast, survey): what a plan does, costs and lacks."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cesim.cli.lists import names
from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    import argparse

    from cesim.cli.parser import Parser
    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario

WHATS: Final = ("show", "evaluate", "attribute", "backcast", "survey")
BUNDLES: Final = ("pillar", "horizon", "material", "actor")
ANSWERED: Final = {"draws", "seed", "workers", "out", "no_report", "json", "target"}
READ: Final = {
    "show": {"only", "without", "json"},
    "evaluate": {*ANSWERED, "only", "without", "lots"},
    "attribute": {*ANSWERED, "only", "without", "measures", "by", "budget"},
    "backcast": {*ANSWERED, "confidence", "each", "money", "must", "never", "levels", "delays", "budget"},
    "survey": {*ANSWERED, "only", "without"},
}
"""Options that each reads; any other is refused."""


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=WHATS, metavar="WHAT", help=parser.word("plan_what"))
    parser.add_argument("file", metavar="FILE", help=parser.word("file"))
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help=parser.word("set"))
    parser.add_argument("--only", metavar="A,B", help=parser.word("plan_only"))
    parser.add_argument("--without", metavar="A,B", help=parser.word("plan_without"))
    parser.add_argument("--target", action="append", metavar="TARGET", help=parser.word("plan_target"))
    parser.add_argument("--measures", metavar="A,B", help=parser.word("plan_measures"))
    parser.add_argument("--by", choices=BUNDLES, metavar="BY", help=parser.word("plan_by"))
    parser.add_argument("--confidence", metavar="SHARE", help=parser.word("plan_confidence"))
    parser.add_argument("--each", action="store_true", default=None, help=parser.word("plan_each"))
    parser.add_argument("--money", action="append", metavar="WHO=JPY", help=parser.word("plan_money"))
    parser.add_argument("--must", metavar="A,B", help=parser.word("plan_must"))
    parser.add_argument("--never", metavar="A,B", help=parser.word("plan_never"))
    parser.add_argument("--levels", metavar="0.5,1", help=parser.word("plan_levels"))
    parser.add_argument("--delays", metavar="0,3", help=parser.word("plan_delays"))
    parser.add_argument("--budget", type=parser.whole("budget"), metavar="N", help=parser.word("plan_budget"))
    parser.add_argument("--lots", type=parser.year("lots"), metavar="YEAR", help=parser.word("plan_lots"))
    parser.add_argument("--draws", type=parser.whole("draws"), metavar="N", help=parser.word("plan_draws"))
    parser.add_argument("--seed", type=parser.whole("seed"), metavar="N", help=parser.word("seed"))
    parser.add_argument("--workers", type=parser.whole("workers"), metavar="N", help=parser.word("lots_workers"))
    parser.add_argument("--out", metavar="DIR", help=parser.word("plan_out"))
    parser.add_argument("--no-report", action="store_true", default=None, help=parser.word("no_report"))
    parser.add_argument("--json", action="store_true", default=None, help=parser.word("json"))


def run(options: argparse.Namespace) -> int:
    """Do what was asked; each has a module of its own."""
    loaded, target = asked(options)
    command: Any = import_module(f"cesim.cli.plan_{options.what}")
    return int(command.answer(options, loaded, target))


def faults(options: argparse.Namespace) -> tuple[Fault, ...]:
    """Return what else is wrong, where the command line is."""
    try:
        asked(options)
    except InputError as error:
        return error.faults
    return ()


def asked(options: argparse.Namespace) -> tuple[Loaded[Scenario], Path]:
    """Return the scenario, with what `--only` and `--without` leave adopted, and the folder to write.

    Raises
    ------
    InputError
        with the faults of scenario, options and folder together
    """
    from cesim.cli.reading import read_scenario
    from cesim.plan.folder import check_target

    wrong = list(_not_read(options))
    loaded, found = read_scenario(options.file, options.set)
    wrong += found
    if loaded is not None:
        if options.what == "backcast":
            from cesim.cli.backcast_options import faults_of

            wrong += faults_of(options, loaded.scenario)
        loaded, more = _adopting(options, loaded)
        wrong += more
    target = Path("runs") / f"{Path(options.file).stem}-{options.what}" if options.out is None else Path(options.out)
    if options.out is not None and not options.out.strip():
        wrong.append(Fault("option_needs_value", arguments={"found": "--out"}))
    elif options.what != "show":  # which writes nothing
        try:
            check_target(target, options.what)
        except InputError as error:
            wrong += error.faults
    if loaded is None or wrong:
        raise InputError(wrong)
    return loaded, target


def _not_read(options: argparse.Namespace) -> list[Fault]:
    """Return a fault for each option given that the question does not read."""
    every = set().union(*READ.values()) if options.what in READ else set()
    read = READ.get(options.what, set())
    return [
        Fault("plan_option_not_read", arguments={"found": f"--{name.replace('_', '-')}", "what": options.what})
        for name in sorted(every - read)
        if getattr(options, name) is not None
    ]


def _adopting(options: argparse.Namespace, loaded: Loaded[Scenario]) -> tuple[Loaded[Scenario] | None, list[Fault]]:
    """Return the scenario with other measures adopted where that was asked."""
    from cesim.plan.futures import plan_of
    from cesim.scenario import open_scenario, sound_settings
    from cesim.text import nearest

    try:
        plan = plan_of(loaded.scenario)
    except InputError as error:
        return None, list(error.faults)
    known = tuple(plan.measures)
    wrong = [
        Fault("plan_no_measure", arguments={"found": name, "allowed": known, "nearest": nearest(name, known)})
        for text in (options.only, options.without, options.measures, options.must, options.never)
        for name in names(text)
        if name not in known
    ]
    if wrong or (options.only is None and options.without is None):
        return loaded, wrong
    kept = plan.adopted if options.only is None else names(options.only)
    adopted = [name for name in kept if name not in names(options.without)]
    overrides, _ = sound_settings(options.set)
    try:
        return open_scenario(options.file, {**overrides, "plan.adopted": adopted}), []
    except InputError as error:
        return None, list(error.faults)
