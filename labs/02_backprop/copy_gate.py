# %% [markdown]
# The fourth looks like nothing at all: one value is used in two places, $z_1 = x$ and $z_2 = x$. Forwards it only
# copies. Backwards, two gradients arrive, and both uses count: $L$ moves because $z_1$ moved *and* because $z_2$ did.
# The lecture lists this gate, and yet every graph that it works through is a tree, in which no value is used twice. In a
# network it happens everywhere.

# %% nbgrader={"grade_id": "copy_gate", "solution": true}
def copy_gate(g1, g2):
    """Pass gradients back through a fan-out: z1 = x and z2 = x.

    g1, g2: dL/dz1 and dL/dz2, the two upstream gradients, numbers
    Returns (dL/dx,), a tuple of one.

    Hint: let L = 2 * z1 + 5 * z2, and so 7 * x.
    """
    ### BEGIN SOLUTION
    return (g1 + g2,)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_copy_gate", "grade": true, "points": 1}
check("copy_gate")

# %% [markdown]
# Four words to remember them by: **add** distributes its gradient, **multiply** switches (each input gets the other's value), **max** routes
# to the winner, **copy** adds up.
#
# Now the lecture's example, $f = (x + y)\,z$ at $x = -2$, $y = 5$, $z = -4$: forwards by hand, backwards through your
# gates. In the picture each node has its value in blue and, below, in orange behind a ∂, the slope of $f$ along it: how
# fast $f$ grows when that value does.


# %% tags=["explore"]
class Step:
    """One step of a computation, filled in by hand."""

    def __init__(self, data=None, parents=(), op=""):
        self.data, self.parents, self.op = data, parents, op


x, y, z = Step(-2.0), Step(5.0), Step(-4.0)
q = Step(x.data + y.data, (x, y), "+")
f = Step(q.data * z.data, (q, z), "×")

f.grad = 1.0
q.grad, z.grad = mul_gate(f.grad, q.data, z.data)
x.grad, y.grad = add_gate(q.grad)
names = {"x": x, "y": y, "z": z, "f": f}
title = "f = (x + y) z: values forwards, gradients backwards"
plots.computational_graph(f, names=names, title=title)


# %% visible
def _only(got: Any) -> Any:
    """Return the one gradient, whether it comes as a tuple of one or as a bare number."""
    return got[0] if np.shape(got) == (1,) else got


@checks("copy_gate")
def copy_gate_adds(student: Student, rng: Rng) -> None:
    """Upstream gradients 2 and 5 come back as 7."""
    expect_close(
        _only(student.call("copy_gate", 2.0, 5.0)),
        7.0,
        hint="x reaches L by both ways, so both gradients count: add them.",
        what="dL/dx",
        mistakes={
            "The second gradient has replaced the first: add them.": 5,
            "The second gradient is lost: add them.": 2,
            "Add the gradients; nothing is averaged.": 3.5,
            "Add the gradients; only what lies one behind the other is multiplied.": 10,
        },
    )


@checks("copy_gate")
def copy_gate_can_cancel(student: Student, rng: Rng) -> None:
    """Gradients of 3 and -3 cancel: L does not change, whichever way x moves."""
    hint = "Add the two as they are, signs included."
    expect_close(_only(student.call("copy_gate", 3.0, -3.0)), 0.0, hint=hint, what="dL/dx")
    expect_close(_only(student.call("copy_gate", -1.0, -0.5)), -1.5, hint=hint, what="dL/dx")


# %% hidden
BOTH = "Both uses count, whatever the numbers are: add."


@checks("copy_gate")
def copy_gate_of_random_gradients(student: Student, rng: Rng) -> None:
    """Random upstream gradients are added."""
    g = float(rng.uniform(0.5, 2))
    # Two uses may bring the same gradient, as in x + x, and one of them may bring none.
    for pair in [*rng.normal(size=(4, 2)).tolist(), [g, g], [0.0, g], [g, 0.0]]:
        got = student.call("copy_gate", *pair)
        got = got[0] if np.shape(got) == (1,) else got
        hint = "Both uses count, also where both bring the same number: add." if pair[0] == pair[1] else BOTH
        expect_close(got, sum(pair), hint=hint, rtol=1e-5)


# %% right bare_number
# - return (g1 + g2,)
# + return g1 + g2


# %% right a_list
def copy_gate(g1, g2):
    total = 0.0
    for g in (g1, g2):
        total += g
    return [total]


# %% right an_array
# - return (g1 + g2,)
# + return np.add([g1], [g2])

# %% wrong first_one_only -> copy_gate_adds
# One gradient is lost.
# - return (g1 + g2,)
# + return (g1,)

# %% wrong larger_one -> copy_gate_adds
# - return (g1 + g2,)
# + return (max(g1, g2),)


# %% wrong last_one_wins -> copy_gate_adds
def copy_gate(g1, g2):
    for g in (g1, g2):
        dx = g
    return (dx,)


# %% wrong mean -> copy_gate_adds
# The two are put together in another way than by adding.
# - return (g1 + g2,)
# + return ((g1 + g2) / 2,)

# %% wrong product -> copy_gate_adds
# - return (g1 + g2,)
# + return (g1 * g2,)

# %% wrong sizes_added -> copy_gate_can_cancel
# - return (g1 + g2,)
# + return (abs(g1) + abs(g2),)

# %% wrong rounded -> copy_gate_of_random_gradients
# - return (g1 + g2,)
# + return (round(g1 + g2, 1),)

# %% wrong both_kept_apart -> copy_gate_adds
# - return (g1 + g2,)
# + return g1, g2


# %% wrong equal_ones_count_once -> copy_gate_of_random_gradients
# A set keeps one of two equal numbers.
# - return (g1 + g2,)
# + return (sum({g1, g2}),)

# %% wrong zero_stops_all -> copy_gate_of_random_gradients
# - return (g1 + g2,)
# + return (g1 and g2 and g1 + g2,)
