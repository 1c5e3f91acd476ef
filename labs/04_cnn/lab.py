# %% [markdown]
# # Lab 04 · Looking with convolutions
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({{colab}})
#
# **Shuffle the pixels of every digit in the same way, train a network of lab 03 anew, and it reads them just as well as before.**
# It does not know that two pixels are neighbours. A convolution knows: it looks at small windows, everywhere with the
# same weights. In this lab you slide one by hand over a 6 × 6 image, then turn the sliding into a single matrix
# product, and end with a network that tells cats from ships after eight hundred steps of training.
#
# You write fifteen short functions. As before, each has a check under it, and grading runs further checks on other
# data.
#
# | | you write | what it makes possible |
# |---|---|---|
# | 1 | `correlate2d` | find the edges in a photograph |
# | 2–3 | `conv_output_size`, `conv_params`, `conv_macs` | know a layer's size and price before running it |
# | 4–6 | `conv_forward`, `im2col`, `conv_forward_im2col` | a whole layer: slowly, then as one matrix product |
# | 7–8 | `col2im`, `conv_backward` | let the filters be learnt |
# | 9 | `max_pool_forward`, `max_pool_backward`, `avg_pool_forward` | see less, from further away |
# | 10–12 | `make_cnn`, `train_cnn`, `transfer` | read MNIST and CIFAR-10, and reuse what was learnt |

# %% [markdown]
# ## Before you begin
#
# You need fan-out, the max gate and gradients of matrix products ([lab 02](../02_backprop/02_backprop.ipynb)), and how a network is trained and judged in
# PyTorch ([lab 03](../03_mlp/03_mlp.ipynb)).
#
# Afterwards you can
# - slide a filter by hand, and say a layer's output size, parameters and multiply-adds before it runs,
# - turn a convolution into one matrix product, and pass gradients back through it and through pooling,
# - build and train a convolutional network, and look into it: filters, maps, receptive fields, mistakes,
# - say what a convolution assumes about pictures, and show by experiment when that fails,
# - reuse a trained network for a new task with few examples.
#
# Plan five to six hours, in two sittings: fifteen exercises and three answers in words. Sections 1 to 9 are the first half. All training together takes
# three to eight minutes on two free cores, as the processor is, and several times that on a machine with other work to do.
#
# In the browser alone, where there is no PyTorch, you can write and check all but `make_cnn`, `train_cnn` and `transfer`; these, and the cells
# that train, need a computer or Colab.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

try:
    import torch

    from coursekit import speedrun
except ModuleNotFoundError:
    from coursekit.absent import speedrun, torch

import coursekit
from coursekit import checks_for, digitpad, load_cifar10, load_mnist, plots
from coursekit.batches import Batches

check = checks_for("04_cnn")
ask = coursekit.questions_for("04_cnn")

# %% exercise correlate2d
# %% exercise conv_output_size
# %% exercise conv_params
# %% exercise conv_macs
# %% exercise conv_forward
# %% exercise im2col
# %% exercise conv_forward_im2col
# %% exercise col2im
# %% exercise conv_backward
# %% exercise max_pool_forward
# %% exercise max_pool_backward
# %% exercise avg_pool_forward
# %% exercise make_cnn
# %% exercise train_cnn
# %% exercise transfer

# %% [markdown]
# ## Where this leads
#
# Reading one label off a picture is the simplest of the tasks that the lectures name, and a convolutional network is
# one family among several. On one page: what one can ask of a picture, and which networks exist for which kind of data.

# %% tags=["explore"]
plots.tasks_and_networks()

# %% [markdown]
# One of them in a few lines: a **recurrent** network. It reads a text letter by letter. At each letter $x_t$ it computes a new state from the
# letter and from its old state, with the same weights every time, and says which letter comes next:
#
# $$h_t = \tanh(x_t W + h_{t-1} U + b), \qquad \text{logits}_t = h_t V + c.$$
#
# What is shared here is shared over time, as a filter's weights are over places. The text is a sentence of this lab, again and again.

# %% tags=["explore"]
text = "a convolution looks at small windows, everywhere with the same weights. "
letters = sorted(set(text))
codes = torch.tensor([letters.index(letter) for letter in text])
torch.manual_seed(0)
read, speak = torch.nn.RNN(len(letters), 64, batch_first=True), torch.nn.Linear(64, len(letters))
optimizer = torch.optim.Adam([*read.parameters(), *speak.parameters()], lr=0.01)
one_hot = torch.nn.functional.one_hot(codes, len(letters)).float()[None]
spelling = []
for _ in range(150):
    loss = torch.nn.functional.cross_entropy(speak(read(one_hot)[0])[0, :-1], codes[1:])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    spelling.append(loss.item())
said, state, letter = "a", None, one_hot[:, :1]
with torch.no_grad():
    for _ in range(len(text) - 1):
        hidden, state = read(letter, state)
        best = int(speak(hidden)[0, -1].argmax())
        said += letters[best]
        letter = torch.nn.functional.one_hot(torch.tensor([[best]]), len(letters)).float()
print(f"given “a”, it goes on: {said}")
plots.curves(
    {"loss": (np.arange(1, len(spelling) + 1), spelling)},
    xlabel="step",
    ylabel="loss per letter",
    title="A recurrent network learns one sentence by heart",
)

# %% [markdown]
# ## 13 · Why?
#
# A fully connected layer could compute everything that a convolution computes, and yet the convolutional network reads
# better with as many parameters. **Name the two assumptions about pictures that a convolution has built in. For each,
# say what it saves, and name an experiment of this lab that shows it at work or shows what happens when it does not
# hold.** Then name data for which one of the two is wrong. Five to eight sentences.

# %% [markdown] nbgrader={"grade_id": "why_convolution_works", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# (1) **Locality**: what belongs together lies close together, so that a small window is enough to begin with. It saves
# connections: 75 weights per filter instead of 3,072 in the lecture's example. The shuffled digits show it: neighbours
# mean nothing there, and the convolutional network loses while the fully connected one does not notice.
# (2) **The same everywhere** (weight sharing, translation): a feature worth finding in one place is worth finding in
# all. It saves parameters, 456 against 14.5 million, and examples, since every place of every image teaches the same
# filter. The digits shifted by two pixels show it; the filter learnt from a single photograph and the transfer to new
# digits do, too.
# Wrong for: tables whose columns have no order (locality), faces in passport photographs or spectrograms, in which
# place has a meaning (sharing), pixels shuffled by a fixed order.
# Full marks (3): both assumptions, with what each saves and a fitting experiment, and a sensible counterexample. One
# mark off for each that is missing or only asserted.
# ### END SOLUTION

# %% [markdown]
# ## What you have learnt
#
# - $y_{ij} = \sum_{u,v} x_{i+u,\,j+v}\, k_{uv}$: deep learning's "convolution" is a correlation, nothing is flipped.
# - $n_\text{out} = \lfloor (n + 2p - k)/s \rfloor + 1$; $c_\text{out} (c_\text{in} k^2 + 1)$ parameters;
#   $c_\text{out} h_\text{out} w_\text{out} c_\text{in} k^2$ multiply-adds, each 2 FLOP.
# - im2col makes it one product; its way back, col2im, **adds**. $dW_\text{flat} = dY_\text{flat}^\top\,\text{cols}$.
# - Max pooling sends the gradient to the pixel that won, the first among equals.
# - Locality and sharing are assumptions. Shuffled pixels break the first; features learnt on one task serve for another.

# %% [markdown]
# ### Where to read on
#
# LeCun and others, [Gradient-based learning](https://doi.org/10.1109/5.726791) (1998);
# [AlexNet](https://doi.org/10.1145/3065386) (2012); Zeiler and Fergus, [Visualizing and Understanding Convolutional
# Networks](https://arxiv.org/abs/1311.2901) (2014); Dumoulin and Visin, [A guide to convolution
# arithmetic](https://arxiv.org/abs/1603.07285) (2016); [Batch Normalization](https://arxiv.org/abs/1502.03167) (2015); Yosinski and others, [How
# transferable are features?](https://arxiv.org/abs/1411.1792) (2014); CS231n's notes on [convolutional
# networks](https://cs231n.github.io/convolutional-networks/).
#
# **Credit.** The 5 × 5 and 6 × 6 images, pooling and the count for six filters are from *CS 539, Machine Learning* (K. Lee, Worcester Polytechnic Institute), pages "Convolutional Layer", "Pooling Layer",
# "Convolution Layer" and "Why CNN for Image?"; transfer learning from *Hardware for Deep Learning, Part 1* (A. Teman, Bar-Ilan University, 2020), page "Batch Training"; the network families from
# *Hardware for Deep Learning, Part 1* (A. Teman, Bar-Ilan University, 2020) and *DATASCI 420, Lesson 09-2: Deep Neural Nets* (University of Washington). im2col and its exercises go back to CS231n; checkerboards to Odena and others,
# [Deconvolution and Checkerboard Artifacts](https://distill.pub/2016/deconv-checkerboard/) (2016); the fast training loop to D. Page and
# K. Jordan. What the slides got wrong is listed in [Slides on trial]({{repository}}/blob/main/docs/slides.md).

# %% [markdown]
# ## How far you are
#
# What the checks that you ran in this session say, exercise by exercise; run those that are missing, then look again.

# %% tags=["explore"]
coursekit.progress()

# %% [markdown]
# ## If you want more
#
# - **Climb the leaderboard.** Make `make_cnn` deeper where the image is small; use label smoothing, shifts (`shift=2`),
#   larger batches. Which change pays for the time it takes?
# - **Two thin filters for one.** `np.outer([1, 2, 1], [-1, 0, 1])` is the edge filter of section 1. Show that two
#   passes, 3 × 1 and then 1 × 3, give the same result, and count the multiply-adds. Which 3 × 3 filters can be split
#   like that?
# - **Really convolve.** Flip the filter, multiply Fourier transforms (`np.fft.rfft2`), and hold the result against
#   `correlate2d`. From which filter size on is that faster?
#
# Save the notebook and hand it in. Next: lab 05. You have seen that a matrix product is what everything comes down to;
# now measure how fast one can be.

# %% visible
"""Visible checks of lab 04: convolution by hand, as a matrix product, and in networks.

They compare with numbers worked out by hand and with what must hold of any right answer; nothing here computes
an answer. Numbers named "the slide's" are those of the lecture decks that the course grew from.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from coursekit.checking import (
    NotWrittenError,
    Student,
    StudentError,
    checks,
    expect,
    expect_close,
    expect_equal,
    expect_inputs_unchanged,
    expect_own_memory,
    expect_parts,
    expect_shape,
    forms,
)
from coursekit.checking.rules import by_itself, names_in
from coursekit.checking.uncalled import uncalled

#: Torch imports this when the first optimiser is made, which takes seconds: it is there before the first submission.
PRELOAD = ("torch._dynamo",)

Rng = np.random.Generator
Function = Callable[..., Any]

RIGHT_FIRST = "First return a result of the right form; then this check looks at what happens to the inputs."

# 0 1 2 / 3 4 5 / 6 7 8, and a filter that is the same in no other position.
X_NINE = np.arange(9.0).reshape(3, 3)
K_FOUR = np.array([[0.0, 1.0], [2.0, 3.0]])
Y_NINE = np.array([[19.0, 25.0], [37.0, 43.0]])
FLIPPED, TRANSPOSED = [[5.0, 11.0], [23.0, 29.0]], [[17.0, 23.0], [35.0, 41.0]]
FLIPPED_HINT = "The filter is flipped: lay it on the image as it is, k[0, 0] on the window's top left pixel."
TRANSPOSED_HINT = "Rows and columns of the filter are exchanged: k[u, v] belongs to the pixel x[i + u, j + v]."


def _expect_refusal(student: Student, slug: str, *inputs: Any, what: str) -> None:
    """Expect a ValueError where no window fits."""
    hint = "Raise ValueError if the window is larger than the padded image, in rows or in columns."
    try:
        got = student.call(slug, *inputs)
    except NotWrittenError:
        raise
    except StudentError as error:
        returned = "of type 'ValueError'" in str(error.got)
        expect(
            error.kind == "ValueError",
            f"{what}, and the error is returned: raise it." if returned else f"{what}: that is another error.",
            expected="ValueError",
            got=error.got,
            hint=hint,
        )
        return
    shape = np.shape(got) if isinstance(got, np.ndarray | list) else ()
    shown = f"an array of shape {shape}" if shape else got
    expect(False, f"{what}, and nothing is said.", expected="ValueError", got=shown, hint=hint)


def _expect_not_cut_away(images: Any, *, what: str = "The result") -> None:
    """Expect that cutting off a padding of 0 has left something."""
    hint = "[pad:-pad] with pad = 0 is [0:0], which is empty: end at pad + h and pad + w, [pad : pad + h]."
    empty = isinstance(images, np.ndarray | list) and np.size(images) == 0
    got = f"shape {np.shape(images)}" if empty else ""
    expect(not empty, f"{what} is empty where pad is 0.", got=got, hint=hint)


def _expect_count(
    student: Student, slug: str, setting: tuple[int, ...], right: int, mistakes: Mapping[str, float]
) -> None:
    expect_close(
        student.call(slug, *setting),
        right,
        hint="Count one filter first: which numbers does it consist of, and how often is it used?",
        what=f"{slug}{setting}",
        mistakes=mistakes,
    )


#: Two channels: the numbers 0 to 8, and ones. Two filters: the one from above with ones, and nothing.
X_TWO = np.stack([X_NINE, np.ones((3, 3))])[None]
W_TWO = np.stack([np.stack([K_FOUR, np.ones((2, 2))]), np.zeros((2, 2, 2))])
B_TWO = np.array([100.0, 200.0])
Y_TWO = np.array([[[[123.0, 129.0], [141.0, 147.0]], [[200.0, 200.0], [200.0, 200.0]]]])
X_RECTANGLE, W_RECTANGLE = np.ones((1, 2, 5, 7)), np.ones((3, 2, 2, 3))
Y_RECTANGLE = np.array([[4.0, 6.0, 6.0, 4.0], [8.0, 12.0, 12.0, 8.0], [8.0, 12.0, 12.0, 8.0]])
SWAPPED = "Rows and columns are exchanged: kh goes with the height, kw with the width."


def _expect_single_channel(student: Student, slug: str) -> None:
    expect_close(
        student.call(slug, X_NINE[None, None], K_FOUR[None, None], np.zeros(1), 1, 0),
        Y_NINE[None, None],
        hint="With one channel and one filter this is the correlation of section 1.",
        mistakes={
            FLIPPED_HINT: [[FLIPPED]],
            TRANSPOSED_HINT: [[TRANSPOSED]],
            "Rows and columns of the result are exchanged.": Y_NINE.T[None, None],
        },
    )


def _expect_channels_and_filters(student: Student, slug: str) -> None:
    expect_close(
        student.call(slug, X_TWO, W_TWO, B_TWO, 1, 0),
        Y_TWO,
        hint="Add up over all input channels; each filter makes one output channel and adds its own bias once.",
        mistakes={
            "Only the first channel is used: add up over all of them.": Y_TWO - [[[[4.0]], [[0.0]]]],
            "Only the last channel is used: add up over all of them.": [
                [[[104.0, 104.0], [104.0, 104.0]], [[200.0, 200.0], [200.0, 200.0]]]
            ],
            "The bias is missing.": Y_TWO - [[[[100.0]], [[200.0]]]],
            "The bias belongs to the filters, not to the columns of the result.": [
                [[[123.0, 229.0], [141.0, 247.0]], [[100.0, 200.0], [100.0, 200.0]]]
            ],
            "The bias belongs to the filters, not to the rows of the result.": [
                [[[123.0, 129.0], [241.0, 247.0]], [[100.0, 100.0], [200.0, 200.0]]]
            ],
            "The bias is added once for each channel: add it once for each place.": np.add(
                Y_TWO, [[[[100.0]], [[200.0]]]]
            ),
            "The bias is added to every product: add it once, to their sum.": np.add(Y_TWO, [[[[700.0]], [[1400.0]]]]),
            "Each filter has a bias of its own: add that one alone.": np.add(Y_TWO, [[[[200.0]], [[100.0]]]]),
            "A reshape mixes the numbers of the filters: W.reshape(c_out, -1) has one in each row; transpose that.": [
                [[[109.0, 113.0], [121.0, 125.0]], [[210.0, 216.0], [228.0, 234.0]]]
            ],
            "The axes are in another order: a reshape does not move the channels to axis 1; a transpose does.": [
                [[[123.0, 200.0], [129.0, 200.0]], [[141.0, 200.0], [147.0, 200.0]]]
            ],
            FLIPPED_HINT: [[[[109.0, 115.0], [127.0, 133.0]], [[200.0, 200.0], [200.0, 200.0]]]],
        },
    )


def _expect_rectangle(student: Student, slug: str) -> None:
    got = student.call(slug, X_RECTANGLE, W_RECTANGLE, np.zeros(3), 2, 1)
    expect_shape(got, (1, 3, 3, 4), hint=SWAPPED)
    hint = "On ones, each value is the number of pixels, of both channels, that the window covers: zeros add nothing."
    expect_close(got, np.stack([Y_RECTANGLE] * 3)[None], hint=hint)


# pooling


POOL_SLIDE = np.array([[1, 3, 5, 3], [4, 2, 3, 1], [3, 1, 1, 3], [0, 1, 0, 4]])[None, None]

#: A tick of the check's clock, in seconds; a power of two, so that no sum is rounded.
TICK_S = 1 / 128

# %% hidden
"""Hidden checks of lab 04: random cases against an independent computation of the right answer.

Students see of these checks only their names and hints. The references are held against PyTorch in
``tests/hidden/test_04_cnn.py``.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from coursekit.checking import Student, checks, expect, expect_close, expect_parts, expect_shape

Rng = np.random.Generator
Function = Callable[..., Any]

#: Right answers that later exercises may use in place of the student's own: see Exercise.stand_ins.
STAND_INS: dict[str, tuple[Function, ...]] = {}

# n, c_in, h, w, c_out, kh, kw, stride, pad
LAYERS = (
    (2, 2, 5, 7, 3, 2, 3, 2, 1),
    (1, 3, 6, 4, 2, 3, 2, 1, 0),
    (2, 1, 7, 5, 1, 3, 3, 3, 2),
    (1, 4, 3, 3, 2, 1, 1, 2, 0),
    (3, 2, 2, 3, 2, 2, 3, 1, 0),
)


def _layers(rng: Rng) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, int, int]]:
    for n, c_in, h, w, c_out, kh, kw, stride, pad in LAYERS:
        X, W = rng.normal(size=(n, c_in, h, w)), rng.normal(size=(c_out, c_in, kh, kw))
        yield X, W, rng.normal(size=c_out), stride, pad


def _about(X: Any, W: Any, stride: int, pad: int) -> str:
    return f"The result for X {X.shape}, W {W.shape}, stride {stride}, pad {pad}"


# n, c, h, w, size, stride
POOLS = ((2, 2, 5, 7, 2, 2), (1, 3, 6, 4, 3, 1), (2, 1, 7, 5, 2, 3), (1, 2, 3, 3, 3, 2), (1, 1, 4, 6, 1, 2))
