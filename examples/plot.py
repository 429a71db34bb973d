#!/usr/bin/env python3
"""Pictures of a wpg result file: the density in time, and the convergence of the energy.

    python3 examples/plot.py FILE.h5 [-o FOLDER] [--gif]

Writes NAME-density.png (1D: densities at several times against target and reference; 2D: panels in time and the target)
and NAME-convergence.png, and with --gif NAME.gif, into FOLDER (by default the folder of FILE.h5). Needs h5py, numpy and
matplotlib, and Pillow for the GIF. Exit codes: 0 done, 64 bad usage, 66 no such file or no result file, 74 not written.
"""
import argparse
import math
import os
import sys

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from matplotlib import colors  # noqa: E402

# Okabe and Ito (2008), told apart with any kind of colour vision; densities in time run through viridis.
BLACK, ORANGE, BLUE, GREEN, VERMILION = "#000000", "#E69F00", "#0072B2", "#009E73", "#D55E00"
plt.rcParams.update({
    "font.size": 12, "axes.titlesize": 12, "axes.spines.top": False, "axes.spines.right": False, "lines.linewidth": 2,
    "figure.dpi": 120, "savefig.dpi": 100, "legend.frameon": False,
})


class NotAResult(Exception):
    """The file is not what wpg writes."""


class Run:
    """The committed part of a result file: everything is truncated to the length of /time."""

    def __init__(self, path):
        if not os.path.isfile(path):
            raise NotAResult(f"{path}: no such file")
        try:
            self.file = h5py.File(path, "r")
        except OSError:
            raise NotAResult(f"{path}: not an HDF5 file") from None
        if not all(name in self.file for name in ("time", "x", "rho")):
            raise NotAResult(f"{path}: not a result file of wpg")
        self.name = os.path.splitext(os.path.basename(path))[0]
        self.title = text(self.file.attrs.get("title", self.name))
        self.times = finite_prefix(self.file["time"][:])
        if len(self.times) == 0:
            raise NotAResult(f"{path}: holds no snapshot")
        self.axes = [name for name in ("x", "y", "z") if name in self.file]
        self.centers = [self.file[name][:] for name in self.axes]

    def snapshot(self, k, field="rho"):
        """Values with x fastest, or None if the file has no such field."""
        return self.file[field][k] if field in self.file else None

    def constant(self, name):
        return self.file[name][...] if name in self.file else None

    def series(self, name):
        """Times and values of a diagnostic, or None."""
        group = self.file.get("diagnostics", {})
        if name not in group or "time" not in group:
            return None
        times = finite_prefix(group["time"][:])
        rows = min(len(times), len(group[name]))
        return (times[:rows], group[name][:rows]) if rows > 1 else None

    def box(self):
        """lower and upper of every axis."""
        bounds = []
        for name, centers in zip(self.axes, self.centers):
            half = (centers[1] - centers[0]) / 2
            attributes = self.file[name].attrs
            lower = np.ravel(attributes.get("lower", centers[0] - half))[0]
            bounds.append((lower, np.ravel(attributes.get("upper", centers[-1] + half))[0]))
        return bounds


def text(value):
    value = np.ravel(value)[0] if isinstance(value, np.ndarray) else value
    return value.decode() if isinstance(value, bytes) else str(value)


def finite_prefix(times):
    bad = np.flatnonzero(~np.isfinite(times))
    return times[: bad[0]] if len(bad) else times


def choose(run, count):
    """About `count` snapshots, the first and the last among them, at equal changes of log KL if it is known: what
    moves is shown, not the long stay near the target; else at equal distances in time."""
    progress = np.linspace(0.0, 1.0, len(run.times))
    kl = run.series("kl")
    if kl is not None and np.all(np.isfinite(kl[1])) and np.all(kl[1] > 0):
        fall = np.minimum.accumulate(np.maximum(np.log(kl[1]), np.log(kl[1][0]) - 7.0))
        if fall[0] - fall[-1] > 0.1:
            progress = np.interp(run.times, kl[0], (fall[0] - fall) / (fall[0] - fall[-1]))
    wanted = np.linspace(0.0, 1.0, count)[:-1]
    chosen = {int(np.argmin(np.abs(progress - w))) for w in wanted} | {0, len(run.times) - 1}
    return sorted(chosen)


def show_time(t):
    return f"t = {t:.3g}"


def support(run, fields):
    """A part of each axis, outside of which all fields are below 1e-3 of their maxima, with a margin."""
    limits = []
    for k, (centers, (lower, upper)) in enumerate(zip(run.centers, run.box())):
        others = tuple(d for d in range(len(run.axes)) if d != len(run.axes) - 1 - k)
        seen = np.zeros(len(centers), bool)
        for field in fields:
            seen |= np.max(field, axis=others) > 1e-3 * np.max(field)
        where = centers[seen]
        margin = 0.08 * (where[-1] - where[0])
        limits.append((max(lower, where[0] - margin), min(upper, where[-1] + margin)))
    return limits


def plot_lines(run):
    chosen = choose(run, 6)
    target = run.constant("target")
    shown = [run.snapshot(k) for k in chosen]
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    shades = matplotlib.colormaps["viridis_r"](np.linspace(0.12, 1.0, len(chosen)))
    if target is not None:
        axes.fill_between(run.centers[0], target, color="#dddddd", linewidth=0, label="target")
    for k, rho, shade in zip(chosen, shown, shades):
        axes.plot(run.centers[0], rho, color=shade, label=show_time(run.times[k]))
    for k in chosen[1:]:
        reference = run.snapshot(k, "reference")
        if reference is not None:
            axes.plot(run.centers[0], reference, color=BLACK, linewidth=1.2, linestyle=(0, (2, 3)),
                      label="reference" if k == chosen[-1] else None)
    (limits,) = support(run, shown + ([target] if target is not None else []))
    axes.set(xlim=limits, ylim=(0, None), xlabel=run.axes[0], ylabel="density", title=run.title)
    axes.legend()
    return figure


def draw_panel(axes, run, rho, target, scale, limits):
    box = run.box()
    image = axes.imshow(rho, origin="lower", extent=(*box[0], *box[1]), aspect="auto", cmap="viridis", norm=scale,
                        interpolation="bilinear")
    if target is not None:
        # For a Gaussian: the ellipses of half a standard deviation, of one and of two.
        levels = [level for level in np.max(target) * np.exp([-2.0, -0.5, -0.125]) if level > np.min(target)]
        if levels:
            axes.contour(*run.centers[:2], target, levels=levels, colors="white", linewidths=0.8, alpha=0.8)
    axes.set(xlim=limits[0], ylim=limits[1])
    return image


def panel_size(limits, area):
    """Width and height in inches, with the same scale on both axes unless the box is very elongated."""
    (left, right), (bottom, top) = limits
    ratio = (right - left) / (top - bottom)
    ratio = ratio if 0.4 < ratio < 2.5 else 1.25
    return math.sqrt(area * ratio), math.sqrt(area / ratio)


def field_2d(run, values):
    """A plane of a field: itself in 2D, its integral along z in 3D."""
    if values is None or values.ndim == 2:
        return values
    lower, upper = run.box()[2]
    return values.sum(axis=0) * (upper - lower) / len(values)


def common_scale(fields, target):
    """One scale for all panels. A first density far more peaked than the rest must not darken them all, so colours are
    by the square root of the density."""
    top = max(np.max(field) for field in [*fields, *([target] if target is not None else [])])
    return colors.PowerNorm(0.5, vmin=0.0, vmax=top)


def plot_panels(run):
    target = field_2d(run, run.constant("target"))
    chosen = choose(run, 6 if target is None else 5)
    shown = [field_2d(run, run.snapshot(k)) for k in chosen]
    titles = [show_time(run.times[k]) for k in chosen]
    everything = shown + ([target] if target is not None else [])
    limits, scale = support_2d(run, everything), common_scale(shown, target)
    if target is not None:
        shown, titles = everything, [*titles, "target"]
    width, height = panel_size(limits, 7.0)
    rows, columns = (1, len(shown)) if len(shown) < 4 else (2, math.ceil(len(shown) / 2))
    figure, grid = plt.subplots(rows, columns, figsize=(columns * width + 1.7, rows * (height + 0.35) + 0.9), layout="constrained",
                                sharex=True, sharey=True, squeeze=False)
    for axes, rho, title in zip(grid.flat, shown, titles):
        image = draw_panel(axes, run, rho, target, scale, limits)
        axes.set_title(title)
    for axes in list(grid.flat)[len(shown):]:
        axes.set_visible(False)
    for axes in grid[-1]:
        axes.set_xlabel(run.axes[0])
    for axes in grid[:, 0]:
        axes.set_ylabel(run.axes[1])
    figure.colorbar(image, ax=grid, label="density", pad=0.02)
    figure.suptitle(run.title)
    return figure


def support_2d(run, fields):
    plane = Run.__new__(Run)
    plane.__dict__.update(run.__dict__, axes=run.axes[:2], centers=run.centers[:2])
    return support(plane, fields)


def plot_convergence(run):
    """Energy above its limit, KL and squared distance to the target in log scale; None if there is nothing to show."""
    curves = []
    energy = run.series("energy")
    kl = run.series("kl")
    if energy is not None:
        limit = energy[1][-1] if kl is None else energy[1][-1] - kl[1][-1]
        what = "energy above its final value" if kl is None else "energy above the target's"
        curves.append((energy[0], energy[1] - limit, what, BLUE, "-"))
    if kl is not None:
        curves.append((*kl, "KL to the target", VERMILION, "--"))
    for name, label, color in (("w2_squared", "$W_2^2$ to the target", GREEN),
                               ("l1_reference", "$L^1$ distance to the reference", ORANGE)):
        if run.series(name) is not None:
            curves.append((*run.series(name), label, color, "-."))
    curves = [curve for curve in curves if np.any(curve[1] > 0)]
    if not curves:
        return None
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    for times, values, label, color, dashes in curves:
        axes.semilogy(times, np.where(values > 0, values, np.nan), color=color, linestyle=dashes, label=label)
    axes.set(xlabel="time", title=run.title)
    axes.grid(alpha=0.25)
    axes.legend()
    return figure


def movie_figure(run, fields, target):
    """An empty frame and the function that fills it with fields[k]."""
    known = [] if target is None else [target]
    if len(run.axes) == 1:
        figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
        if target is not None:
            axes.fill_between(run.centers[0], target, color="#dddddd", linewidth=0, label="target")
        (artist,) = axes.plot(run.centers[0], fields[0], color=BLUE, label="density")
        top = max(np.max(field) for field in fields + known)
        axes.set(xlim=support(run, fields + known)[0], ylim=(0, 1.05 * top), ylabel="density")
        axes.legend(loc="upper right")
        fill = artist.set_ydata
    else:
        limits = support_2d(run, fields + known)
        width, height = panel_size(limits, 14.0)
        figure, axes = plt.subplots(figsize=(width + 1.7, height + 0.9), layout="constrained")
        artist = draw_panel(axes, run, fields[0], target, common_scale(fields, target), limits)
        axes.set_ylabel(run.axes[1])
        figure.colorbar(artist, ax=axes, label="density")
        fill = artist.set_data
    axes.set_xlabel(run.axes[0])
    return figure, axes, fill


def animate(run, path):
    from PIL import Image

    chosen = np.unique(np.linspace(0, len(run.times) - 1, min(60, len(run.times))).astype(int))
    fields = [field_2d(run, run.snapshot(k)) if len(run.axes) > 1 else run.snapshot(k) for k in chosen]
    target = run.constant("target")
    figure, axes, fill = movie_figure(run, fields, target if len(run.axes) == 1 else field_2d(run, target))
    figure.set_dpi(90)
    frames = []
    for k, field in zip(chosen, fields):
        fill(field)
        axes.set_title(f"{run.title}, {show_time(run.times[k])}")
        figure.canvas.draw()
        frames.append(Image.fromarray(np.asarray(figure.canvas.buffer_rgba())[..., :3]))
    plt.close(figure)
    # One palette for all frames, from a few of them: no bands of colour, and no flicker.
    few = [np.asarray(frames[k]) for k in np.unique(np.linspace(0, len(frames) - 1, 5).astype(int))]
    palette = Image.fromarray(np.concatenate(few)).quantize(256)
    tones = np.array(palette.getpalette()).reshape(-1, 3)
    tones[np.argmax(tones.sum(axis=1))] = 255
    palette.putpalette(tones.ravel().tolist())
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    pauses = [90] * (len(frames) - 1) + [1500]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=pauses, loop=0, optimize=False)


def main():
    parser = argparse.ArgumentParser(description="Pictures of a wpg result file.")
    parser.add_argument("file", metavar="FILE.h5")
    parser.add_argument("-o", "--output", metavar="FOLDER", help="default: the folder of FILE.h5")
    parser.add_argument("--gif", action="store_true", help="also an animation of the density")
    try:
        arguments = parser.parse_args()
    except SystemExit as stop:
        return 64 if stop.code else 0
    run = Run(arguments.file)
    folder = arguments.output or os.path.dirname(os.path.abspath(arguments.file))
    os.makedirs(folder, exist_ok=True)
    pictures = {"density": plot_lines(run) if len(run.axes) == 1 else plot_panels(run),
                "convergence": plot_convergence(run)}
    for what, figure in pictures.items():
        if figure is not None:
            path = os.path.join(folder, f"{run.name}-{what}.png")
            figure.savefig(path)
            print(path)
    if arguments.gif:
        path = os.path.join(folder, f"{run.name}.gif")
        animate(run, path)
        print(path)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotAResult as problem:
        print(problem, file=sys.stderr)
        sys.exit(66)
    except OSError as problem:
        print(problem, file=sys.stderr)
        sys.exit(74)
