"""How far a long piece of work has come, on one line of the terminal."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Final, TextIO

from cesim.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cesim.text import Language

_PAUSE: Final = 0.1
"""Seconds between two lines; a terminal over a network is slow."""


_PATIENCE: Final = 4.0
"""Seconds after which somebody who waits is told why it may take longer."""


@contextmanager
def patience(lang: Language, seconds: float = _PATIENCE) -> Iterator[None]:
    """Say on a terminal, after some seconds, that the first use compiles; say nothing where all is done before."""
    if not sys.stderr.isatty():
        yield
        return
    told = Timer(seconds, lambda: print(say("cli.progress.compiling", lang), file=sys.stderr, flush=True))
    told.daemon = True
    told.start()
    try:
        yield
    finally:
        told.cancel()


class Progress:
    """Prints done, total, rate and time left on the error stream; prints nothing where that is no terminal.

    Use it as a context; call it with the number done and, if known, the total:

    >>> with Progress("en") as progress:
    ...     progress(3, 10)

    Parameters
    ----------
    logged_every_s
        where it is no terminal, such as the log of a batch system, a line of its own after so many seconds each; none
        where not said
    """

    def __init__(
        self,
        lang: Language,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        logged_every_s: float | None = None,
    ) -> None:
        self._lang: Language = lang
        self._stream = stream if stream is not None else sys.stderr
        self._clock = clock
        self._begun = clock()
        self._next = self._begun
        self._longest = 0
        self._failed = 0
        self._before: int | None = None
        self.is_shown = self._stream.isatty()
        self._pause = _PAUSE if self.is_shown else logged_every_s
        if not self.is_shown and logged_every_s is not None:
            self._next += logged_every_s

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def __call__(self, done: int, total: int | None = None) -> None:
        """Say that `done` of `total` are finished."""
        now = self._clock()
        if self._pause is None or (now < self._next and (done != total or not self.is_shown)):
            return
        self._next = now + self._pause
        line = self._line(done, total, now - self._begun)
        if not self.is_shown:
            self._stream.write(line + "\n")
            self._stream.flush()
            return
        self._stream.write("\r" + line + " " * max(0, self._longest - len(line)))
        self._stream.flush()
        self._longest = max(self._longest, len(line))

    def failing(self, done: int, total: int, failed: int) -> None:
        """Say that `done` of `total` are finished, of which so many failed.

        What was done at the first call was there before: it counts for no rate.
        """
        self._failed = failed
        self._before = done if self._before is None else self._before
        self(done, total)

    def clear(self) -> None:
        """Wipe the line, so that what follows begins at the margin."""
        if self._longest:
            self._stream.write("\r" + " " * (2 * self._longest) + "\r")
            self._stream.flush()
            self._longest = 0

    def _line(self, done: int, total: int | None, seconds: float) -> str:
        rate = (done - (self._before or 0)) / seconds if seconds > 0 else 0.0
        rated = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
        if total is None:
            return say("cli.progress.open", self._lang, done=f"{done:,}", rate=rated)
        left = _clock_time((total - done) / rate) if rate > 0 else "--:--"
        share = 100 * done // total if total else 100
        line = say(
            "cli.progress.closed",
            self._lang,
            done=f"{done:,}",
            total=f"{total:,}",
            share=share,
            rate=rated,
            left=left,
        )
        return say("cli.sweep.failing", self._lang, line=line, failed=f"{self._failed:,}") if self._failed else line


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
