"""A small GPU to program, without a GPU: it runs a kernel thread by thread, and counts what the hardware would do.

A *kernel* is a function that says what one thread does. It is launched as a grid of blocks of threads. All threads
reach *global* memory, which is far away; those of a block also reach its *shared* memory, which is near. What is
counted follows NVIDIA's CUDA C++ Programming Guide, chapters "Programming Model" and "Device Memory Accesses": 32
neighbouring threads, a *warp*, take each step together, and what they ask of global memory in one step is fetched in
lines of 128 bytes. There are no caches here, and no clock: what counts mean for time is left to a roofline.

What a GPU leaves to chance is an error here, whatever the order in which the threads run: a race, a barrier that not
all threads of a block reach, an access out of bounds, shared memory that is read before it is written.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from operator import index
from typing import Any, NamedTuple

import numpy as np

from coursekit.errors import GpuError

__all__ = ["BANKS", "LINE_BYTES", "MAX_THREADS", "SHARED_BYTES", "WARP", "Index", "Memory", "Run", "Thread", "launch"]

#: Threads that take each step together; bytes of a line; banks of shared memory; threads and bytes of a block at most.
WARP, LINE_BYTES, BANKS, MAX_THREADS, SHARED_BYTES = 32, 128, 32, 1024, 48 * 1024
_BARRIER = object()
#: More than an array has elements.
_PLACES = 1 << 40
#: In place of a block's number.
_NONE, _SEVERAL = -1, -2


class Index(NamedTuple):
    """A place in a grid of blocks or a block of threads, or its size: x counts first."""

    x: int
    y: int


class Memory:
    """An array on the GPU, of one or two axes: every access to an element is noted.

    Attributes:
        name: What the kernel calls it.
        shape: As of the array that it was made from.
    """

    # A kernel cannot keep anything here that is not counted.
    __slots__ = (
        *("name", "shape", "item_bytes", "_is_matrix", "_rows", "_columns", "_values", "_now"),
        *("_read", "_written", "_unwritten", "_blocks"),
    )

    def __init__(self, name: str, shape: tuple[int, ...], values: list[Any], now: _Now, item_bytes: int = 4) -> None:
        self.name, self.shape = name, shape
        self._is_matrix = len(shape) == 2
        self._rows, self._columns = shape if len(shape) == 2 else (1, *shape)
        self._values, self._now, self.item_bytes = values, now, item_bytes
        #: Each access since the last barrier: the thread's number times _PLACES, plus the element's.
        self._read: list[int] = []
        self._written: list[int] = []
        self._unwritten: list[int] = []
        #: By element, the block that has read it, and the one that has written it.
        self._blocks = np.full((2, len(values)), _NONE)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> float:
        at = self._place(key)
        self._read.append(self._now.first + at)
        value: float | None = self._values[at]
        if value is None:
            self._unwritten.append(at)
            return float("nan")
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        at = self._place(key)
        self._written.append(self._now.first + at)
        try:
            self._values[at] = float(value)
        except (TypeError, ValueError):
            said = f"{self._named(at)} should be set to one number; got {type(value).__name__}."
            raise GpuError("value", said) from None

    def _place(self, key: Any) -> int:
        try:
            row, column = key if self._is_matrix else (0, key)
            if 0 <= row < self._rows and 0 <= column < self._columns:
                return index(row * self._columns + column)
        except (AttributeError, TypeError, ValueError):
            form = f"{self.name}[row, column]" if len(self.shape) == 2 else f"{self.name}[i]"
            said = f"A thread reads and writes one element, {form} with whole numbers; got {key!r}."
            raise GpuError("index", said) from None
        at, last = (
            ", ".join(map(str, each)) for each in ((row, column)[-len(self.shape) :], [s - 1 for s in self.shape])
        )
        said = f"asks for {self.name}[{at}], and the last element is {self.name}[{last}]."
        error = GpuError("bounds", f"{self._now.who()} is out of bounds: it {said}")
        self._now.out_of_bounds = self._now.out_of_bounds or error
        raise error

    def _named(self, at: int) -> str:
        """Write an element as the kernel does."""
        place = divmod(at, self._columns) if len(self.shape) == 2 else (at,)
        return f"{self.name}[{', '.join(str(each) for each in place)}]"

    def _touched(self) -> bool:
        """Tell whether anything was read or written since the last barrier."""
        return bool(self._read or self._written)

    def _taken(self) -> tuple[np.ndarray, np.ndarray]:
        """Return what was read and what was written since the last barrier, and forget it.

        Each is (n, 2): threads and elements, a thread's in the order in which it asked for them.
        """
        read, written = (np.array(log, dtype=np.int64) for log in (self._read, self._written))
        self._read, self._written = [], []
        return np.array(np.divmod(read, _PLACES)).T, np.array(np.divmod(written, _PLACES)).T

    def _expect_written(self) -> None:
        """Expect that nothing was read that no thread had written.

        Raises:
            GpuError: If something was.
        """
        if self._unwritten:
            said = f"{self._named(min(self._unwritten))} in shared memory is read before any thread has written it."
            raise GpuError("unwritten", said)

    def _expect_blocks_apart(self, read: np.ndarray, written: np.ndarray, grid: Index) -> None:
        """Expect that no block touches what another writes: blocks run in any order, and no barrier joins them.

        Raises:
            GpuError: If one does.
        """
        block = self._now.block.y * grid.x + self._now.block.x
        readers, writers = self._blocks
        for touched, others in ((read, writers), (written, readers), (written, writers)):
            at = touched[(others[touched[:, 1]] != _NONE) & (others[touched[:, 1]] != block), 1]
            if len(at):
                number = int(others[at.min()])
                other = "others" if number == _SEVERAL else f"block ({number % grid.x}, {number // grid.x})"
                x, y = self._now.block
                both = f"block ({x}, {y}) and {other} both touch {self._named(int(at.min()))}"
                raise GpuError("race", f"A race: {both}, and one of them writes it. Blocks run in any order.")
        at = read[:, 1]
        readers[at] = np.where((readers[at] == _NONE) | (readers[at] == block), block, _SEVERAL)
        writers[written[:, 1]] = block


class _Now:
    """Which thread runs."""

    def __init__(self, size: Index) -> None:
        self.size, self.block, self.thread, self.first = size, Index(0, 0), 0, 0
        #: The first access out of bounds, which no kernel can catch: on a GPU it is no exception.
        self.out_of_bounds: GpuError | None = None

    def turn(self, thread: int) -> None:
        """Let a thread run."""
        self.thread, self.first = thread, thread * _PLACES

    def who(self, thread: int | None = None, *, small: bool = False) -> str:
        """Name a thread of the block, the one that runs unless another is given; short within a sentence."""
        y, x = divmod(self.thread if thread is None else thread, self.size.x)
        return f"thread ({x}, {y})" if small else f"Thread ({x}, {y}) of block ({self.block.x}, {self.block.y})"


class Thread:
    """A thread, as its kernel sees it.

    Attributes:
        block: Its block's place in the grid.
        thread: Its own place in the block.
        size: How many threads a block has along x and along y.
        blocks: How many blocks there are along x and along y.
    """

    def __init__(self, thread: Index, now: _Now, blocks: Index, shared: dict[str, Memory]) -> None:
        self.block, self.thread, self.size, self.blocks = now.block, thread, now.size, blocks
        self._now, self._shared, self._called = now, shared, False

    def shared(self, name: str, shape: int | tuple[int, ...]) -> Memory:
        """Return the block's shared array of a name, of float32; the first thread that asks makes it, without numbers.

        Raises:
            GpuError: If there is not so much shared memory, or another thread has asked for another shape.
        """
        sides = tuple(int(side) for side in (shape if isinstance(shape, tuple) else (shape,)))
        if name not in self._shared:
            size = int(np.prod(sides))
            used = 4 * (size + sum(len(memory._values) for memory in self._shared.values()))
            if used > SHARED_BYTES or len(sides) not in (1, 2):
                said = f"A block has {SHARED_BYTES} bytes of shared memory, for arrays of one or two axes"
                raise GpuError("shared", f"{said}; with {name} of shape {sides} it would need {used}.")
            self._shared[name] = Memory(name, sides, [None] * size, self._now)
        if self._shared[name].shape != sides:
            said = f"The shared array {name} has two shapes: {self._shared[name].shape} and {sides}."
            raise GpuError("shared", said)
        return self._shared[name]

    def barrier(self) -> object:
        """Wait for all threads of the block, as ``yield me.barrier()``.

        Raises:
            GpuError: If the one before it had no ``yield``.
        """
        self._expect_yielded()
        self._called = True
        return _BARRIER

    def _expect_yielded(self) -> None:
        """Expect that the last barrier that the thread called for had a ``yield``."""
        if self._called:
            raise GpuError("yield", "A barrier without yield stops nobody: write `yield me.barrier()`.")

    def _arrive(self, token: object) -> None:
        """Take note of a ``yield``."""
        if token is not _BARRIER:
            raise GpuError("yield", "A kernel yields at barriers alone: write `yield me.barrier()`.")
        self._called = False


class Run:
    """What a launch would have cost on a GPU.

    Attributes:
        reads: By the name of an array in global memory, how many elements were read, each as often as it was.
        writes: The same of writes.
        transactions: By name, how many lines of 128 bytes were moved, for reads and writes.
        shared_reads: How many elements of shared memory were read.
        shared_writes: How many were written.
        barriers: How many barriers the blocks passed, together.
        first_block: What block (0, 0) did in global memory: by name, (n, 5) numbers: barriers passed before, thread,
            element, step, and 1 for a write. What a warp asks for at once has one number of a step.
        shapes: By name, the arrays' shapes.
        item_bytes: By name, bytes of an element.
    """

    def __init__(self) -> None:
        self.reads: dict[str, int] = {}
        self.writes: dict[str, int] = {}
        self.transactions: dict[str, int] = {}
        self.shared_reads = self.shared_writes = self.barriers = 0
        self._asked: list[np.ndarray] = []
        self.first_block: dict[str, np.ndarray] = {}
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.item_bytes: dict[str, int] = {}

    @property
    def bytes_moved(self) -> int:
        """Bytes between the GPU and its memory: whole lines, as they are moved."""
        return LINE_BYTES * sum(self.transactions.values())

    @property
    def bank_conflicts(self) -> int:
        """How many steps more shared memory took because a warp's threads wanted different elements of one bank."""
        return sum(map(_conflicts, self._asked))

    def _count_global(self, memory: Memory, read: np.ndarray, written: np.ndarray, phase: int | None) -> None:
        self.reads[memory.name] += len(read)
        self.writes[memory.name] += len(written)
        for write, log in enumerate((read, written)):
            if not len(log):
                continue
            step = _steps(log)
            self.transactions[memory.name] += _lines(log, step, memory.item_bytes)
            if phase is not None:
                rows = np.column_stack([np.full(len(log), phase), log, step, np.full(len(log), write)])
                self.first_block[memory.name] = np.concatenate([self.first_block[memory.name], rows])

    def _count_shared(self, read: np.ndarray, written: np.ndarray) -> None:
        self.shared_reads += len(read)
        self.shared_writes += len(written)
        self._asked += [log for log in (read, written) if len(log)]


def launch(
    kernel: Callable[..., Any],
    *arguments: Any,
    blocks: int | tuple[int, int],
    threads: int | tuple[int, int],
    seed: int = 0,
) -> Run:
    """Run a kernel as a grid of threads, and count.

    Args:
        kernel: A function of a :class:`Thread` and the arguments; with barriers, a generator function.
        arguments: NumPy arrays of one or two axes, which the kernel reads and changes, and numbers.
        blocks: Blocks of the grid, along x, or along x and y.
        threads: Threads of a block, along x, or along x and y.
        seed: Of the order in which blocks and threads run. A right kernel gives the same in every order.

    Raises:
        GpuError: If the kernel does what a GPU leaves to chance, or a block is larger than a block may be.
    """
    grid, size = (Index(*each) if isinstance(each, tuple) else Index(each, 1) for each in (blocks, threads))
    if not (0 < size.x * size.y <= MAX_THREADS and grid.x * grid.y > 0):
        said = f"A block has 1 to {MAX_THREADS} threads, and a grid has 1 block or more"
        raise GpuError("launch", f"{said}; got blocks of {size.x} × {size.y} threads, {grid.x} × {grid.y} of them.")
    now, rng, run = _Now(size), np.random.default_rng(seed), Run()
    given = _on_the_gpu(kernel, arguments, now, run)
    memories = [each for each in given if isinstance(each, Memory)]
    for number in rng.permutation(grid.x * grid.y).tolist():
        now.block = Index(number % grid.x, number // grid.x)
        _Block(now, grid, rng).run(kernel, given, memories, run)
    for argument, memory in zip(arguments, given, strict=True):
        if isinstance(memory, Memory):
            argument[...] = np.reshape(memory._values, memory.shape)
    return run


def _on_the_gpu(kernel: Callable[..., Any], arguments: tuple[Any, ...], now: _Now, run: Run) -> list[Any]:
    """Copy arrays to global memory, under the names that the kernel has for them."""
    names = [*list(inspect.signature(kernel).parameters)[1:], *(f"argument {i + 1}" for i in range(len(arguments)))]
    given: list[Any] = []
    for name, argument in zip(names, arguments, strict=False):
        if not isinstance(argument, np.ndarray):
            given.append(argument)
            continue
        if argument.ndim not in (1, 2):
            raise GpuError("launch", f"An array has one or two axes here; {name} has shape {argument.shape}.")
        given.append(Memory(name, argument.shape, argument.ravel().tolist(), now, argument.itemsize))
        run.reads[name] = run.writes[name] = run.transactions[name] = 0
        run.shapes[name], run.item_bytes[name] = argument.shape, argument.itemsize
        run.first_block[name] = np.empty((0, 5), dtype=np.int64)
    return given


class _Block:
    """A block that runs from barrier to barrier, its threads in any order."""

    def __init__(self, now: _Now, grid: Index, rng: np.random.Generator) -> None:
        self.now, self.grid, self.rng = now, grid, rng
        self.shared: dict[str, Memory] = {}
        size = now.size
        self.threads = [Thread(Index(i % size.x, i // size.x), now, grid, self.shared) for i in range(size.x * size.y)]
        self.waiting: dict[int, Any] = {}

    def run(self, kernel: Callable[..., Any], given: list[Any], memories: list[Memory], run: Run) -> None:
        """Run all threads to their ends; look at what they did between two barriers before the next begins."""
        for i in self.rng.permutation(len(self.threads)).tolist():
            self.now.turn(i)
            steps = kernel(self.threads[i], *given)
            if inspect.isgenerator(steps):
                self._resume(i, steps)
            else:
                self.threads[i]._expect_yielded()
        phase = 0
        self._look(memories, run, phase)
        while self.waiting:
            run.barriers += 1
            phase += 1
            for i in self.rng.permutation(list(self.waiting)).tolist():
                self._resume(i, self.waiting.pop(i))
            self._look(memories, run, phase)

    def _resume(self, i: int, steps: Iterator[object]) -> None:
        """Let a thread run to its next barrier, or to its end."""
        self.now.turn(i)
        for token in steps:
            self.threads[i]._arrive(token)
            self.waiting[i] = steps
            return
        self.threads[i]._expect_yielded()

    def _expect_all_wait(self) -> None:
        missing = [i for i in range(len(self.threads)) if i not in self.waiting]
        advice = "Every thread of a block must come to every barrier."
        if missing:
            came = f"{len(self.waiting)} of {len(self.threads)} threads wait at a barrier"
            said = f"{came}, and {self.now.who(missing[0], small=True)} has ended without coming to it. {advice}"
            raise GpuError("barrier", said)
        lines = {steps.gi_frame.f_lasti: i for i, steps in self.waiting.items()}
        if len(lines) > 1:
            first, second = sorted(lines.values())[:2]
            both = f"{self.now.who(first)} and {self.now.who(second, small=True)} wait at different barriers"
            raise GpuError("barrier", f"{both}. {advice}")

    def _look(self, memories: list[Memory], run: Run, phase: int) -> None:
        """Look for what is left to chance since the last barrier, and count."""
        if self.now.out_of_bounds:
            raise self.now.out_of_bounds
        if self.waiting:
            self._expect_all_wait()
        for memory in filter(Memory._touched, memories):
            read, written = memory._taken()
            _expect_no_race(memory, read, written, self.now)
            memory._expect_blocks_apart(read, written, self.grid)
            run._count_global(memory, read, written, phase if self.now.block == (0, 0) else None)
        for memory in filter(Memory._touched, self.shared.values()):
            read, written = memory._taken()
            _expect_no_race(memory, read, written, self.now)
            memory._expect_written()
            run._count_shared(read, written)


def _expect_no_race(memory: Memory, read: np.ndarray, written: np.ndarray, now: _Now) -> None:
    """Expect that what a thread writes, no other thread touches before the next barrier."""
    if not len(written):
        return
    touched = np.concatenate([read, written])
    n = int(touched[:, 1].max()) + 1
    least, most = np.full(n, MAX_THREADS), np.full(n, -1)
    np.minimum.at(least, touched[:, 1], touched[:, 0])
    np.maximum.at(most, touched[:, 1], touched[:, 0])
    racing = np.flatnonzero(least[written[:, 1]] < most[written[:, 1]])
    if len(racing):
        at = int(written[racing, 1].min())
        writer = int(written[written[:, 1] == at, 0].min())
        other = int(least[at] if least[at] != writer else most[at])
        does = "writes it too" if np.any((written[:, 0] == other) & (written[:, 1] == at)) else "reads it"
        said = f"{now.who(writer)} writes {memory._named(at)} and {now.who(other, small=True)} {does}"
        raise GpuError("race", f"A race: {said}, with no barrier between them. Which comes first is chance.")


def _steps(log: np.ndarray) -> np.ndarray:
    """Number each thread's accesses to an array from 0: what a warp's threads ask for in one step has one number.

    Between two barriers a thread runs at one go, so that its accesses stand together.
    """
    begins = np.flatnonzero(np.diff(log[:, 0], prepend=-1))
    return np.arange(len(log)) - np.repeat(begins, np.diff(begins, append=len(log)))


def _lines(log: np.ndarray, step: np.ndarray, item_bytes: int) -> int:
    """Count the lines of 128 bytes that warps ask for, each once in a step."""
    return len(_distinct(log[:, 0] // WARP, step, log[:, 1] * item_bytes // LINE_BYTES)[0])


def _conflicts(log: np.ndarray) -> int:
    """Count how many times more a bank is asked than once in a step; the same element for many threads is one ask."""
    warp, step, element = _distinct(log[:, 0] // WARP, _steps(log), log[:, 1])
    groups, which = np.unique(warp * (int(step.max()) + 1) + step, return_inverse=True)
    asks = (which * BANKS + element % BANKS).astype(np.intp)
    asked = np.bincount(asks, minlength=BANKS * len(groups)).reshape(-1, BANKS)
    return int((asked.max(axis=1) - 1).sum())


def _distinct(first: np.ndarray, second: np.ndarray, third: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the distinct rows of three columns of integers of 0 or more, as columns."""
    sides = int(second.max()) + 1, int(third.max()) + 1
    rows, third = np.divmod(np.unique((first * sides[0] + second) * sides[1] + third), sides[1])
    return *np.divmod(rows, sides[0]), third
