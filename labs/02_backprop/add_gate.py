# %% [markdown]
# ## 1–4 · Four gates
#
# Take a computation apart until each step is trivial, and draw it as a **graph**: numbers flow forwards along the
# edges, and gradients flow back. Call the last result $L$. Each step is told how $L$ changes with its *output*, the
# **upstream gradient** $g$, and must say how $L$ changes with each of its *inputs*. That is the chain rule, one factor
# per step:
#
# $$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial z}\,\frac{\partial z}{\partial x} = g \cdot \text{local slope}.$$
#
# A step needs to know nothing else about the graph. Four such **gates** take you far. In all of them, `g` and the
# inputs are numbers, and the result is a tuple with one gradient for each input of the gate.
#
# The first gate adds: $z = x + y$. Move either input by a little, and $z$ moves by as much.

# %% nbgrader={"grade_id": "add_gate", "solution": true}
def add_gate(g):
    """Pass a gradient back through z = x + y.

    g: dL/dz, the upstream gradient, a number
    Returns (dL/dx, dL/dy).

    Hint: what are dz/dx and dz/dy?
    """
    ### BEGIN SOLUTION
    return g, g
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_add_gate", "grade": true, "points": 1}
check("add_gate")


# %% visible
@checks("add_gate")
def add_gate_distributes(student: Student, rng: Rng) -> None:
    """An upstream gradient of -4 reaches both inputs as -4."""
    expect_close(
        student.call("add_gate", -4.0),
        [-4.0, -4.0],
        hint="Both local slopes of x + y are 1, so both inputs get g: return two numbers.",
        what="(dL/dx, dL/dy)",
        mistakes={
            UPSTREAM: [1, 1],
            "The gradient is not shared out: each input moves z by as much as it moves itself.": [-2, -2],
            "Both inputs have an effect: the second gets the gradient too.": [-4, 0],
        },
    )


@checks("add_gate")
def add_gate_is_linear_in_g(student: Student, rng: Rng) -> None:
    """Three times the upstream gradient gives three times the gradients, and no gradient gives none."""
    one, three, none = (np.asarray(student.call("add_gate", g)) for g in (0.5, 1.5, 0.0))
    expect_shape(one, (2,), hint="Return two numbers, one for each input.")
    expect_close(three, 3 * one, hint=UPSTREAM, what="The result for g = 1.5")
    expect_close(none, [0, 0], hint=UPSTREAM, what="The result for g = 0")


# %% hidden
@checks("add_gate")
def add_gate_of_random_gradients(student: Student, rng: Rng) -> None:
    """Random upstream gradients reach both inputs."""
    for g in [*rng.normal(scale=3, size=3).tolist(), float(rng.uniform(50, 90))]:
        expect_close(student.call("add_gate", g), [g, g], hint="Both inputs get g itself.", rtol=1e-5)


# %% right a_list
# - return g, g
# + return [g, g]

# %% right an_array
# - return g, g
# + return np.full(2, g, dtype=np.float32)


# %% right written_out
def add_gate(g):
    dz_dx = dz_dy = 1.0
    dx = g * dz_dx
    dy = g * dz_dy
    return dx, dy


# %% wrong upstream_ignored -> add_gate_distributes
# What comes from above is not passed on.
# - return g, g
# + return 1.0, 1.0

# %% wrong slope_added_to_g -> add_gate_is_linear_in_g
# - return g, g
# + return g + 1, g + 1

# %% wrong size_without_sign -> add_gate_distributes
# - return g, g
# + return abs(g), abs(g)

# %% wrong shared_out -> add_gate_distributes
# It is divided, or multiplied, on the way.
# - return g, g
# + return g / 2, g / 2

# %% wrong doubled -> add_gate_distributes
# - return g, g
# + return 2 * g, 2 * g

# %% wrong sign_turned_for_y -> add_gate_of_random_gradients
# - return g, g
# + return g, -g

# %% wrong one_number -> add_gate_distributes
# Not one gradient for each input.
# - return g, g
# + return g

# %% wrong first_input_only -> add_gate_distributes
# - return g, g
# + return g, 0.0


# %% wrong held_within_five -> add_gate_of_random_gradients
# - return g, g
# + g = max(-5.0, min(5.0, g))
# + return g, g
