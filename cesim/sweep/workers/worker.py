"""A worker process as its parent sees it: what it was given, what it says, what it is at."""

from __future__ import annotations

import pickle
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from cesim.run.lot_workers import deaf
from cesim.sweep.workers.process import IDLE, Answered, Cannot, Ready, Up, one_thread_each, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.context import SpawnContext

    from cesim.sweep.workers.chunks import Chunk

_ENDING_S: Final = 2.0
_KILLING_S: Final = 10.0


class Worker:
    """A process with a pipe, and memory in which it says what it is at."""

    def __init__(self, context: SpawnContext, recipe: bytes) -> None:
        self.given: deque[Chunk] = deque()
        """Chunks that it has not answered, the oldest first: it works in that order."""
        self.ready = False
        """Whether its solver is made."""
        self.lost = False
        """Whether nothing will come from it any more."""
        self.started = time.monotonic()
        self._recipe = recipe
        self._slot: Any = context.RawArray("d", [0.0, IDLE])
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, self._slot), daemon=True)
        try:
            with deaf(), one_thread_each():
                self.process.start()
        finally:
            theirs.close()  # so that the pipe ends when the process does

    def give(self, chunk: Chunk) -> None:
        """Hand it a chunk."""
        self.given.append(chunk)
        self._tell(pickle.dumps(chunk, protocol=5))

    def heard(self) -> Iterator[Answered | Cannot]:
        """Yield what it has said, without waiting for more."""
        over = not self.process.is_alive()  # asked first: what it said before is still in the pipe
        try:
            while self.pipe.poll():
                message = pickle.loads(self.pipe.recv_bytes())
                if isinstance(message, Up):
                    self._tell(self._recipe)
                elif isinstance(message, Ready):
                    self.ready = True
                else:
                    yield message
        except (EOFError, OSError):
            over = True
        self.lost = self.lost or over

    def at(self) -> tuple[int, float] | None:
        """Return the run that it is solving, and since which second of the monotonic clock."""
        since, run, again = self._slot[1], self._slot[0], self._slot[1]
        return None if since == IDLE or since != again else (int(run), since)

    @property
    def exit_code(self) -> int | None:
        """With which code it ended; negative: by which signal."""
        self.process.join(_KILLING_S)
        return self.process.exitcode

    def kill(self) -> None:
        """End it now, whatever it is doing."""
        self.process.kill()
        self.process.join(_KILLING_S)

    def end(self) -> None:
        """End it: kindly where it has nothing to do."""
        if self.ready and not self.given and not self.lost:
            self._tell(pickle.dumps(None))
            self.process.join(_ENDING_S)
        if self.process.is_alive():
            self.kill()
        self.pipe.close()

    def _tell(self, words: bytes) -> None:
        try:
            self.pipe.send_bytes(words)
        except OSError:  # it is gone: whoever listens will hear of it
            self.lost = True
