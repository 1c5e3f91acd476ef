"""Every process of the suite computes with one thread: two whose torch takes both cores wait for each other."""

import torch

torch.set_num_threads(1)
