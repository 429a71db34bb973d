#!/usr/bin/env python3
"""The noisy and the plain flow side by side, from their result files.

    python3 examples/mmd-noise/plot.py NOISY.h5 PLAIN.h5 PICTURE.png
"""
import sys

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

plt.rcParams.update({"font.size": 11, "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False})


def draw_densities(panel, file, title):
    times, rho, target = file["time"][:], file["rho"][:], file["target"][:]
    chosen = [int(np.argmin(np.abs(times - share * times[-1]))) for share in (0.0, 0.1, 0.3, 1.0)]
    shades = matplotlib.colormaps["viridis_r"](np.linspace(0.12, 1.0, len(chosen)))
    panel.fill_between(file["x"][:], target, color="#dddddd", linewidth=0, label="target")
    for k, shade in zip(chosen, shades):
        panel.plot(file["x"][:], rho[k], color=shade, linewidth=1.8, label=f"t = {times[k]:.3g}")
    panel.set(xlabel="x", title=title, ylim=(0, 1.05))
    panel.legend()


def main(noisy_path, plain_path, picture):
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    with h5py.File(noisy_path, "r") as noisy, h5py.File(plain_path, "r") as plain:
        draw_densities(axes[0], plain, "plain flow")
        draw_densities(axes[1], noisy, "with noise")
        axes[0].set_ylabel("density")
        for file, color, label in ((plain, "#D55E00", "plain"), (noisy, "#0072B2", "with noise")):
            series = file["diagnostics"]
            axes[2].semilogy(series["time"][:], series["half_mmd_squared"][:], color=color, linewidth=2,
                             label=label + ", MMD²/2")
            axes[2].semilogy(series["time"][:], series["w2_squared"][:], color=color, linewidth=1.5, linestyle="--",
                             label=label + ", $W_2^2$")
    axes[2].set(xlabel="time", title="distances to the target")
    axes[2].legend()
    figure.savefig(picture, dpi=80)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
