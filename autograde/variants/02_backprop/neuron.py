"""Right and wrong answers to the exercise neuron."""

# %% setup
import math

import numpy as np


# %% right line_by_line
def neuron(w0, x0, w1, x1, w2):
    s0 = w0 * x0
    s1 = w1 * x1
    s2 = s0 + s1
    s3 = s2 + w2
    L = 1 / (1 + np.exp(-s3))
    grad_L = 1.0
    grad_s3 = grad_L * (1 - L) * L
    grad_w2 = grad_s3
    grad_s2 = grad_s3
    grad_s0 = grad_s2
    grad_s1 = grad_s2
    return L, dict(
        w1=grad_s1 * x1,
        x1=grad_s1 * w1,
        w0=grad_s0 * x0,
        x0=grad_s0 * w0,
        w2=grad_w2,
    )


# %% right four_small_gates
def neuron(w0, x0, w1, x1, w2):
    a, b = w0 * x0, w1 * x1
    c = a + b + w2
    d = -c
    e = math.exp(d)
    f = 1 + e
    value = 1 / f
    df = -1 / f**2
    de = df
    dd = de * e
    dc = -dd
    return [value, {"w0": x0 * dc, "x0": w0 * dc, "w1": x1 * dc, "x1": w1 * dc, "w2": dc}]


# %% right torch_autograd
def neuron(w0, x0, w1, x1, w2):
    import torch

    given = {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": w2}
    t = {name: torch.tensor(float(v), dtype=torch.float64, requires_grad=True) for name, v in given.items()}
    value = torch.sigmoid(t["w0"] * t["x0"] + t["w1"] * t["x1"] + t["w2"])
    value.backward()
    return value, {name: v.grad for name, v in t.items()}


# %% right float32
def neuron(w0, x0, w1, x1, w2):
    w, x = np.array([w0, w1, w2], dtype=np.float32), np.array([x0, x1, 1], dtype=np.float32)
    value = np.float32(0.5) * (1 + np.tanh(w @ x / 2))
    dw, dx = value * (1 - value) * x, value * (1 - value) * w
    return value, {"w0": dw[0], "w1": dw[1], "w2": dw[2], "x0": dx[0], "x1": dx[1]}


# %% wrong slope_of_the_wrong_s -> neuron_of_other_numbers
def neuron(w0, x0, w1, x1, w2):
    s = w0 * x0 + w1 * x1 + w2
    value = 1 / (1 + math.exp(-s))
    ds = s * (1 - s)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}


# %% wrong own_operand -> gradients_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    s = w0 * x0 + w1 * x1 + w2
    value = 1 / (1 + math.exp(-s))
    ds = value * (1 - value)
    return value, {"w0": ds * w0, "x0": ds * x0, "w1": ds * w1, "x1": ds * x1, "w2": ds}


# %% wrong written_over -> gradients_of_the_neuron
# w0 holds its own gradient by the time that x0 needs the weight.
def neuron(w0, x0, w1, x1, w2):
    s = w0 * x0 + w1 * x1 + w2
    value = 1 / (1 + math.exp(-s))
    ds = value * (1 - value)
    w0 = ds * x0
    x0 = ds * w0
    w1 = ds * x1
    x1 = ds * w1
    return value, {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": ds}


# %% wrong sum_written_over -> neuron_of_other_numbers
# s is the value by the time that the way back reads it.
def neuron(w0, x0, w1, x1, w2):
    s = w0 * x0 + w1 * x1 + w2
    s = 1 / (1 + math.exp(-s))
    value = s
    s = s * (1 - s)
    s = s * (1 - s)
    return value, {"w0": s * x0, "x0": s * w0, "w1": s * x1, "x1": s * w1, "w2": s}


# %% wrong sigmoid_slope_missing -> gradients_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    return value, {"w0": x0, "x0": w0, "w1": x1, "x1": w1, "w2": 1.0}


# %% wrong sign_of_the_exponent -> value_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(w0 * x0 + w1 * x1 + w2))
    ds = value * (1 - value)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}


# %% wrong no_sigmoid -> value_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    return w0 * x0 + w1 * x1 + w2, {"w0": x0, "x0": w0, "w1": x1, "x1": w1, "w2": 1.0}


# %% wrong bias_forgotten -> value_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1)))
    ds = value * (1 - value)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}


# %% wrong rounded_like_the_slide -> gradients_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = round(value * (1 - value), 1)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}


# %% wrong bias_gets_its_value -> neuron_of_random_numbers
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = value * (1 - value)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds * w2}


# %% wrong names_with_a_d -> gradients_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = value * (1 - value)
    return value, {"dw0": ds * x0, "dx0": ds * w0, "dw1": ds * x1, "dx1": ds * w1, "dw2": ds}


# %% wrong a_list_of_slopes -> gradients_of_the_neuron
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = value * (1 - value)
    return value, [ds * x0, ds * w0, ds * x1, ds * w1, ds]


# %% wrong upstream_not_one -> gradients_of_the_neuron
# The way back starts from the output instead of from 1.
def neuron(w0, x0, w1, x1, w2):
    value = 1 / (1 + math.exp(-(w0 * x0 + w1 * x1 + w2)))
    ds = value * value * (1 - value)
    return value, {"w0": ds * x0, "x0": ds * w0, "w1": ds * x1, "x1": ds * w1, "w2": ds}
