"""The labs' pictures.

Each function draws into the current notebook through pyplot, or into the axes that it is given, and returns
nothing, so that a call can end a cell. matplotlib is imported when the first picture is drawn.
"""

from coursekit.plots.charts import bars, curves, decision_regions, descents, histograms, relative_errors
from coursekit.plots.figures import BLUE, COLOURS, VERMILION
from coursekit.plots.graphs import computational_graph
from coursekit.plots.pictures import image_grid, mistakes, templates
from coursekit.plots.tables import arrays, selections

__all__ = [
    "BLUE",
    "COLOURS",
    "VERMILION",
    "arrays",
    "bars",
    "computational_graph",
    "curves",
    "decision_regions",
    "descents",
    "histograms",
    "image_grid",
    "mistakes",
    "relative_errors",
    "selections",
    "templates",
]
