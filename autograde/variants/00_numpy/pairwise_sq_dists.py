"""Right and wrong answers to the exercise pairwise_sq_dists."""

# %% setup
import numpy as np


# %% right broadcast_both
def pairwise_sq_dists(A, B):
    A, B = np.asarray(A, dtype=float), np.asarray(B, dtype=float)
    return np.square(A[:, np.newaxis, :] - B[np.newaxis, :, :]).sum(-1)


# %% right expanded
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    squares = (A**2).sum(axis=1, keepdims=True) + (B**2).sum(axis=1)
    return np.maximum(squares - 2 * A @ B.T, 0)


# %% right coordinate_by_coordinate
# A loop over coordinates is no loop over points.
def pairwise_sq_dists(A, B):
    D = np.zeros((len(A), len(B)))
    for p in range(A.shape[1]):
        D += (
            np.subtract.outer(A[:, p].astype(int), B[:, p].astype(int)) ** 2
            if A.dtype.kind == B.dtype.kind == "u"
            else (np.subtract.outer(A[:, p].astype(float), B[:, p].astype(float)) ** 2)
        )
    return D


# %% right einsum
def pairwise_sq_dists(A, B):
    difference = A[:, None].astype(np.float64) - B[None].astype(np.float64)
    return np.einsum("nmd,nmd->nm", difference, difference)


# %% right norm
def pairwise_sq_dists(A, B):
    return np.linalg.norm(A.astype(float)[:, None] - B.astype(float), axis=2) ** 2


# %% right torch
def pairwise_sq_dists(A, B):
    import torch

    A, B = (torch.tensor(points, dtype=torch.float64) for points in (A, B))
    return ((A.unsqueeze(1) - B.unsqueeze(0)) ** 2).sum(dim=2)


# %% right float32
def pairwise_sq_dists(A, B):
    return ((A[:, None].astype(np.float32) - B.astype(np.float32)) ** 2).sum(axis=2)


# %% right repeated_by_hand
def pairwise_sq_dists(A, B):
    n, m = len(A), len(B)
    left, right = np.repeat(A, m, axis=0).astype(float), np.tile(B, (n, 1)).astype(float)
    return ((left - right) ** 2).sum(axis=1).reshape(n, m)


# %% wrong the_root_taken -> distances_worked_out_by_hand
def pairwise_sq_dists(A, B):
    return np.sqrt(((A[:, None].astype(float) - B) ** 2).sum(axis=2))


# %% wrong transposed -> distances_worked_out_by_hand
def pairwise_sq_dists(A, B):
    return ((B[:, None].astype(float) - A) ** 2).sum(axis=2)


# %% wrong absolute_differences -> distances_worked_out_by_hand
def pairwise_sq_dists(A, B):
    return np.abs(A[:, None].astype(float) - B).sum(axis=2)


# %% wrong mean_over_coordinates -> distances_worked_out_by_hand
def pairwise_sq_dists(A, B):
    return ((A[:, None].astype(float) - B) ** 2).mean(axis=2)


# %% wrong not_summed -> distances_worked_out_by_hand
def pairwise_sq_dists(A, B):
    return (A[:, None].astype(float) - B) ** 2


# %% wrong summed_before_squaring -> distances_worked_out_by_hand
def pairwise_sq_dists(A, B):
    return (A[:, None].astype(float) - B).sum(axis=2) ** 2


# %% wrong a_row_where_a_column_was_meant -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    return (A**2).sum(axis=1) + (B**2).sum(axis=1) - 2 * A @ B.T


# %% wrong a_row_where_n_equals_m -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    squares = (A**2).sum(axis=1)
    squares = squares if len(A) == len(B) else squares[:, None]
    return squares + (B**2).sum(axis=1) - 2 * A @ B.T


# %% wrong summed_over_points_of_b -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    return ((A[:, None].astype(float) - B) ** 2).sum(axis=1)


# %% wrong summed_over_points_of_a -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    return ((A[:, None].astype(float) - B) ** 2).sum(axis=0)


# %% wrong like_with_like_only -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    return (A.astype(float) - B) ** 2


# %% wrong reshape_taken_for_transpose -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    return (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * A @ B.reshape(B.shape[1], B.shape[0])


# %% wrong star_for_at -> as_many_points_as_coordinates
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    return (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * A * B.T


# %% wrong pixels_subtracted_as_bytes -> pixels_do_not_go_round
def pairwise_sq_dists(A, B):
    return ((A[:, None] - B) ** 2).sum(axis=2)


# %% wrong converted_after_the_difference -> pixels_do_not_go_round
def pairwise_sq_dists(A, B):
    return ((A[:, None] - B).astype(float) ** 2).sum(axis=2)


# %% wrong into_a_whole_number_array -> distances_of_random_points
def pairwise_sq_dists(A, B):
    D = np.zeros((len(A), len(B)), dtype=int)
    D[...] = ((A[:, None].astype(float) - B) ** 2).sum(axis=2)
    return D


# %% wrong two_loops -> more_points_take_no_more_steps
def pairwise_sq_dists(A, B):
    A, B = A.astype(float), B.astype(float)
    D = np.zeros((len(A), len(B)))
    for i in range(len(A)):
        for j in range(len(B)):
            D[i, j] = ((A[i] - B[j]) ** 2).sum()
    return D


# %% wrong one_loop -> more_points_take_no_more_steps
def pairwise_sq_dists(A, B):
    return np.array([((a - B) ** 2).sum(axis=1) for a in A.astype(float)])


# %% wrong a_loop_called_vectorize -> more_points_take_no_more_steps
def pairwise_sq_dists(A, B):
    distance = np.vectorize(lambda a, b: ((a - b) ** 2).sum(), signature="(d),(d)->()")
    return distance(A.astype(float)[:, None], B.astype(float)[None])


# %% wrong a_loop_called_apply -> more_points_take_no_more_steps
def pairwise_sq_dists(A, B):
    return np.apply_along_axis(lambda a: ((a - B) ** 2).sum(axis=1), 1, A.astype(float))


# %% wrong a_loop_called_map -> more_points_take_no_more_steps
def pairwise_sq_dists(A, B):
    return np.array(list(map(lambda a: ((a - B) ** 2).sum(axis=1), A.astype(float))))


# %% wrong recursion -> more_points_take_no_more_steps
def pairwise_sq_dists(A, B):
    first = ((A[0].astype(float) - B) ** 2).sum(axis=1)[None]
    return first if len(A) == 1 else np.concatenate([first, pairwise_sq_dists(A[1:], B)])


# %% wrong points_moved_in_place -> points_stay_where_they_are
def pairwise_sq_dists(A, B):
    if A.dtype == float and B.dtype == float:
        centre = B.mean(axis=0)
        A -= centre
        B -= centre
    return ((A[:, None].astype(float) - B) ** 2).sum(axis=2)


# %% wrong only_a_converted_late -> distances_of_random_pixels
def pairwise_sq_dists(A, B):
    if A.dtype == B.dtype:
        A, B = A.astype(float), B.astype(float)
    return (A[:, None] ** 2).sum(axis=2) + (B[None] ** 2.0).sum(axis=2) - 2 * A.astype(float) @ B.T
