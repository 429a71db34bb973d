#!/usr/bin/env python3
"""Prints the counts of wpg_counts as tables and draws those of the four methods against gamma/epsilon.

usage: counts.py COUNTS.csv -o PICTURE.png
"""
import argparse
import csv
import sys

METHODS = {"plain": ("0.6", "plain contraction"), "Anderson": ("tab:orange", "Anderson, finest grid alone"),
           "nested + Anderson": ("tab:blue", "nested grids, Anderson"), "final": ("tab:red", "the solver")}


def unique(values):
    return list(dict.fromkeys(values))


def text(run):
    return run["pairs"] if run["reached"] == "1" else ">" + run["pairs"]


def print_table(title, runs, row, column):
    """Counts by two fields of the runs; those that stopped at their budget with a > before them."""
    columns = unique(run[column] for run in runs)
    print(f"\n{title}\n{row:32}" + "".join(f"{name:>12}" for name in columns))
    for name in unique(run[row] for run in runs):
        cells = {run[column]: text(run) for run in runs if run[row] == name}
        print(f"{name:32}" + "".join(f"{cells.get(key, ''):>12}" for key in columns))


def draw(runs, path):
    try:
        import matplotlib
    except ImportError:
        sys.exit(f"counts.py: {path} not drawn: this Python has no matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    shapes = unique(run["shape"] for run in runs)
    figure, axes = plt.subplots(1, len(shapes), figsize=(11, 3.7), sharey=True)
    for axis, shape in zip(axes, shapes):
        for method, (colour, label) in METHODS.items():
            mine = [run for run in runs if (run["shape"], run["method"]) == (shape, method)]
            reached = [(float(r["gamma/epsilon"]), float(r["pairs"])) for r in mine if r["reached"] == "1"]
            axis.loglog([r[0] for r in reached], [r[1] for r in reached], "o-", color=colour, label=label, markersize=3)
            short = [(float(r["gamma/epsilon"]), float(r["pairs"])) for r in mine if r["reached"] == "0"]
            if short:
                axis.loglog([r[0] for r in short], [r[1] for r in short], "x", color=colour, markersize=6)
        axis.set_title(shape)
        axis.set_xlabel("gamma/epsilon")
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("kernel pairs to 1e-8")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="upper center", ncol=len(METHODS))
    figure.tight_layout(rect=(0, 0, 1, 0.92))
    figure.savefig(path, dpi=90)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts")
    parser.add_argument("-o", "--output")
    options = parser.parse_args()
    with open(options.counts) as file:
        runs = list(csv.DictReader(file))
    for run in runs:
        run["row"] = f"{run['shape']}, {run['method']}"
        run["cells, gamma/epsilon"] = f"{run['cells']}, {float(run['gamma/epsilon']):.4g}"
    line = [run for run in runs if run["dimension"] == "1"]
    compared = [run for run in line if run["cells"] != "8192"]
    print_table("Four methods on a line, gamma = 0.1, epsilon = h^2", compared, "row", "gamma/epsilon")
    print_table("The solver on 8192 cells", [run for run in line if run not in compared], "shape", "gamma/epsilon")
    plane = [run for run in runs if run["dimension"] == "2"]
    fixed = [run for run in plane if ";" in run["method"]]
    print_table("The solver on [-4,4]^2 by cells per axis, gamma = 0.1", fixed, "shape", "cells")
    print_table("The solver on [-4,4]^2", [run for run in plane if run not in fixed], "shape", "cells, gamma/epsilon")
    if options.output:
        draw(compared, options.output)


main()
