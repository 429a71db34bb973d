#include "wpg/config.hpp"

namespace wpg {
namespace {

const std::string on_or_off = "true or false";
const std::string count_from_one = "a whole number, at least 1";

/// Key, default, admissible values, help.
const std::vector<Option> table = {
    {"grid.preset", "", "a file with a [grid] section, e.g. grids/square-256.ini", "box to start from"},
    {"grid.cells", "", "1 to 3 whole numbers, each at least 4", "cells per axis"},
    {"grid.lower", "", "a finite number per axis", "lower ends of the box"},
    {"grid.upper", "", "a finite number per axis, above grid.lower", "upper ends of the box"},
    {"grid.boundary", "reflecting", "reflecting, periodic or free; one for all axes or one per axis",
     "what lies beyond the ends of an axis"},

    {"potential.type", "none", "a name from 'wpg list potentials'", "the smooth potential V"},
    {"potential.mean", "", "a finite number per axis", "centre of a quadratic potential; default: the origin"},
    {"potential.precision", "", "a symmetric positive definite matrix, row by row", "Hessian of a quadratic potential"},
    {"potential.weights", "", "positive numbers, one per component", "weights of a Gaussian mixture"},
    {"potential.means", "", "a finite number per axis and component", "means of a Gaussian mixture"},
    {"potential.covariances", "", "a symmetric positive definite matrix per component, row by row",
     "covariances of a Gaussian mixture"},
    {"potential.data", "", "a CSV file", "data of a logistic regression"},
    {"potential.columns", "", "names of columns, the response last", "columns of a logistic regression"},
    {"potential.standardise", "true", on_or_off, "subtract the mean and divide by the sample deviation (n - 1)"},
    {"potential.prior-deviation", "10", "a positive number", "deviation of the Gaussian prior on each coefficient"},
    {"potential.V", "", "an expression in x, y, z", "a potential given as an expression"},

    {"initial.type", "gaussian", "a name from 'wpg list initials'", "the initial density"},
    {"initial.mean", "", "a finite number per axis", "mean of a Gaussian; default: the origin"},
    {"initial.covariance", "", "a symmetric positive definite matrix, row by row", "covariance of a Gaussian"},
    {"initial.weights", "", "positive numbers, one per component", "weights of a mixture"},
    {"initial.means", "", "a finite number per axis and component", "means of a mixture"},
    {"initial.covariances", "", "a symmetric positive definite matrix per component, row by row",
     "covariances of a mixture"},
    {"initial.lower", "", "a finite number per axis", "lower ends of a box"},
    {"initial.upper", "", "a finite number per axis, above initial.lower", "upper ends of a box"},
    {"initial.center", "", "a finite number per axis", "centre of a disc"},
    {"initial.radius", "", "a positive number", "radius of a disc"},
    {"initial.file", "", "a CSV file", "samples, one per line"},
    {"initial.columns", "", "names of columns, one per axis", "columns of the samples"},
    {"initial.bandwidth", "", "a positive number per axis; 0: a histogram", "bandwidth of the density of samples"},
    {"initial.rho", "", "an expression in x, y, z", "a density given as an expression, normalised to mass one"},

    {"scheme.name", "forward-backward", "a name from 'wpg list schemes'", "discretization in time"},
    {"scheme.gamma", "", "a positive number, below 1/L", "proximal step size"},
    {"scheme.steps", "", count_from_one, "number of steps"},

    {"jko.solver", "entropic", "entropic", "solver of the proximal (JKO) step"},
    {"jko.epsilon", "auto", "auto, or a number from 0.5 h^2 to 2 gamma",
     "entropic regularization; auto: h^2, h the largest spacing, at most 1.9 gamma"},
    {"jko.compensate", "true", on_or_off, "remove the first-order bias of the regularization"},
    {"jko.kernel", "auto", "auto, fft or truncated", "back-end of the Gibbs kernel"},
    {"jko.tolerance", "1e-8", "a number, at least 1e-12", "certified L1 distance to the exact minimiser"},
    {"jko.max-iterations", "500", count_from_one, "limit of iterations of a step"},
    {"jko.on-failure", "error", "error or warn", "what to do when a step stops short of its tolerance"},

    {"observable.name", "", "letters, digits and underscores", "name of a quantity to record at every step"},
    {"observable.expression", "", "an expression in x, y, z", "the quantity: its integral against rho is recorded"},

    {"output.file", "", "a path", "result file; default: output/NAME.h5, NAME the case's name"},
    {"output.every", "1", "a whole number; 0: only the first and the last step", "steps between snapshots"},
    {"output.compression", "4", "a whole number from 0 to 9", "gzip level of the snapshots"},
    {"output.overwrite", "true", on_or_off, "replace a result file of that name"},

    {"run.threads", "", count_from_one, "threads; default: all processors"},
    {"run.seed", "1", "a whole number", "seed of everything random"},
};

}  // namespace

std::span<const Option> options() { return table; }

}  // namespace wpg
