"""What IPython runs first in the browser.

``fontlist.json`` is what ``font_manager.json_dump(font_manager.FontManager(), file)`` of Pyodide's Matplotlib writes; a
test says when it has become another.
"""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pyodide_kernel.kernel  # type: ignore[import-not-found]
from IPython import get_ipython

# Tab completes by what objects hold, at once, and Jedi need not be there. Without it nobody knows a name's kind, and
# the list would say <unknown> beside each.
get_ipython().Completer.use_jedi = False
pyodide_kernel.kernel._use_experimental_60_completion = False

# Pyodide's Matplotlib comes with another version's list of fonts, and would make its own at each start.
_matplotlib = find_spec("matplotlib")
if _matplotlib is not None and _matplotlib.origin is not None:
    shutil.copyfile(
        Path(os.environ["PYTHONSTARTUP"]).with_name("fontlist.json"),
        Path(_matplotlib.origin).with_name("fontlist.json"),
    )

# A notebook begins without names of ours.
del os, shutil, find_spec, Path, pyodide_kernel, _matplotlib
