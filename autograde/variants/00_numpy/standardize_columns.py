"""Right and wrong answers to the exercise standardize_columns."""

# %% setup
import numpy as np


# %% right loop_over_columns
def standardize_columns(X):
    Z = np.zeros(X.shape)
    for j in range(X.shape[1]):
        column = X[:, j].astype(float)
        if column.max() > column.min():
            Z[:, j] = (column - column.mean()) / column.std()
    return Z


# %% right masked
def standardize_columns(X):
    X = np.array(X, dtype=float)
    varies = (X != X[0]).any(axis=0)
    X[:, varies] -= X[:, varies].mean(axis=0)
    X[:, varies] /= X[:, varies].std(axis=0)
    X[:, ~varies] = 0
    return X


# %% right divide_where
def standardize_columns(X):
    centred = X - X.mean(axis=0, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=0, keepdims=True))
    varies = np.broadcast_to(np.ptp(X, axis=0) > 0, X.shape)
    return np.divide(centred, deviation, out=np.zeros(X.shape), where=varies)


# %% right float32
def standardize_columns(X):
    X = X.astype(np.float32)
    spread = X.std(axis=0)
    spread[X.max(axis=0) == X.min(axis=0)] = np.inf
    return (X - X.mean(axis=0)) / spread


# %% right torch
def standardize_columns(X):
    import torch

    X = torch.as_tensor(np.array(X, dtype=float))
    constant = (X == X[0]).all(dim=0)
    Z = (X - X.mean(dim=0)) / X.std(dim=0, correction=0)
    Z[:, constant] = 0
    return Z


# %% right list_of_rows
def standardize_columns(X):
    columns = []
    for column in X.T.tolist():
        mean = sum(column) / len(column)
        deviation = (sum((x - mean) ** 2 for x in column) / len(column)) ** 0.5
        columns.append([0.0 if min(column) == max(column) else (x - mean) / deviation for x in column])
    return [list(row) for row in zip(*columns)]


# %% right scaled_by_the_range_first
def standardize_columns(X):
    low, high = X.min(axis=0).astype(float), X.max(axis=0).astype(float)
    U = (X - low) / np.where(high > low, high - low, 1)
    spread = U.std(axis=0)
    return (U - U.mean(axis=0)) / np.where(spread < 1e-9, 1, spread)


# %% wrong rows -> columns_worked_out_by_hand
def standardize_columns(X):
    constant = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(constant, np.inf, X.std(axis=1, keepdims=True))


# %% wrong mean_along_the_wrong_axis_of_a_square_table -> each_column_has_mean_0_and_deviation_1
def standardize_columns(X):
    axis = 1 if X.shape[0] == X.shape[1] else 0
    constant = X.max(axis=0) == X.min(axis=0)
    return (X - X.mean(axis=axis)) / np.where(constant, np.inf, X.std(axis=0))


# %% wrong whole_table -> columns_worked_out_by_hand
def standardize_columns(X):
    return (X - X.mean()) / X.std()


# %% wrong one_deviation_for_all -> each_column_has_mean_0_and_deviation_1
def standardize_columns(X):
    return (X - X.mean(axis=0)) / X.std()


# %% wrong ddof_1 -> columns_worked_out_by_hand
def standardize_columns(X):
    constant = X.max(axis=0) == X.min(axis=0)
    spread = np.sqrt(((X - X.mean(axis=0)) ** 2).sum(axis=0) / max(len(X) - 1, 1))
    return (X - X.mean(axis=0)) / np.where(constant, np.inf, spread)


# %% wrong variance -> columns_worked_out_by_hand
def standardize_columns(X):
    constant = X.max(axis=0) == X.min(axis=0)
    return (X - X.mean(axis=0)) / np.where(constant, np.inf, X.var(axis=0))


# %% wrong centred_only -> columns_worked_out_by_hand
def standardize_columns(X):
    return np.where(X.max(axis=0) == X.min(axis=0), 0, X - X.mean(axis=0))


# %% wrong scaled_only -> columns_worked_out_by_hand
def standardize_columns(X):
    return X / np.where(np.ptp(X, axis=0) == 0, np.inf, X.std(axis=0))


# %% wrong each_row_by_its_own_maximum -> columns_worked_out_by_hand
def standardize_columns(X):
    return X / X.max(axis=1, keepdims=True)


# %% wrong columns_by_their_maximum -> columns_worked_out_by_hand
def standardize_columns(X):
    return X / X.max(axis=0)


# %% wrong stretched_from_0_to_1 -> columns_worked_out_by_hand
def standardize_columns(X):
    span = (X.max(axis=0) - X.min(axis=0)).astype(float)
    return (X - X.min(axis=0)) / np.where(span == 0, 1, span)


# %% wrong zeros_like_of_whole_numbers -> whole_numbers_keep_their_fractions
def standardize_columns(X):
    Z = np.zeros_like(X)
    for j in range(X.shape[1]):
        if X[:, j].max() > X[:, j].min():
            Z[:, j] = (X[:, j] - X[:, j].mean()) / X[:, j].std()
    return Z


# %% wrong subtracted_in_place_from_whole_numbers -> whole_numbers_keep_their_fractions
def standardize_columns(X):
    Z = X.copy()
    Z -= X.mean(axis=0).astype(X.dtype)
    return Z / np.where(np.ptp(X, axis=0) == 0, np.inf, X.std(axis=0))


# %% wrong in_place -> standardizing_leaves_its_input_alone
def standardize_columns(X):
    constant = X.max(axis=0) == X.min(axis=0)
    spread = np.where(constant, np.inf, X.std(axis=0))
    if X.dtype == float:
        X -= X.mean(axis=0)
        X /= spread
        return X
    return (X - X.mean(axis=0)) / spread


# %% wrong input_scaled_and_a_copy_returned -> standardizing_leaves_its_input_alone
def standardize_columns(X):
    constant = X.max(axis=0) == X.min(axis=0)
    Z = (X - X.mean(axis=0)) / np.where(constant, np.inf, X.std(axis=0))
    X[...] = Z
    return Z


# %% wrong zero_divided_by_zero -> a_constant_column_becomes_zeros
def standardize_columns(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


# %% wrong nan_to_num_with_a_warning -> a_constant_column_becomes_zeros
def standardize_columns(X):
    return np.nan_to_num((X - X.mean(axis=0)) / X.std(axis=0))


# %% wrong where_computes_both -> a_constant_column_becomes_zeros
def standardize_columns(X):
    return np.where(X.std(axis=0) == 0, 0, (X - X.mean(axis=0)) / X.std(axis=0))


# %% wrong constant_columns_stay -> a_constant_column_becomes_zeros
def standardize_columns(X):
    Z = X.astype(float)
    varies = X.max(axis=0) > X.min(axis=0)
    Z[:, varies] = (Z[:, varies] - Z[:, varies].mean(axis=0)) / Z[:, varies].std(axis=0)
    return Z


# %% wrong deviation_compared_with_0 -> rounding_does_not_hide_a_constant_column
def standardize_columns(X):
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)


# %% wrong a_little_added -> the_unit_does_not_matter
def standardize_columns(X):
    return (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8)


# %% wrong small_taken_for_constant -> the_unit_does_not_matter
def standardize_columns(X):
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread < 1e-4, np.inf, spread)


# %% wrong one_row_divides_by_n_minus_1 -> a_table_with_one_row_becomes_zeros
def standardize_columns(X):
    n = len(X)
    constant = X.max(axis=0) == X.min(axis=0)
    variance = ((X - X.mean(axis=0)) ** 2).sum(axis=0) / (n - 1) * ((n - 1) / n)
    return (X - X.mean(axis=0)) / np.where(constant, np.inf, np.sqrt(variance)) * (n > 1)


# %% wrong the_median_in_small_tables -> columns_of_random_tables
def standardize_columns(X):
    centre = np.median(X, axis=0) if X.shape == (9, 4) else X.mean(axis=0)
    constant = X.max(axis=0) == X.min(axis=0)
    return (X - centre) / np.where(constant, np.inf, X.std(axis=0))
