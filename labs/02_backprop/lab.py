# %% [markdown]
# # Lab 02 · Gradients by machine
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **One number comes out of a network, and a million weights each want to know: which way should I move?** To ask them
# one at a time, as lab 01's central differences did, takes two million runs. There is a way that takes about as long as
# *three*: one forwards, and one backwards that costs about two. In this lab you build the machine that does it, in some
# forty lines, and train a classifier with it.
#
# You write thirteen short pieces. Under each is a *check* cell: run it as often as you like. When your work is graded,
# further checks run on other numbers; code that is right passes them too.
#
# | | you write | what it makes possible |
# |---|---|---|
# | 1–4 | `add_gate`, `mul_gate`, `max_gate`, `copy_gate` | pass a gradient backwards through one step |
# | 5 | `neuron` | pass it through a formula, line by line |
# | 6–7 | `topological_order`, `Value` | pass it through *any* formula: an engine that trains a net |
# | 8–9 | `gradient_check`, `repaired_backward` | catch a gradient that lies: hunt three planted bugs |
# | 10–11 | `matmul_backward`, `unbroadcast` | matrices for single numbers, and the same net hundreds of times faster |
# | 12–13 | `compile_graph`, `evaluate` | describe first, compute later, and only what somebody needs |

# %% [markdown]
# ## Before you begin
#
# You need arrays and broadcasting ([lab 00](../00_numpy/00_numpy.ipynb)), central differences, the hinge and a step against the gradient ([lab 01](../01_softmax/01_softmax.ipynb)), the chain
# rule for functions of one variable, and Python classes.
#
# Afterwards you can
# - pass a gradient back through any formula, by hand and by machine,
# - build an engine that computes gradients by itself (*autograd*), and say why it visits each node once, in which order,
# - check a gradient by experiment, and find a planted bug with it,
# - derive the gradient of a matrix product and of broadcasting from their shapes,
# - say what can be known of a graph that is described first, and not of one that is built while it runs.
#
# Plan four to five hours: thirteen exercises and three answers in words. `Value` alone takes an hour.

# %%
import math
import time

import numpy as np

import coursekit
from coursekit import checks_for, plots

check = checks_for("02_backprop")
ask = coursekit.questions_for("02_backprop")

# %% exercise add_gate
# %% exercise mul_gate
# %% exercise max_gate
# %% exercise copy_gate
# %% exercise neuron
# %% exercise topological_order
# %% exercise Value
# %% exercise gradient_check
# %% exercise repaired_backward
# %% exercise matmul_backward
# %% exercise unbroadcast
# %% exercise compile_graph
# %% exercise evaluate

# %% [markdown]
# ## What you have learnt
#
# - Each gate passes on upstream gradient times local slope: $g, g$ through $+$; $gy, gx$ through $xy$; all to the larger through max; the
#   **sum** $g_1 + g_2$ where a value was used twice.
# - Backwards in topological order, each node once: `parent.grad += slope * node.grad`. About two forward passes, whatever the number of
#   weights.
# - Relative error $|a - b| / \max(|a|, |b|, 10^{-5})$ of claimed and measured slopes: the largest coordinate counts.
# - $C = AB$: $\partial L/\partial A = G B^\top$, $\partial L/\partial B = A^\top G$. Broadcasting is a fan-out: sum over what was stretched.
# - Imperative graphs are built while they run; symbolic ones are described first, so that what nobody needs is never computed.

# %% [markdown]
# ### Where to read on
#
# Rumelhart, Hinton and Williams, [Learning representations by back-propagating
# errors](https://doi.org/10.1038/323533a0) (1986); Baydin and others, [Automatic differentiation in machine learning: a
# survey](https://arxiv.org/abs/1502.05767) (2018); CS231n's notes on [backpropagation](https://cs231n.github.io/optimization-2/);
# CMU's [10-714, Deep Learning Systems](https://dlsyscourse.org/), in which one builds a whole library; the papers of
# [PyTorch](https://arxiv.org/abs/1912.01703) and [TensorFlow](https://arxiv.org/abs/1605.08695).
#
# **Credit.** `Value`, the moons and the picture of the graph follow A. Karpathy's [micrograd](https://github.com/karpathy/micrograd). The gates
# and the neuron are CS231n's, by way of *Hardware for Deep Learning, Part 1* (A. Teman, Bar-Ilan University, 2020), pages "Backpropagation" and "Another Example"; the neuron with its sum of 1 also
# stands in *MAT391, Unit 2: MLP Training* (K. Wong, University of Tennessee, 2022); symbolic against imperative is from *DATASCI 420, Lesson 09-2: Deep Neural Nets* (University of Washington). What the slides got wrong is listed in [Slides on trial]({{repository}}/blob/main/docs/slides.md).

# %% [markdown]
# ## How far you are
#
# What the checks that you ran in this session say, exercise by exercise; run those that are missing, then look again.

# %% tags=["explore"]
coursekit.progress()

# %% [markdown]
# ## If you want more
#
# - **Forward mode.** Write `Dual`, a pair of a value and its slope along one input, with `+`, `*` and `tanh`. It is
#   shorter than `Value`. How many runs does it need for all gradients of the moons net?
# - **Gradients of gradients.** Let the local slopes be Values themselves. Then `grad` is a Value, and you can call
#   `backward` on it. What is the second derivative of $x^3$ at 2, by your engine?
# - **A better compiler.** Two nodes with the same function and the same parents compute the same value. Merge them
#   while compiling.
#
# Save the notebook and hand it in. Next: lab 03, in which this machine, in PyTorch's dress and in your own NumPy,
# learns to read MNIST far better than any line can.

# %% visible
"""Visible checks of lab 02: computational graphs.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer. Numbers named "the slides'" are those of the lecture decks that the course grew from, corrected where the
decks are wrong. Whoever visits nodes path by path is found by counting visits or steps, never by the clock.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_equal,
    expect_inputs_unchanged,
    expect_no_warning,
    expect_parts,
    expect_shape,
    forms,
)

Rng = np.random.Generator
Function = Callable[..., Any]
UPSTREAM = "Multiply by the upstream gradient g: what is passed on is g times the local slope."


def ladder(rungs: int) -> list[list[int]]:
    """Return the parents of each node in a chain of diamonds: 2 ** rungs paths in 3 * rungs + 1 nodes."""
    parents: list[list[int]] = [[]]
    for _ in range(rungs):
        last = len(parents) - 1
        parents += [[last], [last], [last + 1, last + 2]]
    return parents


TOO_DEEP = (
    "Python gives up on functions that call themselves some thousand deep. Keep the nodes that wait in a list of your "
    "own, and loop while it is not empty."
)
PATH_BY_PATH = (
    "You follow every path, and their number doubles with every fork. When a node has been visited, do not go into its "
    "parents again: you have been there."
)

# %% hidden
"""Hidden checks of lab 02: random cases against an independent computation of the right answer.

Gradients are compared with ones that were found another way: by carrying slopes forwards (dual numbers), or by
evaluating a function a tiny imaginary step beside its argument. Students see of these checks only their names and
hints.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checking import (
    Student,
    checks,
    expect,
    expect_close,
    expect_equal,
    expect_inputs_unchanged,
    expect_parts,
    expect_shape,
)

Rng = np.random.Generator
Function = Callable[..., Any]

#: Right answers that later exercises may use in place of the student's own: see Exercise.stand_ins.
STAND_INS: dict[str, tuple[Function, ...]] = {}


def _random_graph(rng: Rng, n: int, most: int) -> list[list[int]]:
    """Draw the parents of n nodes, of which the last is reached from every other."""
    parents: list[list[int]] = []
    for node in range(n):
        count = 0 if node < 2 else int(rng.integers(0, most + 1))
        parents.append(sorted({int(rng.integers(node)) for _ in range(count)}))
    used = {parent for found in parents for parent in found}
    parents[-1] = sorted({*parents[-1], *(node for node in range(n - 1) if node not in used)})
    return parents
