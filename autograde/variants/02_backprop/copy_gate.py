"""Right and wrong answers to the exercise copy_gate."""

# %% setup
import numpy as np


# %% right bare_number
def copy_gate(g1, g2):
    return g1 + g2


# %% right a_list
def copy_gate(g1, g2):
    total = 0.0
    for g in (g1, g2):
        total += g
    return [total]


# %% right an_array
def copy_gate(g1, g2):
    return np.add([g1], [g2])


# %% wrong last_one_wins -> copy_gate_adds
def copy_gate(g1, g2):
    for g in (g1, g2):
        dx = g
    return (dx,)


# %% wrong first_one_only -> copy_gate_adds
def copy_gate(g1, g2):
    return (g1,)


# %% wrong mean -> copy_gate_adds
def copy_gate(g1, g2):
    return ((g1 + g2) / 2,)


# %% wrong product -> copy_gate_adds
def copy_gate(g1, g2):
    return (g1 * g2,)


# %% wrong both_kept_apart -> copy_gate_adds
def copy_gate(g1, g2):
    return g1, g2


# %% wrong sizes_added -> copy_gate_can_cancel
def copy_gate(g1, g2):
    return (abs(g1) + abs(g2),)


# %% wrong larger_one -> copy_gate_adds
def copy_gate(g1, g2):
    return (max(g1, g2),)


# %% wrong rounded -> copy_gate_of_random_gradients
def copy_gate(g1, g2):
    return (round(g1 + g2, 1),)
