#!/usr/bin/env python3
"""The densities of a semicircle run over histograms of the eigenvalues of one random matrix at the same times.

    python3 examples/semicircle/plot.py FILE.h5 PICTURE.png

Needs h5py, numpy and matplotlib.
"""
import sys

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402


def main(result, picture):
    with h5py.File(result) as file:
        x, times, rho = file["x"][:], file["time"][:], file["rho"][:]
    rng = np.random.default_rng(1)
    n = 1500
    start = np.repeat([-1.5, 1.5], n // 2) + 0.1 * rng.standard_normal(n)
    noise = rng.standard_normal((n, n))
    noise = (noise + noise.T) / np.sqrt(2 * n)
    plt.rcParams.update({"font.size": 11, "axes.spines.top": False, "axes.spines.right": False})
    figure, axes = plt.subplots(1, 4, figsize=(11, 2.8), sharey=True)
    for axis, t in zip(axes, (0.25, 1.0, 2.0, 12.0)):
        matrix = np.exp(-t / 2) * np.diag(start) + np.sqrt(1 - np.exp(-t)) * noise
        axis.hist(np.linalg.eigvalsh(matrix), 50, (-3, 3), density=True, color="#c8d6e5", label="eigenvalues")
        axis.plot(x, rho[np.argmin(abs(times - t))], color="#0072B2", lw=2, label="density")
        if t == 12.0:
            circle = np.sqrt(np.maximum(4 - x**2, 0)) / (2 * np.pi)
            axis.plot(x, circle, "--", color="#D55E00", lw=1.5, label="semicircle")
            axis.legend(frameon=False, fontsize=9, loc="upper right")
        axis.set(title=f"t = {t:g}", xlabel="x", ylim=(0, 0.62))
    figure.tight_layout()
    figure.savefig(picture, dpi=90)


if __name__ == "__main__":
    main(*sys.argv[1:3])
