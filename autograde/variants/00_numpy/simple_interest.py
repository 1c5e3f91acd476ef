"""Right and wrong answers to the exercise simple_interest."""

# %% setup
import numpy as np


# %% right other_order
def simple_interest(principal, rate):
    return rate * principal


# %% right numpy
def simple_interest(principal, rate):
    return np.multiply(np.asarray(principal, dtype=float), rate)


# %% right difference
def simple_interest(principal, rate):
    owed = principal * (1 + rate)
    return owed - principal


# %% right torch
def simple_interest(principal, rate):
    import torch

    return torch.as_tensor(principal, dtype=torch.float64) * rate


# %% right float32
def simple_interest(principal, rate):
    return np.asarray(principal, dtype=np.float32) * np.float32(rate)


# %% right list_of_loans
def simple_interest(principal, rate):
    if np.ndim(principal):
        return [simple_interest(one, rate) for one in principal]
    return principal * rate


# %% wrong the_slides_figure -> interest_on_the_slides_loan
def simple_interest(principal, rate):
    return 7312.5


# %% wrong the_rate_as_a_percentage -> interest_on_the_slides_loan
def simple_interest(principal, rate):
    return principal * rate / 100


# %% wrong a_fraction_made_a_percentage -> interest_on_the_slides_loan
def simple_interest(principal, rate):
    return principal * rate * 100


# %% wrong the_loan_included -> interest_on_the_slides_loan
def simple_interest(principal, rate):
    return principal * (1 + rate)


# %% wrong rounded -> interest_on_the_slides_loan
def simple_interest(principal, rate):
    return np.round(principal * rate)


# %% wrong the_one_loan_that_was_seen -> interest_on_another_loan
def simple_interest(principal, rate):
    return 325_000 * 0.02225


# %% wrong the_seen_rate -> interest_on_another_loan
def simple_interest(principal, rate):
    return principal * 0.02225


# %% wrong one_number_only -> interest_on_many_loans
def simple_interest(principal, rate):
    return float(principal) * rate


# %% wrong total_of_many_loans -> interest_on_many_loans
def simple_interest(principal, rate):
    return np.sum(principal * rate)


# %% wrong written_into_the_input -> interest_on_many_loans
def simple_interest(principal, rate):
    principal *= rate
    return principal


# %% wrong the_visible_numbers_only -> interest_on_random_loans
def simple_interest(principal, rate):
    if np.ndim(principal):
        return np.array([10.0, 20.0, 30.0])
    return {325_000: 7231.25, 200: 200 * rate}.get(principal, 0.0)


# %% wrong rounded_to_tenths_of_a_percent -> interest_on_random_loans
def simple_interest(principal, rate):
    return principal * (rate if rate == 0.02225 else np.round(rate, 3))


# %% wrong printed -> interest_on_the_slides_loan
def simple_interest(principal, rate):
    print(principal * rate)
