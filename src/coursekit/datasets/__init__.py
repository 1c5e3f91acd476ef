"""MNIST and CIFAR-10 as arrays, wherever they can be found.

``COURSEKIT_DATA`` names a folder with the published files, ``COURSEKIT_CACHE`` where downloads are kept, and
``COURSEKIT_OFFLINE=1`` forbids downloads.
"""

from coursekit.datasets.cifar10 import load_cifar10
from coursekit.datasets.dataset import Dataset
from coursekit.datasets.mnist import load_mnist

__all__ = ["Dataset", "load_cifar10", "load_mnist"]
