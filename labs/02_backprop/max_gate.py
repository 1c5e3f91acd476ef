# %% [markdown]
# The third keeps the larger input: $z = \max(x, y)$. The smaller one could move a little and nobody would notice. At a
# tie there is no slope, only a choice; here the gradient goes to $x$.

# %% nbgrader={"grade_id": "max_gate", "solution": true}
def max_gate(g, x, y):
    """Pass a gradient back through z = max(x, y).

    g: dL/dz, the upstream gradient; x, y: the inputs, numbers all
    Returns (dL/dx, dL/dy). At a tie, the gradient goes to x.

    Hint: one of the two results is always 0.
    """
    ### BEGIN SOLUTION
    return (g, 0.0) if x >= y else (0.0, g)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_max_gate", "grade": true, "points": 1}
check("max_gate")


# %% visible
@checks("max_gate")
def max_gate_routes_to_the_larger(student: Student, rng: Rng) -> None:
    """The larger input gets the whole gradient and the smaller one nothing, also below zero."""
    mistakes: dict[str, Any] = {
        UPSTREAM: [1, 0],
        "Only the larger input sets the result: the smaller one gets 0.": [2.5, 2.5],
        "That is the way of a minimum: the larger input gets the gradient.": [0, 2.5],
        "Return gradients, not the larger input.": [3, 0],
    }
    hint = "If x is the larger, moving y a little changes nothing: y gets 0, and x gets g. (-1 is larger than -7.)"
    expect_close(student.call("max_gate", 2.5, 3.0, -1.0), [2.5, 0], hint=hint, mistakes=mistakes)
    expect_close(student.call("max_gate", 2.5, -7.0, -1.0), [0, 2.5], hint=hint)
    for x, right in ((-1.0, [0, 2.5]), (1.0, [2.5, 0])):
        zero = f"Compare x and y themselves: {x:g} and 0 are inputs like any others, and nothing needs to be divided."
        expect_close(student.call("max_gate", 2.5, x, 0.0), right, hint=zero)


@checks("max_gate")
def max_gate_gives_a_tie_to_x(student: Student, rng: Rng) -> None:
    """At a tie, the gradient goes to x alone."""
    expect_close(
        student.call("max_gate", 3.0, 4.0, 4.0),
        [3.0, 0.0],
        hint="Where x equals y, the convention of this lab gives the gradient to x: compare with >= or >.",
        mistakes={
            "At a tie both have reached the maximum, but only x may get the gradient.": [3, 3],
            "The convention here is not to split the gradient at a tie: all of it goes to x.": [1.5, 1.5],
        },
    )


# %% hidden
@checks("max_gate")
def max_gate_of_random_numbers(student: Student, rng: Rng) -> None:
    """Of random inputs, close ones too, the larger gets the upstream gradient, whatever its sign."""
    for sign, side, sign_of_x in [(a, b, c) for a in (1, -1) for b in (1, -1) for c in (1, -1)]:
        # Far enough from 0 for the small gap to be one that isclose overlooks.
        g, x = sign * rng.uniform(0.5, 3), sign_of_x * rng.uniform(0.5, 3)
        for gap in (rng.uniform(0.001, 0.05), 3e-6):
            y = x + side * gap
            hint = "Compare x and y, not g, and exactly: close is no tie."
            expect_close(student.call("max_gate", g, x, y), [g * (x > y), g * (y > x)], hint=hint, rtol=1e-5)


# %% right branches
def max_gate(g, x, y):
    if y > x:
        return 0, g
    return g, 0


# %% right masks
def max_gate(g, x, y):
    to_x = float(x >= y)
    return [g * to_x, g * (1 - to_x)]


# %% right argmax
def max_gate(g, x, y):
    out = np.zeros(2)
    out[np.argmax([x, y])] = g
    return out


# %% wrong to_both -> max_gate_routes_to_the_larger
# The gradient goes elsewhere than to the larger input.
# - return (g, 0.0) if x >= y else (0.0, g)
# + return g, g

# %% wrong minimum -> max_gate_routes_to_the_larger
# - return (g, 0.0) if x >= y else (0.0, g)
# + return (g, 0.0) if x <= y else (0.0, g)

# %% wrong compared_with_zero -> max_gate_routes_to_the_larger
# A relu, not a maximum.
# - return (g, 0.0) if x >= y else (0.0, g)
# + return g * (x > 0), g * (y > 0)

# %% wrong larger_in_size -> max_gate_routes_to_the_larger
# - return (g, 0.0) if x >= y else (0.0, g)
# + return (g, 0.0) if abs(x) >= abs(y) else (0.0, g)

# %% wrong close_is_a_tie -> max_gate_of_random_numbers
# - return (g, 0.0) if x >= y else (0.0, g)
# + return (g, 0.0) if x > y - 0.1 else (0.0, g)

# %% wrong both_at_a_tie -> max_gate_gives_a_tie_to_x
# A tie goes to x.
# - return (g, 0.0) if x >= y else (0.0, g)
# + return g * (x >= y), g * (y >= x)

# %% wrong tie_to_y -> max_gate_gives_a_tie_to_x
# - return (g, 0.0) if x >= y else (0.0, g)
# + return (g, 0.0) if x > y else (0.0, g)

# %% wrong tie_gets_nothing -> max_gate_gives_a_tie_to_x
# - return (g, 0.0) if x >= y else (0.0, g)
# + return g * (x > y), g * (y > x)


# %% wrong tie_is_split -> max_gate_gives_a_tie_to_x
def max_gate(g, x, y):
    if x == y:
        return g / 2, g / 2
    return (g, 0.0) if x > y else (0.0, g)


# %% wrong upstream_ignored -> max_gate_routes_to_the_larger
# What is passed on is not g.
# - return (g, 0.0) if x >= y else (0.0, g)
# + return (1.0, 0.0) if x >= y else (0.0, 1.0)

# %% wrong the_value_itself -> max_gate_routes_to_the_larger
# - return (g, 0.0) if x >= y else (0.0, g)
# + return (x, 0.0) if x >= y else (0.0, y)

# %% wrong negative_gradients_held_back -> max_gate_of_random_numbers
# + g = max(g, 0.0)
#   return (g, 0.0) if x >= y else (0.0, g)


# %% wrong divided_by_the_maximum -> max_gate_routes_to_the_larger
def max_gate(g, x, y):
    m = max(x, y)
    return (g * (x / m == 1) if m else g), g * (x < y)


# %% wrong nearly_a_tie -> max_gate_of_random_numbers
def max_gate(g, x, y):
    return (g, 0.0) if x > y or np.isclose(x, y) else (0.0, g)
