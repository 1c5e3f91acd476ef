"""A pad to draw a digit on, and what a network reads while one draws.

``draw(predict)`` shows it in a notebook. Importing this package loads no widgets.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coursekit.digitpad.image import as_mnist
from coursekit.digitpad.reading import Predict

if TYPE_CHECKING:
    from coursekit.digitpad.widget import DigitPad

__all__ = ["as_mnist", "draw"]


def draw(predict: Predict) -> DigitPad | None:
    """Show a pad to draw a digit on, and what a network reads while one draws.

    Where there is no notebook, or the package anywidget is missing, a sentence says so and nothing else happens.

    Args:
        predict: The network. It is given an image as MNIST has them, (1, 28, 28) float32 from 0 (paper) to 1 (ink),
            and returns the probabilities of the digits 0 to 9: an array or a tensor, (1, 10) or (10,). Where it
            fails, or returns anything else, the pad says so in words.

    Returns:
        The pad, for a cell to show; its ``image`` is what the network sees. None where it cannot be shown.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if not hasattr(shell, "kernel"):
        print("The digit pad needs a notebook to draw in, such as JupyterLab or Colab. There is none here: left out.")
        return None
    try:
        from coursekit.digitpad.widget import DigitPad
    except ImportError as error:
        missing = (error.name or "anywidget").partition(".")[0]
        print(
            f"The digit pad needs the package {missing}, which is not installed: left out. To draw, run"
            " `%pip install anywidget` in a cell, reload the page, and run this cell again."
        )
        return None
    return DigitPad(predict)
