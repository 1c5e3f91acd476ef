# %% [markdown]
# ## 11 · A GPU to program
#
# What does a GPU do to earn such a roof? You write programs for one. A **kernel** is a function that says what *one thread* does. It
# is launched as a **grid** of **blocks** of **threads**, thousands of them, in no particular order; each finds out from its own
# place which numbers are its own. Here the GPU is a model, `coursekit.gpu`, 400 lines of Python that you can read. It runs your kernel
# thread by thread, in an order drawn anew, counts every access to memory, and stops at what a GPU would leave to chance.
#
# | what `me` knows | | in CUDA C++ | in OpenCL |
# |---|---|---|---|
# | `me.thread.x` | my place in my block, from 0 | `threadIdx.x` | `get_local_id(0)` |
# | `me.block.x` | my block's place in the grid | `blockIdx.x` | `get_group_id(0)` |
# | `me.size.x` | threads of a block | `blockDim.x` | `get_local_size(0)` |
# | `me.blocks.x` | blocks of the grid | `gridDim.x` | `get_num_groups(0)` |
#
# A grid has whole blocks, so it mostly reaches past the end of the data. A thread that has nothing to do there must
# notice it itself: on a real GPU nobody else does.

# %% nbgrader={"grade_id": "axpy_kernel", "solution": true}
def axpy_kernel(me, alpha, x, y):
    """Add alpha · x to y, one element for each thread.

    me: this thread: me.block.x, me.thread.x, me.size.x
    alpha: a number; x, y: (n,) in the GPU's memory; y is changed, x stays
    The grid has n threads or more, neighbours in x; those past the end do nothing.

    Hint: block 0 has elements 0 to me.size.x - 1, block 1 the next me.size.x; len(x) is n.
    """
    ### BEGIN SOLUTION
    i = me.block.x * me.size.x + me.thread.x
    if i < len(x):
        y[i] += alpha * x[i]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_axpy_kernel", "grade": true, "points": 2}
check("axpy_kernel")

# %% [markdown]
# A launch returns what it would have cost. Below, 70 elements on 3 blocks of 32 threads: who reads what, and how many lines
# of 128 bytes that takes. Memory hands out whole lines, 32 numbers of float32, and 32 neighbouring threads, a **warp**, ask together. **Guess
# first**: into how many lines do 70 numbers fall, and what if thread $t$ of block $b$ took element $3t + b$ instead?

# %% tags=["explore"]
my_guess = None  # lines of x for the second way


# %% tags=["explore"]
def scattered_axpy(me, alpha, x, y):
    """The same axpy, but neighbours do not take neighbours."""
    i = me.thread.x * me.blocks.x + me.block.x
    if i < len(x):
        y[i] += alpha * x[i]


x, y = np.arange(70, dtype="float32"), np.ones(70, dtype="float32")
run = launch(axpy_kernel, 2.0, x, y, blocks=3, threads=32)
print(f"reads {run.reads}, writes {run.writes}, lines {run.transactions}: {run.bytes_moved} bytes for {12 * 70} of use")
scattered = launch(scattered_axpy, 2.0, x, y, blocks=3, threads=32)
plots.warp_step({"neighbours": run, "every third": scattered}, title="What a warp of 32 threads reads of x in one step")
print(f"lines of x: {run.transactions['x']} and {scattered.transactions['x']}; your guess: {my_guess}")


# %% visible
def _with_axpy_kernel(axpy_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(axpy_kernel, cases)


def _axpy_case(n: int, blocks: int, threads: int, *, alpha: float = 2.0, seed: int = 0) -> dict[str, Any]:
    """Return a launch of axpy with x = 1, 2, 3, … and y = 10, 20, 30, …."""
    return case([alpha, np.arange(1.0, n + 1), 10 * np.arange(1.0, n + 1)], blocks, threads, seed=seed)


@checks("axpy_kernel")
def axpy_on_six_threads(student: Student, rng: Rng) -> None:
    """Two blocks of three threads turn y = 10, …, 60 into 12, 24, …, 72 with x = 1, …, 6 and α = 2."""
    (made,) = launched(student, "axpy_kernel", _with_axpy_kernel, [_axpy_case(6, 2, 3)])
    x = np.arange(1.0, 7)
    expect_close(
        made["arrays"][2],
        [12, 24, 36, 48, 60, 72],
        hint="Thread i adds alpha * x[i] to y[i], for i = me.block.x * me.size.x + me.thread.x.",
        what="y after the launch",
        mistakes={
            "What y held is gone: write += in place of =.": 2 * x,
            "y is as it was: write to y[i].": 10 * x,
            "alpha is missing: it is a factor of x[i].": 11 * x,
            "alpha is a factor of x[i], not of y[i].": 21 * x,
            "Only some elements have changed: each block has elements of its own.": [12, 24, 36, 40, 50, 60],
        },
    )


@checks("axpy_kernel")
def the_end_of_x_is_guarded(student: Student, rng: Rng) -> None:
    """With 10 elements and 3 blocks of 4 threads, the last two threads do nothing."""
    cases = [_axpy_case(10, 3, 4, seed=seed) for seed in range(3)] + [_axpy_case(1, 2, 4)]
    for made, n in zip(launched(student, "axpy_kernel", _with_axpy_kernel, cases), (10, 10, 10, 1), strict=True):
        hint = "if i < len(x): the last element is n - 1, and it counts."
        expect_close(made["arrays"][2], 12 * np.arange(1.0, n + 1), hint=hint, what=f"y of {n} elements")


@checks("axpy_kernel")
def each_element_is_touched_once(student: Student, rng: Rng) -> None:
    """Each element of x and of y is read once, each of y is written once, and x is not written to."""
    (made,) = launched(student, "axpy_kernel", _with_axpy_kernel, [_axpy_case(10, 3, 4)])
    reads, writes = made["reads"], made["writes"]
    hint = "One thread for one element: y[i] += alpha * x[i] is all that it does."
    expect_equal(reads, {"x": 10, "y": 10}, hint=hint, what="How often elements are read, by array,")
    expect_equal(writes, {"x": 0, "y": 10}, hint=hint, what="How often elements are written to, by array,")


@checks("axpy_kernel")
def neighbours_take_neighbours(student: Student, rng: Rng) -> None:
    """For 64 elements and 2 blocks of 32 threads, x is read in 2 lines, and y is read and written in 2 lines each."""
    (made,) = launched(student, "axpy_kernel", _with_axpy_kernel, [_axpy_case(64, 2, 32)])
    expect_close(made["arrays"][2], 12 * np.arange(1.0, 65), hint="First get y right; then this check counts lines.")
    lines = made["transactions"]
    hint = "Thread x and thread x + 1 should take elements i and i + 1: the thread's x has no factor."
    expect(lines["x"] <= 2, "The reads of x take more lines than they need.", expected=2, got=lines["x"], hint=hint)
    expect(lines["y"] <= 4, "y takes more lines than it needs.", expected=4, got=lines["y"], hint=hint)


# %% hidden
def _with_axpy_kernel(axpy_kernel: Function, text: str, cases: Any) -> Any:
    model: dict[str, Any] = {"__name__": "model"}
    exec(text, model)  # noqa: S102 - the model's own text
    launched = model["_attempt"]
    return launched(axpy_kernel, cases)


@checks("axpy_kernel")
def axpy_of_random_vectors(student: Student, rng: Rng) -> None:
    """Random vectors of many lengths, in blocks of many sizes, with some blocks too many, come out right."""
    drawn = []
    for n, threads, spare in ((1, 1, 0), (5, 8, 0), (31, 4, 2), (33, 32, 0), (70, 7, 1)):
        alpha, x, y = float(rng.uniform(0.2, 0.8)), rng.normal(size=n), rng.normal(size=n)
        inputs = [alpha, x.astype(np.float32), y.astype(np.float32)]
        drawn.append(case(inputs, -(-n // threads) + spare, threads, seed=int(rng.integers(2**31))))
    for made, each in zip(launched(student, "axpy_kernel", _with_axpy_kernel, drawn), drawn, strict=True):
        alpha, x, y = each["inputs"]
        right = [math.fsum([alpha * a, b]) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        hint = f"Try {len(x)} elements in blocks of {each['threads']} threads, and an alpha that is no whole number."
        expect_close(made["arrays"][2], right, hint=hint, what="y after the launch", rtol=1e-5, atol=1e-5)


# %% right early_return
def axpy_kernel(me, alpha, x, y):
    i = me.thread.x + me.size.x * me.block.x
    if i >= x.shape[0]:
        return
    y[i] = alpha * x[i] + y[i]


# %% right in_steps_of_the_grid
def axpy_kernel(me, alpha, x, y):
    n = len(y)
    for i in range(me.block.x * me.size.x + me.thread.x, n, me.blocks.x * me.size.x):
        y[i] = y[i] + x[i] * alpha


# %% right helper
def place(me):
    return me.block[0] * me.size[0] + me.thread[0]


def axpy_kernel(me, alpha, x, y):
    if place(me) <= len(x) - 1:
        y[place(me)] += alpha * x[place(me)]


# %% wrong no_guard -> the_end_of_x_is_guarded
# The grid is larger than the data.
# - if i < len(x):
# + if True:

# %% wrong guard_one_too_far -> the_end_of_x_is_guarded
# - if i < len(x):
# + if i <= len(x):

# %% wrong guard_one_too_near -> the_end_of_x_is_guarded
# - if i < len(x):
# + if i < len(x) - 1:

# %% wrong whole_blocks_only -> the_end_of_x_is_guarded
# - if i < len(x):
# + if (me.block.x + 1) * me.size.x <= len(x):

# %% wrong assigned -> axpy_on_six_threads
# y is added to.
# - y[i] += alpha * x[i]
# + y[i] = alpha * x[i]

# %% wrong alpha_forgotten -> axpy_on_six_threads
# - y[i] += alpha * x[i]
# + y[i] += x[i]

# %% wrong alpha_times_y -> axpy_on_six_threads
# - y[i] += alpha * x[i]
# + y[i] = x[i] + alpha * y[i]

# %% wrong block_forgotten -> axpy_on_six_threads
# Every block would do the work of the first.
# - i = me.block.x * me.size.x + me.thread.x
# + i = me.thread.x

# %% wrong grid_for_block -> axpy_on_six_threads
# - i = me.block.x * me.size.x + me.thread.x
# + i = me.block.x * me.blocks.x + me.thread.x

# %% wrong blocks_of_32_assumed -> axpy_on_six_threads
# - i = me.block.x * me.size.x + me.thread.x
# + i = me.block.x * 32 + me.thread.x

# %% wrong every_thread_does_all -> axpy_on_six_threads
# One thread, one element.
# - if i < len(x):
# + for i in range(len(x)):


# %% wrong one_thread_does_all -> neighbours_take_neighbours
def axpy_kernel(me, alpha, x, y):
    if me.block.x == 0 and me.thread.x == 0:
        for i in range(len(x)):
            y[i] += alpha * x[i]


# %% wrong threads_far_apart -> neighbours_take_neighbours
# - i = me.block.x * me.size.x + me.thread.x
# + i = me.thread.x * me.blocks.x + me.block.x

# %% wrong a_stretch_for_each_thread -> neighbours_take_neighbours
# As one would share work among the cores of a processor.
# - if i < len(x):
# -     y[i] += alpha * x[i]
# + stretch = -(-len(x) // (me.blocks.x * me.size.x)) + 1
# + for i in range(i * stretch, min((i + 1) * stretch, len(x))):
# +     y[i] += alpha * x[i]

# %% wrong x_scaled_in_place -> each_element_is_touched_once
# x stays.
# - y[i] += alpha * x[i]
# + x[i] *= alpha
# + y[i] += x[i]

# %% wrong numpy_for_one_element -> axpy_on_six_threads
# A kernel is about one element.
# - y[i] += alpha * x[i]
# + y[:] = alpha * x + y

# %% wrong alpha_cut_to_an_integer -> axpy_of_random_vectors
# - y[i] += alpha * x[i]
# + y[i] += int(alpha) * x[i]

# %% wrong reads_what_is_not_counted -> axpy_on_six_threads
# What the model keeps inside is not the GPU's memory.
# - y[i] += alpha * x[i]
# + y._values[i] += alpha * x._values[i]


# %% wrong bounds_left_to_an_exception -> the_end_of_x_is_guarded
# A GPU raises none.
def axpy_kernel(me, alpha, x, y):
    i = me.block.x * me.size.x + me.thread.x
    try:
        y[i] += alpha * x[i]
    except Exception as past_the_end:
        del past_the_end
