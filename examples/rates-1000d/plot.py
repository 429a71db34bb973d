"""W2^2 to the target in a thousand dimensions, from the file that 'wpg validate examples/rates-1000d' writes:

    python3 examples/rates-1000d/plot.py output/rates-1000d.h5 -o examples/rates-1000d/distances.png
"""
import argparse

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("-o", "--output", default="distances.png")
    arguments = parser.parse_args()
    figure, axes = plt.subplots(figsize=(6, 3.8), layout="constrained")
    with h5py.File(arguments.file) as file:
        n, series = file["step"][:], file["diagnostics"]
        axes.semilogy(n, series["w2_squared_bound"][:], "k--", lw=1, label=r"bound $(1-\gamma)^n\, W_2^2(\mu_0,\pi)$")
        axes.semilogy(n, series["w2_squared"][:], color="tab:blue", label="densities on grids, 1000 marginals")
        axes.semilogy(n[::5], series["w2_squared_closed_form"][::5], "o", ms=3.5, mfc="none", color="tab:red",
                      label="closed form")
        if "w2_squared_particles" in series:
            axes.semilogy(n, series["w2_squared_particles"][:], color="tab:green", label="closed-form particles")
    axes.set(xlabel="iteration n", ylabel=r"$W_2^2(\mu_n, \pi)$", ylim=(1e-6, 1e6))
    axes.legend(frameon=False)
    figure.savefig(arguments.output, dpi=110)


if __name__ == "__main__":
    main()
