# %% [markdown]
# # Lab 00 · Arrays, by doing
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **Can a program run without a complaint and still compute something other than you meant?** With arrays, easily: a sum
# along the wrong axis, a column taken for a row, a pixel that counts 254, 255, 0. This lab shows these accidents as
# pictures, so that you know them when they come, and gives you nine small tools whose ideas return in the later labs.
# At its end you read handwriting from raw bytes.
#
# | | you write | what it makes possible |
# |---|---|---|
# | 1 | `simple_interest` | see how exercises, checks and points work |
# | 2 | `predict_shapes` | know a result's shape before there is one |
# | 3–4 | `interior_view`, `positive_part` | say who owns the memory |
# | 5 | `standardize_columns` | work along one axis, whatever the dtype |
# | 6–7 | `pairwise_sq_dists`, `batched_matvec` | replace loops, and see what that is worth |
# | 8–9 | `one_hot`, `read_idx` | average a class in one product; read MNIST's own files |
#
# Nothing but NumPy and Matplotlib is needed.

# %% [markdown]
# ## Before you begin
#
# You should be able to write a Python function with a loop and a dictionary in it. Of NumPy you need to know nothing yet.
#
# Afterwards you can
# - say the shape of a result before you run the line,
# - tell a view from a copy, and say who owns the memory,
# - recognise the accidents that raise no error: numbers that wrap, fractions that are cut off, a column that meets a row,
# - put one array expression in place of a loop, and say what that is worth,
# - read a file of bytes, and refuse one that is broken.
#
# Plan three hours: nine exercises and three answers in words.

# %%
import gzip
import math
from pathlib import Path

import numpy as np

import coursekit
from coursekit import checks_for, plots

check = checks_for("00_numpy")
ask = coursekit.questions_for("00_numpy")

# %% exercise simple_interest
# %% exercise predict_shapes
# %% exercise interior_view
# %% exercise positive_part
# %% exercise standardize_columns
# %% exercise pairwise_sq_dists
# %% exercise batched_matvec
# %% exercise one_hot
# %% exercise read_idx

# %% [markdown]
# ## 10 · Why did nobody complain?
#
# You have seen mistakes that raise no error: the column that met a row, the pixels that went round, the fraction that was
# cut off, the view that was taken for a copy. **Choose two of them. For each, say why NumPy has no way to know that
# something is wrong, and give one line of code (an assertion, a conversion, another call) that would have prevented it or
# made it loud, and what that line costs.** Five to eight sentences.

# %% [markdown] nbgrader={"grade_id": "why_nobody_complained", "grade": true, "solution": true, "points": 2}
# ### BEGIN SOLUTION
# **Broadcasting**: a column (n, 1) minus a row (n,) is a legal outer difference, which is exactly what `pairwise_sq_dists` relies on, so the same
# rule cannot be an error; `assert predictions.shape == targets.shape` makes it loud and costs nothing measurable.
# **Wrapping**: arithmetic modulo 256 is what `uint8` is defined to do, and a check of every sum would cost time in each of millions of
# operations; `.astype(float)` (or `int`) first prevents it and costs eight times the memory. **Truncation**: assigning into an integer array is
# allowed by definition; `np.zeros(counts.shape)` in place of `zeros_like` costs nothing. **View for copy**: a view is a full array, and writing into one is often wanted;
# `.copy()` prevents it and costs the memory and time of the copy, `a.flags.writeable = False` makes it loud.
# Full marks: two different mistakes, each with a reason why the operation is legitimate in other programs, a line that works, and its cost.
# Half: one mistake, or two without the reason.
# ### END SOLUTION

# %% [markdown]
# ## What you have learnt
#
# - An index takes an axis away, a slice keeps it. A slice is a **view**: no copy, the same memory.
# - Shapes are lined up at their last axes: $(n, 1, d) - (m, d) \to (n, m, d)$. A column $(n, 1)$ and a row $(n,)$ make $(n, n)$
#   in silence.
# - A dtype decides what fits: in `uint8`, 200 + 100 is 44, and an integer array cuts fractions off.
# - To work along axis 0 is to work on columns: $Z_{ij} = (X_{ij} - \mu_j) / \sigma_j$.
# - $D_{ij} = \sum_p (A_{ip} - B_{jp})^2$ for all pairs at once, $Y_{ij} = \sum_p W_{ijp} X_{ip}$ without a loop, and sums by
#   class as one product, $Y^\top X$.

# %% [markdown]
# ### Where to read on
#
# Harris and others, [Array programming with NumPy](https://doi.org/10.1038/s41586-020-2649-2) (2020), and
# NumPy's own page on [broadcasting](https://numpy.org/doc/stable/user/basics.broadcasting.html). The
# [NumPy tutorial of CS231n](https://cs231n.github.io/python-numpy-tutorial/) is short and good. LeCun and others,
# [Gradient-based learning applied to document recognition](https://doi.org/10.1109/5.726791) (1998), is where MNIST comes from.
#
# **Credit.** The table of slices and the statistics are from *MAT391, Unit 2: MLP Training* (K. Wong, University of Tennessee, 2022), pages "Indexing and Slicing" and "Basic Statistics"; the
# loan is from *CS 539, Machine Learning* (K. Lee, Worcester Polytechnic Institute), page "What is Flops?". The digits are E. Alpaydin's and C. Kaynak's, in the
# [UCI collection](https://doi.org/10.24432/C50P49). What the slides got wrong is listed in [Slides on trial]({{repository}}/blob/main/docs/slides.md).

# %% [markdown]
# ## How far you are
#
# What the checks that you ran in this session say, exercise by exercise; run those that are missing, then look again.

# %% tags=["explore"]
coursekit.progress()

# %% [markdown]
# ## If you want more
#
# - **Less memory.** The broadcast $(n, m, d)$ array is large. Write the distances as $|a|^2 + |b|^2 - 2\,a \cdot b$, which needs only $(n, m)$, and compare
#   time and accuracy; then move all points by $10^8$ and look again.
# - **Nearer neighbours.** Does the vote of five neighbours read more digits than the nearest one? Do standardised pixels?
# - **The real thing.** Lab 01 downloads MNIST. Read its four files with your `read_idx`, and draw the ten average digits of all 60,000.
#
# Save the notebook and hand it in. Next: lab 01, in which a matrix learns to read these digits from examples.

# %% visible
"""Visible checks of lab 00: arrays.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer. Numbers named "the slides'" are those of the lecture decks that the course grew from.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_dtype,
    expect_inputs_unchanged,
    expect_no_warning,
    expect_own_memory,
    expect_shape,
    forms,
)
from coursekit.checking.rules import by_itself

Rng = np.random.Generator
Function = Callable[..., Any]

RIGHT_FIRST = "First return a result of the right form; then this check looks at what happens to the inputs."


def _expect_no_loop(student: Student, slug: str, few: Any, many: Any, *, what: str, hint: str) -> None:
    """Expect that Python takes not even one step more for each example more, in all that the answer's text says."""
    right, steps = student.call(slug, *many), []
    readable = "Write it with NumPy's own functions: this check reads the text, and counts Python's steps."
    with by_itself(student, slug, hint=readable):
        # What a first call imports is not counted.
        for inputs in (few, few, many):
            got = student.call(slug, *inputs)
            steps.append(student.report.steps)
    expect_close(got, right, hint=readable, what="What its text gives by itself", rtol=1e-6, atol=1e-9)
    expect(min(steps) > 0, "The counting of Python's steps was switched off.", hint=readable)
    more, extra = steps[2] - steps[1], len(many[0]) - len(few[0])
    expect(
        more < extra,
        f"Python takes more steps for more {what}: there is a loop over them.",
        expected=f"as many steps for many {what} as for few",
        got=f"{more} steps more for {extra} {what} more",
        hint=hint,
    )


# %% hidden
"""Hidden checks of lab 00: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints.
"""

import gzip
import struct
from collections.abc import Callable
from fractions import Fraction
from statistics import fmean, pstdev
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_dtype,
    expect_equal,
    expect_no_warning,
    expect_shape,
)

Rng = np.random.Generator
Function = Callable[..., Any]
