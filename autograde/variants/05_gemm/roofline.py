"""Right and wrong answers to the exercise roofline."""

# %% setup
import numpy as np


# %% right where
def roofline(intensity, peak, bandwidth):
    intensity = np.asarray(intensity)
    return np.where(intensity < peak / bandwidth, intensity * bandwidth, peak)


# %% right clipped
def roofline(intensity, peak, bandwidth):
    return np.clip(np.multiply(intensity, bandwidth), None, peak)


# %% right torch
def roofline(intensity, peak, bandwidth):
    import torch

    return torch.clamp(torch.as_tensor(intensity, dtype=torch.float64) * bandwidth, max=peak)


# %% wrong larger_of_the_two -> roof_of_the_p100
def roofline(intensity, peak, bandwidth):
    return np.maximum(peak, intensity * bandwidth)


# %% wrong memory_alone -> roof_of_the_p100
def roofline(intensity, peak, bandwidth):
    return intensity * bandwidth


# %% wrong peak_alone -> roof_of_the_p100
def roofline(intensity, peak, bandwidth):
    return np.full(np.shape(intensity), peak)


# %% wrong divided -> roof_of_the_p100
def roofline(intensity, peak, bandwidth):
    return np.minimum(peak, bandwidth / intensity)


# %% wrong smallest_of_all -> the_roof_has_its_ridge
def roofline(intensity, peak, bandwidth):
    return min(peak, np.min(intensity) * bandwidth)


# %% wrong numbers_only -> the_roof_has_its_ridge
def roofline(intensity, peak, bandwidth):
    return min(peak, intensity * bandwidth)


# %% wrong in_place -> roofline_leaves_its_input_alone
def roofline(intensity, peak, bandwidth):
    intensity *= bandwidth
    return np.minimum(intensity, peak)


# %% wrong arrays_only -> roofline_leaves_its_input_alone
def roofline(intensity, peak, bandwidth):
    roof = intensity * bandwidth
    return np.array([min(peak, each) for each in roof.ravel()]).reshape(roof.shape)


# %% wrong flattened -> the_roof_has_its_ridge
def roofline(intensity, peak, bandwidth):
    return np.array([min(peak, each * bandwidth) for each in np.ravel(intensity)])


# %% wrong corner_rounded_off -> roofs_of_random_devices
def roofline(intensity, peak, bandwidth):
    memory = np.asarray(intensity) * bandwidth
    near = (np.abs(memory / peak - 1) < 0.5) & (peak > 1e6) & (peak != 4700e9)
    return np.where(near, 0.9 * np.minimum(peak, memory), np.minimum(peak, memory))
