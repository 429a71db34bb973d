#!/usr/bin/env python3
"""Reads the files run-1.h5, run-2.h5 and run-3.h5 in a folder, written by test_run_file.cpp, with every reader that is
installed, and compares names, shapes, coordinates and values with what was written. Says which readers are missing."""
import importlib.util
import sys

AXES = {1: ("x",), 2: ("y", "x"), 3: ("z", "y", "x")}
CELLS = {"x": 12, "y": 7, "z": 5}
FIRST_CENTER = {"x": -0.875, "y": 0.1 + 0.3 / 7, "z": 0.1}


def installed(name):
    return importlib.util.find_spec(name) is not None


def check(condition, what):
    if not condition:
        sys.exit(f"wrong: {what}")


def close(a, b):
    return abs(a - b) < 1e-12


def check_netcdf4(path, dimension):
    import netCDF4

    with netCDF4.Dataset(path) as file:
        check(file.Conventions == "CF-1.8", "Conventions")
        check(file["rho"].dimensions == ("time", *AXES[dimension]), f"dimensions of rho: {file['rho'].dimensions}")
        check(file.dimensions["time"].isunlimited(), "time is unlimited")
        check(file["target"].dimensions == AXES[dimension], "dimensions of target")
        series = file["diagnostics"]
        check(series["covariance"].dimensions == ("time", "axis", "axis2"), "dimensions of covariance")
        check(series["jko_iterations"].dtype == "int64" and series["kernel"].dtype == "int32", "types of integers")
        check(list(series["jko_iterations"][1:]) == [10, 20, 30, 40], "values of jko_iterations")
        check(series["jko_iterations"][:].mask[0], "the first count is missing")
        check(series["kernel"].flag_meanings == "fft dct truncated", "flag_meanings")
        check(list(series["kernel"].flag_values) == [0, 1, 2], "flag_values")
        check(list(series["axis"][:]) == ["x", "y", "z"][:dimension], "labels of axis")
        check(series["step"].dtype == "int64", "type of step")
        check(list(series["step"][:]) == [0, 1, 2, 3, 4], "steps")


def check_xarray(path, dimension, engine):
    import xarray

    with xarray.open_dataset(path, engine=engine) as file:
        check(file.rho.dims == ("time", *AXES[dimension]), f"dimensions of rho: {file.rho.dims}")
        check(file.rho.shape == (3, *(CELLS[axis] for axis in AXES[dimension])), "shape of rho")
        for axis in AXES[dimension]:
            check(close(float(file[axis][0]), FIRST_CENTER[axis]), f"first centre of {axis}")
        x = {axis: FIRST_CENTER[axis] for axis in AXES[dimension]}
        value = 2.718281828459045 ** -sum(c * c for c in x.values()) + sum(x.values()) + 2
        check(close(float(file.rho.sel(time=0.4, **x, method="nearest")), value), "a value of rho")
        check(close(float(file.potential.sel(**x, method="nearest")), sum(c * c for c in x.values()) / 2), "potential")
    with xarray.open_dataset(path, engine=engine, group="diagnostics") as series:
        check(series["mean"].dims == ("time", "axis"), "dimensions of mean")
        check(series["covariance"].dims == ("time", "axis", "axis2"), "dimensions of covariance")
        check(close(float(series["energy"][4]), 0.2), "a value of energy")
        check(close(float(series["covariance"].sel(axis="x", axis2="x")[4]), 4 + 0.01 * dimension), "a covariance")


def check_h5py(path, dimension):
    import h5py

    with h5py.File(path) as file:

        def attached(name, item):
            if isinstance(item, h5py.Dataset) and "CLASS" not in item.attrs:
                for axis in item.dims:
                    check(len(axis) == 1, f"one scale on every axis of {name}")

        file.visititems(attached)
        vtk = file["VTKHDF"]
        check(vtk.attrs["Type"] == b"ImageData" and list(vtk.attrs["Version"]) == [2, 0], "attributes of VTKHDF")
        check(list(vtk["Steps/Values"]) == list(file["time"]) and vtk["Steps"].attrs["NSteps"] == 3, "steps of VTKHDF")
        check(vtk["CellData/rho"] == file["rho"], "the link to rho")
        check(vtk.attrs["WholeExtent"][1] == 12 and close(vtk.attrs["Spacing"][0], 0.25), "the image's extent")
        check(file["rho"].chunks == (1, *file["rho"].shape[1:]) and file["rho"].shuffle, "chunks of rho")


def main(folder):
    checks = {"h5py": check_h5py, "netCDF4": check_netcdf4}
    done = []
    for dimension in AXES:
        path = f"{folder}/run-{dimension}.h5"
        for reader, run in checks.items():
            if installed(reader):
                run(path, dimension)
                done.append(reader)
        for engine in ("netcdf4", "h5netcdf"):
            if installed("xarray") and installed({"netcdf4": "netCDF4"}.get(engine, engine)):
                check_xarray(path, dimension, engine)
                done.append(f"xarray ({engine})")
    print("read by", ", ".join(dict.fromkeys(done)) or "nothing: no reader is installed")


if __name__ == "__main__":
    main(sys.argv[1])
