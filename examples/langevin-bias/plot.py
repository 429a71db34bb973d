#!/usr/bin/env python3
"""The bias of Langevin beside the proximal gradient, from the result files of run.ini and forward-backward.ini.

    python3 examples/langevin-bias/plot.py LANGEVIN.h5 FORWARD_BACKWARD.h5 [-o PICTURE.png]

Prints the numbers at the last step, and draws variance, KL and W2^2 to the target N(0, 1) against the steps, and the
densities at the end with the histogram of the Langevin particles. Needs h5py, numpy and matplotlib.
"""
import argparse

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

BLACK, ORANGE, BLUE, GREEN, VERMILION = "#000000", "#E69F00", "#0072B2", "#009E73", "#D55E00"
plt.rcParams.update({"font.size": 11, "axes.titlesize": 11, "axes.spines.top": False, "axes.spines.right": False,
                     "legend.frameon": False, "savefig.dpi": 90})


class Run:
    def __init__(self, path):
        with h5py.File(path, "r") as file:
            self.series = {name: data[...] for name, data in file["diagnostics"].items()}
            self.x, self.target = file["x"][...], file["target"][...]
            self.rho, self.histogram = file["rho"][-1], file["histogram"][-1]
        self.steps = self.series["step"]
        self.variance = self.series["covariance"][:, 0, 0]
        self.particle_mean = self.series["particle_mean"][:, 0]
        self.particle_variance = self.series["particle_covariance"][:, 0, 0]


def kl_of_moments(mean, variance):
    """KL of N(mean, variance) from N(0, 1)."""
    return 0.5 * (variance - 1 - np.log(variance) + mean**2)


def w2_of_moments(mean, variance):
    """W2^2 between N(mean, variance) and N(0, 1)."""
    return mean**2 + (np.sqrt(variance) - 1) ** 2


def draw_series(axes, langevin, proximal):
    names = (("forward-flow: the law of Langevin", "Langevin particles"), ("forward-backward", "its particles"))
    rows = [("variance", lambda run: run.variance, lambda mean, variance: variance),
            ("KL to the target", lambda run: run.series["kl"], kl_of_moments),
            ("$W_2^2$ to the target", lambda run: run.series["w2_squared"], w2_of_moments)]
    for ax, (title, law, of_moments) in zip(axes, rows):
        for run, color, (name, particles) in zip((langevin, proximal), (VERMILION, BLUE), names):
            ax.plot(run.steps, law(run), color=color, label=name)
            ax.plot(run.steps, of_moments(run.particle_mean, run.particle_variance), "o", ms=4, mfc="none", color=color,
                    label=particles)
        ax.set_title(title)
        ax.set_xlabel("step")
        ax.set_xticks(range(0, int(langevin.steps[-1]) + 1, 5))


def draw(langevin, proximal, path, gamma, precision):
    figure, axes = plt.subplots(2, 2, figsize=(9.5, 6.8), constrained_layout=True)
    variance, kl, w2, density = axes.flat
    draw_series((variance, kl, w2), langevin, proximal)
    limit = 1 / (precision * (1 - gamma * precision / 2))
    variance.axhline(limit, color=VERMILION, lw=1, ls=":", label=r"$1/(\lambda(1 - \gamma\lambda/2))$")
    variance.axhline(1 / precision, color=BLUE, lw=1, ls=":", label=r"$1/\lambda$, unbiased")
    variance.legend(fontsize=9, loc="lower right")
    kl.axhline(kl_of_moments(0, limit), color=VERMILION, lw=1, ls=":")
    w2.axhline(w2_of_moments(0, limit), color=VERMILION, lw=1, ls=":")
    for ax in (kl, w2):
        ax.set_yscale("log")
    # Four cells of the grid to a bar.
    bars = langevin.histogram.reshape(-1, 4).mean(axis=1)
    density.bar(langevin.x.reshape(-1, 4).mean(axis=1), bars, width=4 * (langevin.x[1] - langevin.x[0]), color=ORANGE,
                alpha=0.4, label="Langevin particles")
    density.plot(langevin.x, langevin.rho, color=VERMILION, label="forward-flow")
    density.plot(proximal.x, proximal.rho, color=BLUE, label="forward-backward")
    density.plot(proximal.x, proximal.target, color=BLACK, ls=":", label="target")
    density.set(xlim=(-4.5, 4.5), xlabel="x", title=f"densities after {langevin.steps[-1]} steps")
    density.legend(fontsize=9)
    figure.savefig(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("langevin")
    parser.add_argument("forward_backward")
    parser.add_argument("-o", "--output", default="bias.png")
    arguments = parser.parse_args()
    langevin, proximal = Run(arguments.langevin), Run(arguments.forward_backward)
    draw(langevin, proximal, arguments.output, gamma=0.4, precision=1.0)
    print(f"{'':26}{'variance':>12}{'KL':>12}{'W2^2':>12}")
    for name, run in (("forward-flow", langevin), ("forward-backward", proximal)):
        print(f"{name:26}{run.variance[-1]:12.6f}{run.series['kl'][-1]:12.3e}{run.series['w2_squared'][-1]:12.3e}")
        mean, variance = run.particle_mean[-1], run.particle_variance[-1]
        print(f"{'  its particles, moments':26}{variance:12.6f}{kl_of_moments(mean, variance):12.3e}"
              f"{w2_of_moments(mean, variance):12.3e}")
        print(f"  W2^2 of its particles to its density {run.series['particle_w2_squared'][-1]:.2e}")


if __name__ == "__main__":
    main()
