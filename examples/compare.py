#!/usr/bin/env python3
"""KL and squared W2 distance to the target against time, for the runs of a `wpg compare`; the energy without a target.

    python3 examples/compare.py output/compare-NAME-*.h5 [-o PICTURE.png]

Writes one picture with a panel for each quantity, by default PREFIX.png, PREFIX what the names of the files begin with.
Any result files of wpg can be drawn together. Needs h5py, numpy and matplotlib. Exit codes: 0 done, 64 bad usage,
66 no such file or no result file, 74 not written.
"""
import argparse
import json
import os
import sys

import numpy as np

import plot  # sets matplotlib up
from plot import plt

# Okabe and Ito (2008), told apart with any kind of colour vision; dashes tell them apart on a grey printer.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#000000", "#56B4E9")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 3)))
PANELS = (("kl", "KL to the target"), ("w2_squared", "$W_2^2$ to the target"))


def scheme_of(run):
    try:
        return json.loads(plot.text(run.file.attrs["config"]))["scheme"]["name"]
    except (KeyError, ValueError):
        return "?"


def labels(runs):
    """What tells the runs apart: scheme, title, or both."""
    titles, schemes = [run.title for run in runs], [scheme_of(run) for run in runs]
    if len(set(schemes)) == len(runs) and len(set(titles)) == 1:
        return schemes, titles[0]
    if len(set(titles)) == len(runs) and len(set(schemes)) == 1:
        return titles, schemes[0]
    return [f"{title} {scheme}" for title, scheme in zip(titles, schemes)], ""


def draw(axes, runs, names, series):
    """Curves, where a quantity in log scale is positive; marks where it was measured at few steps."""
    for k, (run, name) in enumerate(zip(runs, names)):
        found = run.series(series)
        if found is None:
            continue
        times, values = found
        seen = np.isfinite(values) & ((values > 0) | (series == "energy"))
        few = np.count_nonzero(np.isfinite(values)) < min(20, len(values))
        axes.plot(times[seen], values[seen], color=COLORS[k % len(COLORS)], linestyle=DASHES[k % len(DASHES)],
                  marker="o" if few else None, markersize=4, label=name)


def picture(runs):
    names, title = labels(runs)
    panels = [panel for panel in PANELS if any(run.series(panel[0]) is not None for run in runs)]
    panels = panels or [("energy", "energy")]
    figure, grid = plt.subplots(1, len(panels), figsize=(5.2 * len(panels), 4.2), layout="constrained", squeeze=False)
    for axes, (series, label) in zip(grid[0], panels):
        draw(axes, runs, names, series)
        axes.set(xlabel="time", title=label, yscale="linear" if series == "energy" else "log")
        axes.grid(alpha=0.25)
    grid[0][-1].legend()
    if title:
        figure.suptitle(title)
    return figure


def common_name(files):
    """What the names begin with, up to a hyphen."""
    common = os.path.commonprefix([os.path.splitext(path)[0] for path in files])
    if len(files) > 1 and "-" in os.path.basename(common):
        common = common[: common.rindex("-")]
    return common if os.path.basename(common) else os.path.join(common, "compare")


def main():
    parser = argparse.ArgumentParser(description="KL and W2 against time for the runs of a wpg compare.")
    parser.add_argument("files", metavar="FILE.h5", nargs="+")
    parser.add_argument("-o", "--output", metavar="PICTURE.png", help="default: the common beginning of the files' names")
    try:
        arguments = parser.parse_args()
    except SystemExit as stop:
        return 64 if stop.code else 0
    figure = picture([plot.Run(path) for path in arguments.files])
    path = arguments.output or common_name(arguments.files) + ".png"
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    figure.savefig(path)
    print(path)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except plot.NotAResult as problem:
        print(problem, file=sys.stderr)
        sys.exit(66)
    except OSError as problem:
        print(problem, file=sys.stderr)
        sys.exit(74)
