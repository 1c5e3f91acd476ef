"""Right and wrong answers to the exercise add_gate."""

# %% setup
import numpy as np


# %% right a_list
def add_gate(g):
    return [g, g]


# %% right an_array
def add_gate(g):
    return np.full(2, g, dtype=np.float32)


# %% right written_out
def add_gate(g):
    dz_dx = dz_dy = 1.0
    dx = g * dz_dx
    dy = g * dz_dy
    return dx, dy


# %% wrong upstream_ignored -> add_gate_distributes
def add_gate(g):
    return 1.0, 1.0


# %% wrong shared_out -> add_gate_distributes
def add_gate(g):
    return g / 2, g / 2


# %% wrong one_number -> add_gate_distributes
def add_gate(g):
    return g


# %% wrong first_input_only -> add_gate_distributes
def add_gate(g):
    return g, 0.0


# %% wrong sign_turned_for_y -> add_gate_of_random_gradients
def add_gate(g):
    return g, -g


# %% wrong doubled -> add_gate_distributes
def add_gate(g):
    return 2 * g, 2 * g


# %% wrong slope_added_to_g -> add_gate_is_linear_in_g
def add_gate(g):
    return g + 1, g + 1


# %% wrong size_without_sign -> add_gate_distributes
def add_gate(g):
    return abs(g), abs(g)
