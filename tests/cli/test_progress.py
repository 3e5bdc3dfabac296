"""How far the work has come, on a terminal only."""

from __future__ import annotations

import io
import time

from cesim.cli.progress import Progress, patience


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown(lang, *calls):
    """Return what a terminal shows after calls of (seconds, done, total)."""
    now = [0.0]
    terminal = Terminal()
    progress = Progress(lang, terminal, clock=lambda: now[0])
    for seconds, done, total in calls:
        now[0] = seconds
        progress(done, total)
    return terminal.getvalue().rpartition("\r")[2].rstrip()


def test_done_total_rate_and_time_left():
    assert shown("en", (10, 250, 1000)) == "250 of 1,000 (25 %), 25 per second, 00:30 left"
    assert shown("ja", (10, 250, 1000)) == "250 / 1,000 件（25 %）　毎秒 25 件　残り 00:30"
    assert shown("en", (10, 10, 100_000)) == "10 of 100,000 (0 %), 1.0 per second, 27:46:30 left"
    assert shown("en", (4, 8, None)) == "8 done, 2.0 per second"
    assert shown("en", (0, 0, 10)) == "0 of 10 (0 %), 0.0 per second, --:-- left"


def test_lines_are_not_printed_faster_than_a_terminal_reads():
    assert shown("en", (0, 1, 9), (0.01, 2, 9)).startswith("1 of 9")
    assert shown("en", (0, 1, 9), (0.01, 9, 9)).startswith("9 of 9")


def test_nothing_is_printed_into_a_pipe():
    pipe = io.StringIO()
    with Progress("en", pipe) as progress:
        progress(1, 2)
    assert pipe.getvalue() == ""


def test_the_line_is_wiped_at_the_end():
    terminal = Terminal()
    with Progress("en", terminal) as progress:
        progress(1, 2)
    assert terminal.getvalue().endswith(" \r")


def test_who_waits_is_told_why_on_a_terminal_only(monkeypatch):
    for stream, seconds, told in ((Terminal(), 0.01, True), (Terminal(), 5.0, False), (io.StringIO(), 0.01, False)):
        monkeypatch.setattr("sys.stderr", stream)
        with patience("en", seconds):
            time.sleep(0.1)
        assert ("compiled" in stream.getvalue()) == told


def test_what_was_done_before_is_not_work_of_now():
    now = [0.0]
    terminal = Terminal()
    progress = Progress("en", terminal, clock=lambda: now[0])
    progress.failing(900, 1000, 0)
    now[0] = 10.0
    progress.failing(950, 1000, 2)
    assert "950 of 1,000 (95 %), 5.0 per second, 00:10 left" in terminal.getvalue().rpartition("\r")[2]


def test_a_log_gets_a_line_now_and_then():
    now, log = [0.0], io.StringIO()
    progress = Progress("en", log, clock=lambda: now[0], logged_every_s=60.0)
    for seconds, done in ((0, 0), (30, 3), (61, 6), (90, 9), (121, 12), (125, 100)):
        now[0] = float(seconds)
        progress.failing(done, 100, 0)
    progress.clear()
    assert [line[:12] for line in log.getvalue().splitlines()] == ["6 of 100 (6 ", "12 of 100 (1"]
