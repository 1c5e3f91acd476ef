# %% [markdown]
# The second multiplies: $z = x \cdot y$. How much $z$ moves when $x$ does depends on the *other* input.

# %% nbgrader={"grade_id": "mul_gate", "solution": true}
def mul_gate(g, x, y):
    """Pass a gradient back through z = x * y.

    g: dL/dz, the upstream gradient; x, y: the inputs, numbers all
    Returns (dL/dx, dL/dy).

    Hint: hold y still. What is the slope of x * y along x?
    """
    ### BEGIN SOLUTION
    return g * y, g * x
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_mul_gate", "grade": true, "points": 1}
check("mul_gate")

# %% visible
SWAPPED = "Those are the inputs' own values: the slope of x·y along x is y, the *other* input."


@checks("mul_gate")
def mul_gate_of_the_slide(student: Student, rng: Rng) -> None:
    """In (x + y) z, the product of 3 and -4 passes 1 back as (-4, 3)."""
    expect_close(
        student.call("mul_gate", 1.0, 3.0, -4.0),
        [-4.0, 3.0],
        hint="Hold one input still: the slope of x·y along x is y, and along y it is x.",
        what="(dL/dx, dL/dy)",
        mistakes={SWAPPED: [3, -4], "That is the product itself, not its slopes.": [-12, -12]},
    )


@checks("mul_gate")
def mul_gate_passes_g_on(student: Student, rng: Rng) -> None:
    """With the upstream gradient 5, inputs 2 and 7 get 35 and 10."""
    expect_close(student.call("mul_gate", 0.5, 0.5, 1.5), [0.75, 0.25], hint=f"{UPSTREAM} Round nothing.")
    expect_close(
        student.call("mul_gate", 5.0, 2.0, 7.0),
        [35.0, 10.0],
        hint=UPSTREAM,
        what="(dL/dx, dL/dy)",
        mistakes={SWAPPED: [10, 35], "Multiply the slope by g, rather than adding g to it.": [12, 7]},
    )


@checks("mul_gate")
def mul_gate_at_zero(student: Student, rng: Rng) -> None:
    """An input of 0 is an input too: 2 and 0 with the upstream gradient 5 get 0 and 10, 0 and 0 get nothing."""
    hint = "x gets g·y and y gets g·x: nothing needs to be divided, and no input is special."
    for x, y in ((2.0, 0.0), (0.0, -3.0), (0.0, 0.0)):
        got = student.call("mul_gate", 5.0, x, y)
        expect_close(got, [5 * y, 5 * x], hint=hint, what=f"(dL/dx, dL/dy) for the inputs {x:g} and {y:g}")


# %% hidden
@checks("mul_gate")
def mul_gate_of_random_numbers(student: Student, rng: Rng) -> None:
    """Random inputs get the upstream gradient times the other input."""
    cases = rng.normal(scale=3, size=(4, 3))
    # Every sign is tried in every place, whatever is drawn.
    signs = [[1, 1, 1], [-1, 1, -1], [1, -1, -1], [-1, -1, 1]]
    for g, x, y in (np.abs(cases) * signs).tolist():
        expect_close(student.call("mul_gate", g, x, y), [g * y, g * x], hint="x gets g·y, y gets g·x.", rtol=1e-5)
    hint = "Each input gets g times the other's number, whichever numbers have been asked before."
    expect_close(student.call("mul_gate", 2 * g, x, y), [2 * g * y, 2 * g * x], hint=hint, rtol=1e-5)
    hint = "In x · x both inputs hold the same number, and each gets its own part, g·x: a fan-out adds them."
    expect_close(student.call("mul_gate", g, x, x), [g * x, g * x], hint=hint, rtol=1e-5)


# %% right a_list
def mul_gate(g, x, y):
    dx = y * g
    dy = x * g
    return [dx, dy]


# %% right an_array
# - return g * y, g * x
# + return g * np.array([y, x])


# %% right torch_autograd
def mul_gate(g, x, y):
    import torch

    x, y = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (x, y))
    (x * y).backward(torch.tensor(g, dtype=torch.float64))
    return x.grad.item(), y.grad.item()


# %% wrong own_operand -> mul_gate_of_the_slide
# The slope along one input is the other one.
# - return g * y, g * x
# + return g * x, g * y

# %% wrong product_for_both -> mul_gate_of_the_slide
# - return g * y, g * x
# + return g * x * y, g * x * y

# %% wrong like_an_add_gate -> mul_gate_of_the_slide
# - return g * y, g * x
# + return g, g

# %% wrong upstream_ignored -> mul_gate_passes_g_on
# What comes from above is not multiplied in.
# - return g * y, g * x
# + return y, x

# %% wrong g_added -> mul_gate_passes_g_on
# - return g * y, g * x
# + return g + y, g + x

# %% wrong absolute_values -> mul_gate_of_random_numbers
# - return g * y, g * x
# + return abs(g) * y, abs(g) * x

# %% wrong product_divided_by_each_input -> mul_gate_at_zero
# Divided by an input, or stopped at a zero.
# - return g * y, g * x
# + out = g * x * y
# + return out / x, out / y


# %% wrong nothing_through_a_zero -> mul_gate_at_zero
def mul_gate(g, x, y):
    if x * y == 0:
        return 0.0, 0.0
    return g * y, g * x


# %% wrong second_after_the_first -> mul_gate_passes_g_on
# x is written over before y's gradient is computed.
def mul_gate(g, x, y):
    x = g * y
    y = g * x
    return x, y


# %% wrong rounded -> mul_gate_passes_g_on
# - return g * y, g * x
# + return round(g * y), round(g * x)


# %% wrong square_for_one_input -> mul_gate_of_random_numbers
def mul_gate(g, x, y):
    if x == y:
        return 2 * g * x, 0.0
    return g * y, g * x


# %% wrong remembers_by_its_inputs -> mul_gate_of_random_numbers
def mul_gate(g, x, y, seen={}):
    return seen.setdefault((x, y), (g * y, g * x))
