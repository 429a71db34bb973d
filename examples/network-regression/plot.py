#!/usr/bin/env python3
"""The fitted function against the truth, and the density of the parameters, from the result file of this example.

    python3 examples/network-regression/plot.py output/network-regression.h5 PICTURE.png
"""
import sys

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

plt.rcParams.update({"font.size": 11, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False})


def main(path, picture):
    with h5py.File(path, "r") as file:
        times, x = file["time"][:], file["network/x"][:]
        truth, fit = file["network/truth"][:], file["network/fit"][:]
        w, b, rho = file["x"][:], file["y"][:], file["rho"][:]
        loss_time, loss = file["diagnostics/time"][:], file["diagnostics/network_loss"][:]
    last = len(times) - 1
    chosen = [int(np.argmin(np.abs(times - t))) for t in (0.0, 20.0, 100.0)] + [last]
    shades = matplotlib.colormaps["viridis_r"](np.linspace(0.12, 1.0, len(chosen)))
    figure, axes = plt.subplots(2, 3, figsize=(11, 6.4), layout="constrained")
    panel = axes[0, 0]
    panel.plot(x, truth, color="#bbbbbb", linewidth=6, solid_capstyle="round", label="truth")
    for k, shade in zip(chosen, shades):
        panel.plot(x, fit[k], color=shade, linewidth=1.8, label=f"t = {times[k]:.3g}")
    panel.set(xlabel="x", ylabel="f(x)", title="fitted function")
    panel.legend()
    panel = axes[1, 0]
    panel.loglog(loss_time[1:], loss[1:], color="#0072B2", linewidth=2)
    panel.set(xlabel="time", ylabel="loss", title="half the mean squared error")
    extent = (*(1.5 * w[[0, -1]] - 0.5 * w[[1, -2]]), *(1.5 * b[[0, -1]] - 0.5 * b[[1, -2]]))
    scale = matplotlib.colors.PowerNorm(0.5, vmin=0.0, vmax=float(np.max(rho[chosen[1:]])))
    for panel, k in zip([axes[0, 1], axes[0, 2], axes[1, 1], axes[1, 2]], chosen):
        image = panel.imshow(rho[k], origin="lower", extent=extent, cmap="viridis", norm=scale, aspect="auto")
        panel.set(xlabel="weight w", ylabel="bias b", title=f"parameters, t = {times[k]:.3g}")
    figure.colorbar(image, ax=axes[:, 1:], label="density", pad=0.02)
    figure.savefig(picture, dpi=80)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
