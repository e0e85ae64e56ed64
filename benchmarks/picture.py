"""Draws what share of questions each ranking answers right against its false answers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import MISSING

try:
    import matplotlib as mpl
    from matplotlib.figure import Figure
except ImportError as error:
    raise SystemExit(f"{error}: {MISSING}") from None

Array = NDArray[np.float64]
RATES: tuple[float, ...] = tuple(np.linspace(0, 0.2, 81).tolist())
# Okabe and Ito's colours, told apart by everyone; lines differ in their dashes as well.
_STYLES = (
    ("#000000", "solid", 2.6),
    ("#0072B2", "solid", 2.6),
    ("#56B4E9", (0, (6, 2)), 1.8),
    ("#009E73", (0, (4, 1.5, 1, 1.5)), 1.8),
    ("#D55E00", (0, (2, 1.5)), 1.8),
    ("#CC79A7", (0, (5, 1, 1, 1, 1, 1)), 1.8),
    ("#E69F00", (0, (1, 1.2)), 2.2),
)


def draw(path: Path, panels: Mapping[str, Mapping[str, Array]], methods: Sequence[str]) -> None:
    """Write the picture.

    Args:
        path: The file; its ending says the format.
        panels: For every title, every method's share answered right at `RATES`.
        methods: All methods in the order of the legend, the engine's first.
    """
    mpl.rcParams |= {"font.size": 12, "axes.spines.top": False, "axes.spines.right": False}
    figure = Figure(figsize=(5.2 * len(panels), 5.6), layout="constrained")
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axis, (title, curves) in zip(axes, panels.items(), strict=True):
        axis.set_title(title, loc="left", fontsize=12)
        for method, (colour, dashes, width) in zip(methods, _STYLES, strict=False):
            shares = 100 * curves[method]
            axis.plot(
                np.multiply(RATES, 100), shares, color=colour, ls=dashes, lw=width, label=method
            )
        axis.set_xlabel("out-of-scope messages answered, %")
        axis.set_xlim(0, 20)
        axis.set_ylim(0, 100)
        axis.set_xticks(range(0, 21, 5))
        axis.grid(visible=True, color="#dddddd", linewidth=0.8)
    axes[0].set_ylabel("questions answered right, %")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)
    figure.savefig(path, dpi=130, metadata={"Software": None} if path.suffix == ".png" else None)
