from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from coursekit import gpu, plots
from coursekit.gpu import Run
from coursekit.plots.figures import BLUE, COLOURS
from coursekit.plots.words import words_of
from tests.plots.painted import drawn


def summed(me: Any, A: Any, s: Any) -> Any:
    """Let thread x add up column x of A, two rows at a time."""
    total = 0.0
    for row in range(0, A.shape[0], 2):
        total += A[row, me.thread.x] + A[row + 1, me.thread.x]
        yield me.barrier()
    s[me.thread.x] = total


def run_of(rows: int = 4, columns: int = 64, threads: int = 32) -> Run:
    return gpu.launch(summed, np.ones((rows, columns), np.float32), np.zeros(threads), blocks=1, threads=threads)


def painted(axis: Any, colour: str) -> np.ndarray:
    same: np.ndarray = np.isclose(axis.images[0].get_array(), to_rgb(colour)).all(axis=-1)
    return same


def test_a_warps_first_step_is_blue_and_the_rest_of_its_lines_stands_out() -> None:
    plots.warp_step({"half a line": run_of(threads=16)}, title="One step")
    (axis,) = drawn().axes
    assert np.argwhere(painted(axis, BLUE)).tolist() == [[0, column] for column in range(16)]
    assert painted(axis, "#f3c9a5").sum() == 16
    assert axis.get_title(loc="left") == "half a line: 16 of A's numbers, 1 line"
    assert "16 of A's numbers, 1 line" in words_of(drawn())


def test_an_array_of_one_axis_is_drawn_in_lines() -> None:
    def doubled(me: Any, x: Any, y: Any) -> None:
        y[me.thread.x] = 2 * x[me.thread.x]

    plots.warp_step({"x": gpu.launch(doubled, np.ones(40, np.float32), np.zeros(40), blocks=1, threads=32)})
    (axis,) = drawn().axes
    assert np.asarray(axis.images[0].get_array()).shape == (2, 32, 3)
    assert painted(axis, "#ececec").sum() == 8


def test_a_blocks_reads_are_coloured_by_turn() -> None:
    plots.block_reads({"by rows": run_of()}, title="A block")
    (axis,) = drawn().axes
    for turn in range(2):
        assert np.unique(np.argwhere(painted(axis, COLOURS[turn]))[:, 0]).tolist() == [2 * turn, 2 * turn + 1]
    assert "128 of A's numbers, 128 reads in 2 turns" in words_of(drawn())


@pytest.mark.parametrize("draw", [plots.warp_step, plots.block_reads])
def test_a_launch_that_reads_nothing_cannot_be_drawn(draw: Any) -> None:
    def idle(me: Any, x: Any) -> None:
        pass

    for runs in ({}, {"idle": gpu.launch(idle, np.ones(3), blocks=1, threads=1)}):
        with pytest.raises(ValueError, match="each of which reads an array"):
            draw(runs)
