"""The labs' pictures.

Each function draws into the current notebook through pyplot, and returns nothing, so that a call can end a cell. Each
that draws on one pair of axes can be given it as ``ax``, for pictures side by side. :func:`photograph` alone draws
nothing: it returns a picture. matplotlib is imported when the first picture is drawn.
"""

from coursekit.plots.charts import bars, curves, decision_regions, descents, histograms, relative_errors
from coursekit.plots.convolutions import grids, placements, receptive_fields
from coursekit.plots.figures import BLUE, COLOURS, VERMILION
from coursekit.plots.graphs import computational_graph
from coursekit.plots.kernels import block_reads, warp_step
from coursekit.plots.networks import confusion, feature_maps, filters
from coursekit.plots.overview import tasks_and_networks
from coursekit.plots.pictures import image_grid, mistakes, panels, photograph, templates
from coursekit.plots.tables import arrays, selections

__all__ = [
    "BLUE",
    "COLOURS",
    "VERMILION",
    "arrays",
    "bars",
    "block_reads",
    "computational_graph",
    "confusion",
    "curves",
    "decision_regions",
    "descents",
    "feature_maps",
    "filters",
    "grids",
    "histograms",
    "image_grid",
    "mistakes",
    "panels",
    "photograph",
    "placements",
    "receptive_fields",
    "relative_errors",
    "selections",
    "tasks_and_networks",
    "templates",
    "warp_step",
]
