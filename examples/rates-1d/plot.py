"""The two figures of the published one-dimensional experiment, from the result file of rates-1d:

    python3 examples/rates-1d/plot.py output/rates-1d.h5 -o examples/rates-1d/published.png
"""
import argparse
import json

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np


def closed_form(gamma, steps, mean, variance):
    """W2^2 to N(0, 1) of the scheme's Gaussians, V = x^2/2."""
    distances = []
    for _ in range(steps + 1):
        distances.append(mean**2 + (np.sqrt(variance) - 1) ** 2)
        mean, pushed = (1 - gamma) * mean, (1 - gamma) ** 2 * variance
        variance = (2 * gamma + pushed + np.sqrt(pushed**2 + 4 * gamma * pushed)) / 2
    return np.array(distances)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("-o", "--output", default="published.png")
    arguments = parser.parse_args()
    with h5py.File(arguments.file) as file:
        case = json.loads(file.attrs["config"])
        gamma = float(case["scheme"]["gamma"])
        x, rho, times = file["x"][:], file["rho"][:], file["time"][:]
        target, w2 = file["target"][:], file["diagnostics/w2_squared"][:]
    mean, variance = float(case["initial"]["mean"]), float(case["initial"]["covariance"])
    n = np.arange(len(w2))
    exact = closed_form(gamma, len(w2) - 1, mean, variance)

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    left.semilogy(n, exact[0] * (1 - gamma) ** n, "k--", lw=1, label=r"bound $(1-\gamma)^n\, W_2^2(\mu_0,\pi)$")
    left.semilogy(n, w2, color="tab:blue", label="on the grid")
    left.semilogy(n[::5], exact[::5], "o", ms=3.5, mfc="none", color="tab:red", label="closed form")
    left.set(xlabel="iteration n", ylabel=r"$W_2^2(\mu_n, \pi)$", ylim=(1e-19, 1e4))
    left.legend(frameon=False)
    for step, color in ((0, "tab:orange"), (10, "tab:green"), (100, "tab:blue")):
        row = int(np.argmin(np.abs(times - step * gamma)))
        right.plot(x, rho[row], color=color, label=f"n = {step}")
    right.plot(x, target, "k:", label=r"target $\pi$")
    right.set(xlim=(-22, 42), xlabel="x", ylabel="density")
    right.legend(frameon=False)
    figure.savefig(arguments.output, dpi=110)


if __name__ == "__main__":
    main()
