#!/usr/bin/env python3
"""Prints a benchmark's JSON as a table, with every time as a multiple of an FFTW cosine transform pair of its size,
and that of a kernel as a multiple of the bare FFTW transforms of its box ("bare").

usage: ratios.py RESULTS.json
"""
import json
import sys


def milliseconds(run):
    return run["real_time"] * {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}[run["time_unit"]]


def arguments(name):
    return dict(part.split(":") for part in name.split("/") if part.count(":") == 1 and not part.startswith(("iter", "rep")))


def main():
    with open(sys.argv[1]) as file:
        runs = json.load(file)["benchmarks"]
    pairs = {run["name"].split("/")[1]: milliseconds(run) for run in runs if run["name"].startswith("dct_pair/")}
    print(f"{'benchmark':62} {'label':18} {'ms':>9} {'DCT pairs':>9} {'bare':>5} {'kernel pairs':>12} {'gap':>9} {'L1 error':>9}")
    for run in runs:
        name, label = run["name"].removesuffix("/manual_time").removesuffix("/real_time"), run.get("label", "")
        if run.get("error_occurred"):
            print(f"{name:62} {label:18} {run['error_message']}")
            continue
        time = milliseconds(run)
        # A step measures its own yardstick between solves; a kernel is compared with the pair of the same run.
        pair = pairs.get(arguments(name).get("n"))
        ratio = run.get("ratio", time / pair if pair else None)
        cells = [f"{name:62} {label:18} {time:9.3f}", f"{ratio:9.2f}" if ratio else " " * 9]
        for key, form in (("bare", "5.2f"), ("pairs", "12.1f"), ("gap", "9.1e"), ("l1_error", "9.1e")):
            cells.append(format(run[key], form) if key in run else " " * int(form.split(".")[0]))
        print(" ".join(cells).rstrip())


main()
