"""Right and wrong answers to the exercise mul_gate."""

# %% setup
import numpy as np


# %% right a_list
def mul_gate(g, x, y):
    dx = y * g
    dy = x * g
    return [dx, dy]


# %% right an_array
def mul_gate(g, x, y):
    return g * np.array([y, x])


# %% right torch_autograd
def mul_gate(g, x, y):
    import torch

    x, y = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (x, y))
    (x * y).backward(torch.tensor(g, dtype=torch.float64))
    return x.grad.item(), y.grad.item()


# %% wrong own_operand -> mul_gate_of_the_slide
def mul_gate(g, x, y):
    return g * x, g * y


# %% wrong upstream_ignored -> mul_gate_passes_g_on
def mul_gate(g, x, y):
    return y, x


# %% wrong product_for_both -> mul_gate_of_the_slide
def mul_gate(g, x, y):
    return g * x * y, g * x * y


# %% wrong g_added -> mul_gate_passes_g_on
def mul_gate(g, x, y):
    return g + y, g + x


# %% wrong like_an_add_gate -> mul_gate_of_the_slide
def mul_gate(g, x, y):
    return g, g


# %% wrong second_after_the_first -> mul_gate_passes_g_on
# x is written over before y's gradient is computed.
def mul_gate(g, x, y):
    x = g * y
    y = g * x
    return x, y


# %% wrong absolute_values -> mul_gate_of_random_numbers
def mul_gate(g, x, y):
    return abs(g) * y, abs(g) * x
