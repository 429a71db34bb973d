#!/usr/bin/env python3
"""The posterior of lasso-prior, and the flow without entropy, side by side.

    python3 examples/lasso-prior/plot.py POSTERIOR.h5 FLOW.h5 PICTURE.png

FLOW.h5 is the result with --energy.type none. Needs h5py, numpy and matplotlib.
"""
import sys

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

LASSO, LEAST_SQUARES = (-3.432399, 0.0), (-4.679855, 0.771269)


def show(axis, file, step, title):
    """Mass of the cells on a logarithmic scale, so that a density and an atom can be seen in one picture."""
    x, y, rho = file["x"][:], file["y"][:], file["rho"][step]
    mass = rho * (x[1] - x[0]) * (y[1] - y[0])
    shown = np.ma.masked_less(mass, 1e-6)
    image = axis.pcolormesh(x, y, np.ma.log10(shown), vmin=-6, vmax=0, cmap="viridis_r", rasterized=True)
    axis.axhline(0, color="0.6", lw=0.5)
    axis.axvline(0, color="0.6", lw=0.5)
    axis.plot(*LASSO, "o", mec="#D55E00", mfc="none", ms=12, mew=1.5, label="lasso")
    axis.plot(*LEAST_SQUARES, "x", color="#D55E00", ms=7, mew=1.5, label="least squares")
    axis.set(title=title, xlabel="slope of the weight", xlim=(-6.5, 1.5), ylim=(-1.5, 3))
    return image


def main(posterior, flow, picture):
    plt.rcParams.update({"font.size": 10})
    figure, axes = plt.subplots(1, 4, figsize=(12, 3.2), sharey=True, constrained_layout=True)
    with h5py.File(posterior) as with_entropy, h5py.File(flow) as without:
        show(axes[0], with_entropy, -1, "posterior (with entropy)")
        for axis, step in zip(axes[1:], (3, 17, 120)):
            image = show(axis, without, step, f"without entropy, step {step}")
    axes[0].set_ylabel("slope of the axle ratio")
    axes[0].legend(frameon=False, fontsize=8, loc="lower right")
    figure.colorbar(image, ax=axes, label="log10 of a cell's mass", pad=0.01)
    figure.savefig(picture, dpi=80)


if __name__ == "__main__":
    main(*sys.argv[1:4])
