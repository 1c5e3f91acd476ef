"""Right and wrong answers to the exercise max_gate."""

# %% setup
import numpy as np


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
def max_gate(g, x, y):
    return g, g


# %% wrong both_at_a_tie -> max_gate_gives_a_tie_to_x
def max_gate(g, x, y):
    return g * (x >= y), g * (y >= x)


# %% wrong tie_to_y -> max_gate_gives_a_tie_to_x
def max_gate(g, x, y):
    return (g, 0.0) if x > y else (0.0, g)


# %% wrong tie_is_split -> max_gate_gives_a_tie_to_x
def max_gate(g, x, y):
    if x == y:
        return g / 2, g / 2
    return (g, 0.0) if x > y else (0.0, g)


# %% wrong tie_gets_nothing -> max_gate_gives_a_tie_to_x
def max_gate(g, x, y):
    return g * (x > y), g * (y > x)


# %% wrong upstream_ignored -> max_gate_routes_to_the_larger
def max_gate(g, x, y):
    return (1.0, 0.0) if x >= y else (0.0, 1.0)


# %% wrong minimum -> max_gate_routes_to_the_larger
def max_gate(g, x, y):
    return (g, 0.0) if x <= y else (0.0, g)


# %% wrong the_value_itself -> max_gate_routes_to_the_larger
def max_gate(g, x, y):
    return (x, 0.0) if x >= y else (0.0, y)


# %% wrong compared_with_zero -> max_gate_routes_to_the_larger
# A relu, not a maximum.
def max_gate(g, x, y):
    return g * (x > 0), g * (y > 0)


# %% wrong larger_in_size -> max_gate_routes_to_the_larger
def max_gate(g, x, y):
    return (g, 0.0) if abs(x) >= abs(y) else (0.0, g)


# %% wrong negative_gradients_held_back -> max_gate_of_random_numbers
def max_gate(g, x, y):
    g = max(g, 0.0)
    return (g, 0.0) if x >= y else (0.0, g)


# %% wrong close_is_a_tie -> max_gate_of_random_numbers
def max_gate(g, x, y):
    return (g, 0.0) if x > y - 0.1 else (0.0, g)
