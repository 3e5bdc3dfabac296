"""Runs through the workers of a Dask cluster: chunks as its tasks, a few more in flight than it has threads.

A task that loses its workers is refused by the scheduler after some of them, and so are tasks that only lay beside it.
Their runs are done again one by one, each alone in the whole cluster, when all others are through: what is refused then
is at fault itself.
"""

from __future__ import annotations

import hashlib
import logging
import time
import warnings
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import Fault, InputError
from cesim.sweep.workers.chunks import Chunk, Cutter
from cesim.sweep.workers.pool import carried
from cesim.sweep.workers.remote import Reply, carry, programs, solve_chunk
from cesim.sweep.workers.to_do import ToDo

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from cesim.sweep.solving import Batch, Ints, Recipe

CONNECTING_S: Final = 10.0
WORKERLESS_S: Final = 60.0
"""Seconds that a cluster may be without workers."""
_LOOK_S: Final = 2.0
_SILENT_S: Final = 30.0
"""Seconds in which a scheduler must answer."""
_MOST_BYTES: Final = 4 * 2**20
_IN_VAIN: Final = 20
"""Tasks given up by the cluster in a row, for no reason of theirs."""


def solve_on_cluster(
    recipe: Recipe, runs: Iterable[Ints], address: str, limit_s: float | None
) -> Generator[Batch, None, None]:
    """Yield what the runs come to, as the workers of a cluster answer; leaving early takes the tasks back.

    Raises
    ------
    InputError
        ``sweep_dask_missing``, ``sweep_dask_unreachable``, ``sweep_dask_no_workers``, ``sweep_dask_unlike``,
        ``sweep_dask_failed``, ``sweep_dask_gone``, ``sweep_worker_cannot_start``, ``sweep_recipe_not_carried``, and
        what making the solver raises.
    """
    words = carried(recipe)
    with _connected(address) as client:
        to_do = ToDo(recipe.shape, Cutter(recipe, runs, _MOST_BYTES), limit_s)
        cluster = _Cluster(client, address, words, to_do)
        try:
            yield from cluster.answers()
        finally:
            cluster.end()


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError([Fault("sweep_dask_missing")]) from error
    try:
        _check_address(address)
        client: Any = Client(address, timeout=CONNECTING_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:  # a time-out is an OSError
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError([Fault("sweep_dask_unreachable", arguments={"found": address, "reason": reason})]) from error
    log = logging.getLogger("distributed.client")
    before = log.level
    log.setLevel(logging.ERROR)  # an answer lost with its worker comes again, and nobody need hear of it
    try:
        yield client
    finally:
        log.setLevel(before)
        with suppress(Exception):  # it may be gone, and then there is nothing to close
            client.close(timeout=CONNECTING_S)


def _check_address(address: str) -> None:
    """Refuse what is no address: a client that fails for that reason is left half made, and may hang for ever."""
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.security import Security

    scheme, place = parse_address(address)
    parse_host_port(place)
    if scheme not in ("tcp", "tls"):
        raise ValueError(f"{scheme}://")
    if scheme == "tls" and Security().get_connection_args("client").get("ssl_context") is None:
        raise ValueError("tls:// without certificates (distributed.comm.tls in the settings of Dask)")


class _Cluster:
    def __init__(self, client: Any, address: str, recipe: bytes, to_do: ToDo) -> None:
        self._client = client
        self._address = address
        self._to_do = to_do
        self._key = hashlib.sha256(recipe).hexdigest()
        self._like = programs()
        self._flying: dict[Any, Chunk] = {}
        self._landed: SimpleQueue[Any] = SimpleQueue()
        self._suspects: list[int] = []
        """Runs to be done alone in the whole cluster."""
        self._in_vain = 0
        self._threads = 0
        self._looked = float("-inf")
        self._workerless = time.monotonic()
        self._look_round()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a large recipe travels once
            self._recipe = client.submit(carry, recipe, pure=False)

    def answers(self) -> Iterator[Batch]:
        while self._hand_out():
            yield from self._landing()
        while self._suspects:
            run = self._suspects.pop()
            self._submit(Chunk(_only(run), apart=True))
            while self._flying:
                yield from self._landing(alone=True)
            while self._hand_out():  # what was late may have company to be done again
                yield from self._landing()

    def end(self) -> None:
        """Take back what is in flight."""
        if self._client.status == "running":
            with suppress(Exception):  # whatever is wrong with a cluster that is left is no longer ours
                self._client.cancel([*self._flying, self._recipe], force=True)
        self._flying.clear()

    def _hand_out(self) -> bool:
        while len(self._flying) < 2 * self._threads + 1 and self._to_do.has():
            self._submit(self._to_do.next())
        return bool(self._flying) or self._to_do.has()

    def _submit(self, chunk: Chunk) -> None:
        allowed = self._to_do.allowed(chunk)
        future = self._client.submit(solve_chunk, self._recipe, self._key, self._like, chunk, allowed, pure=False)
        self._flying[future] = chunk
        future.add_done_callback(self._landed.put)

    def _landing(self, *, alone: bool = False) -> Iterator[Batch]:
        """Yield the answers of the next task that is through, if there is one within some seconds."""
        try:
            future = self._landed.get(timeout=_LOOK_S)
        except Empty:
            future = None
        self._look_round()
        if future is None:
            return
        chunk = self._flying.pop(future)
        try:
            reply = self._reply(future)
        except (InputError, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 -- a task that is cancelled raises what is no Exception
            yield from self._refused(chunk, error, alone=alone)
        else:
            yield from self._told(chunk, reply)
        finally:
            future.release()

    def _reply(self, future: Any) -> Reply:
        while True:
            try:
                reply: Reply = future.result(timeout=_LOOK_S)
            except TimeoutError:
                self._look_round()
            else:
                return reply

    def _told(self, chunk: Chunk, reply: Reply) -> Iterator[Batch]:
        self._in_vain = 0
        if reply.unlike is not None:
            reason = ", ".join(f"{name} {version[:12]}" for name, version in reply.unlike.items())
            raise self._wrong("sweep_dask_unlike", worker=reply.worker, reason=reason)
        if reply.cannot is not None:
            cannot = Fault("sweep_worker_cannot_start", arguments={"reason": reply.cannot.reason})
            raise InputError(reply.cannot.faults or [cannot])
        if reply.late is not None:
            failed = self._to_do.late(chunk, *reply.late, kept=not self._restarted(reply.worker))
            if failed is not None:
                yield failed
        elif reply.batch is not None:
            self._to_do.answered(chunk, reply.seconds)
            yield reply.batch

    def _refused(self, chunk: Chunk, error: BaseException, *, alone: bool) -> Iterator[Batch]:
        """Do again what the cluster gave up."""
        from distributed import CancelledError
        from distributed.scheduler import KilledWorker

        self._look_round(now=True)
        if isinstance(error, KilledWorker):
            if alone:
                yield self._to_do.dead(int(chunk.runs[0]), 0.0)
            else:
                self._suspects += reversed(chunk.runs.tolist())
        elif isinstance(error, CancelledError) and self._in_vain < _IN_VAIN:
            self._in_vain += 1
            self._to_do.again(chunk)
        elif isinstance(error, Exception):
            raise self._wrong("sweep_dask_failed", reason=f"{type(error).__name__}: {error}") from error
        else:
            raise error

    def _restarted(self, worker: str) -> bool:
        """End a worker in which a run goes on; say whether that was possible."""
        with suppress(Exception):  # whatever keeps it from being restarted, the run goes on
            about = self._client.sync(self._client.scheduler.identity, n_workers=-1, callback_timeout=_SILENT_S)
            if about["workers"][worker]["nanny"]:
                return bool(self._client.restart_workers([worker], timeout=_SILENT_S)[worker] == "OK")
        return False

    def _look_round(self, *, now: bool = False) -> None:
        """See that the scheduler is there, and count the threads of its workers."""
        if self._client.status not in ("running", "newly-created"):
            raise self._wrong("sweep_dask_gone")
        if not now and time.monotonic() - self._looked < _LOOK_S:
            return
        try:
            threads = self._client.sync(self._client.scheduler.ncores, workers=None, callback_timeout=_SILENT_S)
        except Exception as error:
            raise self._wrong("sweep_dask_gone") from error
        self._looked = time.monotonic()
        self._threads = sum(threads.values())
        if self._threads:
            self._workerless = self._looked
        elif self._looked - self._workerless > WORKERLESS_S:
            raise self._wrong("sweep_dask_no_workers", seconds=WORKERLESS_S)

    def _wrong(self, code: str, **arguments: object) -> InputError:
        return InputError([Fault(code, arguments={"found": self._address, **arguments})])


def _only(run: int) -> Ints:
    import numpy as np

    return np.array([run], dtype=np.int64)
