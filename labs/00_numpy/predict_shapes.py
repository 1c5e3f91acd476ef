# %% [markdown]
# ## 2 · Shapes, before running
#
# An array is a block of numbers of one type with a **shape**: the length of each axis, outermost first. An index such as
# `2` picks one place on its axis, and the axis is gone. A slice such as `1:3` keeps the axis. It runs from its start to
# *before* its end: `1:3` is the places 1 and 2, and $b - a$ is the length of `a:b` as long as both lie within the axis; a
# slice that reaches past the end simply stops there. Negative numbers count from the end; `::2` takes every second place.
#
# The lecture's table of slices has both rules, and a note that contradicts them: its header says that a slice ends
# *before* its end, and the note below says of `:2` "stop at 1". Take the header.
#
# Whoever can say a shape before running the line finds most mistakes before making them. So this is a game with one rule:
# **fill in all twelve shapes before you run any of the expressions.** The check says which lines are wrong, not what is
# right.

# %% nbgrader={"grade_id": "predict_shapes", "solution": true}
def predict_shapes():
    """Predict the shapes of twelve expressions. arr has shape (3, 3) and X has shape (4, 6).

    a  arr[:2, 1:]      e  arr[:, :2]       i  X[::2]
    b  arr[2]           f  arr[1, :2]       j  X[:, -1:]
    c  arr[2, :]        g  arr[1:2, :2]     k  X[0, 0]
    d  arr[2:, :]       h  X[1:-1, 1:-1]    l  X[2:100]

    Returns a dict from each letter to a tuple of whole numbers: {"a": (…, …), "b": …}.
    One axis of length 7 is written (7,), no axis at all ().
    """
    ### BEGIN SOLUTION
    return {
        "a": (2, 2),
        "b": (3,),
        "c": (3,),
        "d": (1, 3),
        "e": (3, 2),
        "f": (2,),
        "g": (1, 2),
        "h": (2, 4),
        "i": (2, 6),
        "j": (4, 1),
        "k": (),
        "l": (2, 6),
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_predict_shapes", "grade": true, "points": 2}
check("predict_shapes")

# %% [markdown]
# Now look. Each picture shows the whole array, with the places that the expression takes in blue. `arr[1, :2]` and
# `arr[1:2, :2]` take the same two numbers, and yet they are different arrays: one is a row of numbers, the other a table
# with one row.

# %% tags=["explore"]
arr = np.arange(9).reshape(3, 3)
taken = {
    "a  arr[:2, 1:]": arr[:2, 1:],
    "b  arr[2]": arr[2],
    "c  arr[2, :]": arr[2, :],
    "d  arr[2:, :]": arr[2:, :],
    "e  arr[:, :2]": arr[:, :2],
    "f  arr[1, :2]": arr[1, :2],
    "g  arr[1:2, :2]": arr[1:2, :2],
}
plots.selections(arr, taken, title="What each expression takes, and the shape of what comes out")

# %% tags=["explore"]
X = np.arange(24).reshape(4, 6)
taken = {
    "h  X[1:-1, 1:-1]": X[1:-1, 1:-1],
    "i  X[::2]": X[::2],
    "j  X[:, -1:]": X[:, -1:],
    "k  X[0, 0]": X[0, 0],
    "l  X[2:100]": X[2:100],
}
plots.selections(X, taken, columns=3, title="The same for X")

# %% [markdown]
# Two operations change a shape and are often mistaken for each other. `a.T` turns rows into columns. `a.reshape(3, 2)`
# keeps the numbers in their order and only breaks the lines elsewhere. For a 2 × 3 array both give the shape (3, 2), and
# no error tells you which one you meant.

# %% tags=["explore"]
a = np.array([[1, 2, 3], [4, 5, 6]])
plots.arrays({"a": a, "a.T": a.T, "a.reshape(3, 2)": a.reshape(3, 2)}, title="One shape, two arrays")

# %% visible
LETTERS = "abcdefghijkl"
# So that nobody reads the answers here by accident: a number that the right answer has, and hardly another.
FINGERPRINTS = {
    "a": 4222332950,
    "b": 219615020,
    "c": 3326860425,
    "d": 3991991779,
    "e": 1115789148,
    "f": 2537826061,
    "g": 2053423937,
    "h": 2998799547,
    "i": 1277324967,
    "j": 44829219,
    "k": 3938574136,
    "l": 79847619,
}


def _predicted(student: Student) -> dict[str, Any]:
    """Return the student's dict of predictions, whatever its values."""
    got = student.call("predict_shapes")
    form = 'Return a dict such as {"a": (7, 7), "b": (7,)}: each line\'s letter in quotes, a colon, its shape.'
    expect(isinstance(got, dict), "The result is not a dict.", got=type(got).__name__, hint=form)
    known = all(isinstance(key, str) and key in LETTERS and len(key) == 1 for key in got)
    expect(known, "There is a line that the game does not have.", got=sorted(map(str, got)), hint=form)
    return {letter: tuple(shape) if isinstance(shape, list) else shape for letter, shape in got.items()}


def _expect_lines(student: Student, letters: Iterable[str], *, hint: str) -> None:
    """Expect the right shapes in some lines; name the wrong ones, and no right shape."""
    got = _predicted(student)
    wrong = [line for line in letters if zlib.crc32(f"{line} {got.get(line)}".encode()) != FINGERPRINTS[line]]
    named = ", ".join(wrong)
    message = f"Line {named} is not right yet." if len(wrong) == 1 else f"Lines {named} are not right yet."
    given = "\n".join(f"{line}: {got[line]}" if line in got else f"{line}: open" for line in wrong)
    expect(not wrong, message, got=given, hint=hint)


@checks("predict_shapes")
def every_line_has_a_shape(student: Student, rng: Rng) -> None:
    """All twelve lines are filled in, each with a tuple of whole numbers."""
    got = _predicted(student)
    for letter in LETTERS:
        expect(letter in got, f"Line {letter} is still open.", hint="A guess costs nothing: you may check again.")
        shape = got[letter]
        number = f"(3) is only the number 3: a tuple with one entry has a comma in it, as in {letter!r}: (7,)."
        expect(not isinstance(shape, int), f"Line {letter} is a number.", got=shape, hint=number)
        quotes = f"Without the quotes: a shape is a tuple of numbers, not a text, as in {letter!r}: (7,)."
        expect(not isinstance(shape, str), f"Line {letter} is a text.", got=repr(shape), hint=quotes)
        fits = isinstance(shape, tuple) and all(type(length) is int for length in shape)
        hint = "A shape is a tuple of whole numbers, the length of each axis, such as (7, 7)."
        expect(fits, f"Line {letter} is no shape.", got=shape, hint=hint)


@checks("predict_shapes")
def an_index_takes_its_axis_away(student: Student, rng: Rng) -> None:
    """Lines b, c, f and k are right: a plain index takes its axis away."""
    hint = "An index such as 2 picks one place, and the axis is gone: only the axes that have a slice are left."
    rest = "An axis that is not named is kept whole; of one that has a slice, the slice's end is not taken."
    _expect_lines(student, "bcfk", hint=f"{hint} {rest}")


@checks("predict_shapes")
def a_slice_keeps_its_axis(student: Student, rng: Rng) -> None:
    """Lines a, d, e and g are right: a slice keeps its axis, and its end is not taken."""
    hint = "A slice keeps its axis, even if one place is left. Its end is not taken: 5:8 are the places 5, 6 and 7."
    _expect_lines(student, "adeg", hint=hint)


@checks("predict_shapes")
def slices_count_from_the_end_and_in_steps(student: Student, rng: Rng) -> None:
    """Lines h, i, j and l are right: negative places, steps, and a slice that reaches too far."""
    beyond = "A slice that reaches past the end stops there."
    hint = "X is (4, 6). -1 is the last place: an end is not taken, a start is."
    _expect_lines(student, "hijl", hint=f"{hint} ::2 is every second place, from the first on. {beyond}")


# %% hidden
@checks("predict_shapes")
def all_lines_by_running_them(student: Student, rng: Rng) -> None:
    """All twelve predictions agree with what NumPy makes of the expressions."""
    arr, X = np.zeros((3, 3)), np.zeros((4, 6))
    results = [arr[:2, 1:], arr[2], arr[2, :], arr[2:, :], arr[:, :2], arr[1, :2], arr[1:2, :2]]
    results += [X[1:-1, 1:-1], X[::2], X[:, -1:], X[0, 0], X[2:100]]
    got = student.call("predict_shapes")
    hint = "Now you may run the expressions: np.zeros((4, 6))[::2].shape says one."
    expect(isinstance(got, dict), "The result is not a dict.", hint=hint)
    for letter, result in zip("abcdefghijkl", results, strict=True):
        shape = got.get(letter)
        expect_equal(list(shape) if isinstance(shape, tuple | list) else shape, list(np.shape(result)), hint=hint)


# %% right lists
def predict_shapes():
    shapes = dict(a=[2, 2], b=[3], c=[3], d=[1, 3], e=[3, 2], f=[2], g=[1, 2])
    shapes |= dict(h=[2, 4], i=[2, 6], j=[4, 1], k=[], l=[2, 6])
    return shapes


# %% right run_after_all
def predict_shapes():
    arr, X = np.empty((3, 3)), np.empty((4, 6))
    values = [arr[:2, 1:], arr[2], arr[2, :], arr[2:, :], arr[:, :2], arr[1, :2], arr[1:2, :2]]
    values += [X[1:-1, 1:-1], X[::2], X[:, -1:], X[0, 0], X[2:100]]
    return {letter: value.shape for letter, value in zip("abcdefghijkl", values)}


# %% right words
def predict_shapes():
    answers = "2,2 3 3 1,3 3,2 2 1,2 2,4 2,6 4,1 - 2,6".split()
    return {
        letter: tuple(int(length) for length in answer.split(",") if length != "-")
        for letter, answer in zip("lkjihgfedcba", answers[::-1])
    }


# %% wrong an_index_that_keeps_its_axis -> an_index_takes_its_axis_away
# What an index does to an axis, and what a slice does.
# - "b": (3,),
# - "c": (3,),
# + "b": (1, 3),
# + "c": (1, 3),

# - "f": (2,),
# + "f": (1, 2),

# - "k": (),
# + "k": (1, 1),

# %% wrong a_slice_that_loses_its_axis -> a_slice_keeps_its_axis
# - "d": (1, 3),
# + "d": (3,),

# - "g": (1, 2),
# + "g": (2,),

# - "j": (4, 1),
# + "j": (4,),

# %% wrong the_index_taken_for_a_length -> an_index_takes_its_axis_away
# - "b": (3,),
# - "c": (3,),
# + "b": (2,),
# + "c": (2,),

# - "f": (2,),
# + "f": (1, 2),

# %% wrong a_number_has_one_axis -> an_index_takes_its_axis_away
# - "k": (),
# + "k": (1,),

# %% wrong the_minus_one_included -> slices_count_from_the_end_and_in_steps
# Where a slice ends.
# - "h": (2, 4),
# + "h": (3, 5),

# %% wrong too_far_means_that_long -> slices_count_from_the_end_and_in_steps
# - "l": (2, 6),
# + "l": (98, 6),


# %% wrong the_end_taken_as_included -> a_slice_keeps_its_axis
# The note below the slide's table: stop at 1, stop at 2.
# - "a": (2, 2),
# + "a": (3, 2),

# - "e": (3, 2),
# - "f": (2,),
# - "g": (1, 2),
# - "h": (2, 4),
# + "e": (3, 3),
# + "f": (3,),
# + "g": (2, 3),
# + "h": (3, 5),


# %% wrong steps_taken_for_a_start -> slices_count_from_the_end_and_in_steps
# A step, too, belongs to its own axis.
# - "i": (2, 6),
# + "i": (3, 6),

# %% wrong steps_on_columns -> all_lines_by_running_them
# - "i": (2, 6),
# + "i": (4, 3),


# %% wrong columns_before_rows -> a_slice_keeps_its_axis
# - "d": (1, 3),
# - "e": (3, 2),
# + "d": (3, 1),
# + "e": (2, 3),

# - "g": (1, 2),
# - "h": (2, 4),
# - "i": (2, 6),
# - "j": (4, 1),
# + "g": (2, 1),
# + "h": (4, 2),
# + "i": (6, 2),
# + "j": (1, 4),


# %% wrong numbers_for_tuples -> every_line_has_a_shape
# Not a dict of tuples of whole numbers for all twelve lines.
# (3) in place of (3,).
# - "b": (3,),
# - "c": (3,),
# + "b": 3,
# + "c": 3,

# - "f": (2,),
# + "f": 2,

# %% wrong a_variable_for_a_length -> every_line_has_a_shape
# - "a": (2, 2),
# + "a": ("n", 2),

# %% wrong lines_left_open -> every_line_has_a_shape
# - "h": (2, 4),
# - "i": (2, 6),
# - "j": (4, 1),
# - "k": (),
# - "l": (2, 6),


# %% wrong a_list_without_letters -> every_line_has_a_shape
def predict_shapes():
    return [(2, 2), (3,), (3,), (1, 3), (3, 2), (2,), (1, 2), (2, 4), (2, 6), (4, 1), (), (2, 6)]


# %% wrong expressions_for_letters -> every_line_has_a_shape
def predict_shapes():
    return {"arr[:2, 1:]": (2, 2), "arr[2]": (3,)}


# %% wrong shapes_in_quotes -> every_line_has_a_shape
def predict_shapes():
    return {
        "a": "(2, 2)",
        "b": "(3,)",
        "c": "(3,)",
        "d": "(1, 3)",
        "e": "(3, 2)",
        "f": "(2,)",
        "g": "(1, 2)",
        "h": "(2, 4)",
        "i": "(2, 6)",
        "j": "(4, 1)",
        "k": "()",
        "l": "(2, 6)",
    }


# %% wrong nothing_filled_in -> all_lines_by_running_them
def predict_shapes():
    return {}


# %% wrong the_end_taken_beside_an_index -> an_index_takes_its_axis_away
# - "f": (2,),
# + "f": (3,),
