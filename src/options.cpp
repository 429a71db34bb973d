#include "wpg/config.hpp"

namespace wpg {
namespace {

const std::string on_or_off = "true or false";
const std::string count_from_one = "a whole number, at least 1";

/// Key, default, admissible values, help.
const std::vector<Option> table = {
    {"grid.preset", "", "a file with a [grid] section, e.g. grids/square-256.ini", "box to start from"},
    {"grid.cells", "", "whole numbers of at least 4, one per axis (1 to 3 axes)",
     "cells per axis; their count is the dimension"},
    {"grid.lower", "", "numbers, one per axis or one for all", "lower ends of the box"},
    {"grid.upper", "", "numbers above grid.lower, one per axis or one for all", "upper ends of the box"},
    {"grid.boundary", "reflecting", "reflecting, periodic or free, one per axis or one for all",
     "what lies beyond the ends of the axes"},

    {"potential.type", "", "none, quadratic, double-well, gaussian-mixture, banana, logistic, linear or expression",
     "the smooth potential V; the target is exp(-V)/Z"},
    {"potential.mean", "0", "numbers, one per axis or one for all", "quadratic: the minimiser"},
    {"potential.precision", "1", "a symmetric positive definite matrix, row by row, or one positive number",
     "quadratic: the Hessian"},
    {"potential.well", "1", "a positive number", "double-well: the minima are at x = +-well"},
    {"potential.barrier", "1", "a positive number", "double-well: height of the barrier between the minima"},
    {"potential.stiffness", "1", "a positive number", "double-well: curvature along the other axes"},
    {"potential.weights", "", "positive numbers, one per component",
     "gaussian-mixture: weights (equal if absent); scaled to sum 1"},
    {"potential.means", "", "the components' means, one after another", "gaussian-mixture: means"},
    {"potential.covariances", "",
     "symmetric positive definite matrices, row by row, one after another; or one variance per component; or one for "
     "all",
     "gaussian-mixture: covariances"},
    {"potential.bend", "0.5", "a number", "banana: strength of the twist"},
    {"potential.deviations", "1 1", "two positive numbers", "banana: standard deviations along x and across the bend"},
    {"potential.data", "", "a CSV file with a header", "logistic, linear: the observations"},
    {"potential.columns", "", "names of columns, covariates first, the response last",
     "logistic: as many as the grid has axes, the response 0 or 1: parameters are (intercept, slopes). linear: one "
     "more; "
     "parameters are the slopes, the intercept has a flat prior"},
    {"potential.standardise", "true", on_or_off,
     "logistic, linear: centre the covariates and divide by their sample deviation (n-1); linear centres always"},
    {"potential.prior-deviation", "10", "a positive number",
     "logistic: standard deviation of the Gaussian prior on every coefficient"},
    {"potential.noise", "auto", "auto or a positive number",
     "linear: standard deviation of the noise; auto: that of the residuals of least squares"},
    {"potential.V", "", "a formula in x, y, z", "expression: the potential"},

    {"nonsmooth.type", "none", "none, l1, box or group",
     "F, the part of the potential that the backward step takes; the target is then exp(-V-F)/Z"},
    {"nonsmooth.weight", "1", "positive numbers, one per axis (l1; 0 for none) or one for all",
     "l1, group: factor of the norm"},
    {"nonsmooth.lower", "-inf", "numbers or -inf, one per axis or one for all", "box: lower ends"},
    {"nonsmooth.upper", "inf", "numbers above nonsmooth.lower or inf, one per axis or one for all", "box: upper ends"},
    {"nonsmooth.axes", "", "some of x y z", "group: the axes of the group (default: all)"},

    {"initial.type", "", "gaussian, mixture, box, disc, samples or expression",
     "the initial density; scaled to mass one"},
    {"initial.mean", "0", "numbers, one per axis or one for all", "gaussian: mean"},
    {"initial.covariance", "1", "a symmetric positive definite matrix, row by row, or one positive number",
     "gaussian: covariance"},
    {"initial.weights", "", "positive numbers, one per component",
     "mixture: weights (equal if absent); scaled to sum 1"},
    {"initial.means", "", "the components' means, one after another", "mixture: means"},
    {"initial.covariances", "",
     "symmetric positive definite matrices, row by row, one after another; or one variance per component; or one for "
     "all",
     "mixture: covariances"},
    {"initial.lower", "", "numbers, one per axis or one for all", "box: lower ends"},
    {"initial.upper", "", "numbers above initial.lower, one per axis or one for all", "box: upper ends"},
    {"initial.center", "0", "numbers, one per axis or one for all", "disc: centre"},
    {"initial.radius", "1", "a positive number", "disc: radius"},
    {"initial.file", "", "a CSV file with a header", "samples: the points"},
    {"initial.columns", "", "names of columns, one per axis", "samples: coordinates"},
    {"initial.bandwidth", "scott", "histogram, scott, silverman, or positive numbers (one per axis or one for all)",
     "samples: how points become a density"},
    {"initial.rho", "", "a nonnegative formula in x, y, z", "expression: the density"},

    {"energy.type", "entropy", "entropy or none",
     "internal energy; none: no diffusion (forward; forward-backward with a [nonsmooth] potential)"},
    {"energy.interaction", "none", "a name from 'wpg list interactions'", "adds half the double integral of W(x - y)"},
    {"energy.mmd", "none", "a name from 'wpg list mmd'",
     "half the squared maximum mean discrepancy to the target, in place of the potential energy"},
    {"energy.network", "none", "a name from 'wpg list networks'",
     "activation of an infinitely wide network with one hidden layer; adds its loss, see [network]"},
    {"energy.strength", "1", "a number", "factor of the kernel; positive for a network"},
    {"energy.width", "1", "a positive number", "gaussian, inverse-multiquadric: length of the kernel"},
    {"energy.exponent", "2", "a number above -3, not 0", "power: exponent of the distance"},
    {"energy.core", "", "a positive number", "power, logarithmic: length that rounds the kernel off (default: h)"},

    {"network.parameters", "", "output, weight or bias, one word per axis",
     "what the axes of the grid are in phi = output act(weight x + bias); default: weight, then bias"},
    {"network.data", "", "a CSV file with a header", "observations to fit"},
    {"network.columns", "", "names of columns, inputs first, the response last", "of network.data"},
    {"network.truth", "", "a formula in x", "in place of data: the function to fit"},
    {"network.means", "", "points of the grid's dimension, one after another",
     "in place of data: a teacher network, whose parameters are a mixture of Gaussians or, of covariance 0, atoms"},
    {"network.weights", "", "positive numbers, one per mean", "teacher: weights (equal if absent); scaled to sum 1"},
    {"network.covariances", "0",
     "symmetric positive definite matrices, row by row, one after another; or one variance per component; or one for "
     "all",
     "teacher: covariances; 0 for atoms"},
    {"network.range", "-1 1", "two increasing numbers", "without data: inputs are uniform between them"},
    {"network.nodes", "64", "a whole number from 1 to 1000", "without data: Gauss-Legendre nodes"},

    {"scheme.name", "forward-backward", "a name from 'wpg list schemes'", "discretization in time"},
    {"scheme.gamma", "", "a positive number; forward-backward, forward-flow: below 1/L",
     "step size, the time of a step"},
    {"scheme.steps", "", count_from_one, "number of steps"},
    {"scheme.substeps", "auto", "auto or refuse",
     "explicit steps (forward, svgd, forward-backward with an [energy]): beyond their limit, divide them or refuse"},
    {"scheme.noise", "0", "a number, at least 0",
     "forward with mmd or a network, energy.type = none: deviation beta of the noise at which steps see the gradient"},
    {"scheme.noise-decay", "0", "a number, at least 0", "noise beta n^-decay in step n"},
    {"scheme.noise-nodes", "5", "a whole number from 1 to 64", "Gauss-Hermite nodes per axis for the noise"},
    {"scheme.kernel", "gaussian", "gaussian or inverse-multiquadric", "svgd: the kernel k"},
    {"scheme.bandwidth", "median", "median or a positive number",
     "svgd: length of the kernel; median: of the distances in the target, over sqrt(2)"},

    {"jko.solver", "entropic", "entropic", "solver of the proximal (JKO) step"},
    {"jko.epsilon", "auto", "auto or a number from 0.5 h^2 to 2 gamma",
     "entropic regularization; auto: h^2, h the largest spacing, at most 1.9 gamma"},
    {"jko.compensate", "true", on_or_off, "remove the first-order bias of the regularization"},
    {"jko.kernel", "auto", "auto, fft or truncated",
     "back-end of the Gibbs kernel; fft: plain or tilted, as it is valid"},
    {"jko.tolerance", "1e-8", "a number from 1e-12 to 1", "certified L1 distance to the exact minimiser"},
    {"jko.max-iterations", "500", count_from_one, "limit of iterations of a step"},
    {"jko.on-failure", "error", "error or warn", "what to do when a step stops short of its tolerance"},

    {"reference.fokker-planck", "false", on_or_off, "compare with the Fokker-Planck equation at every step"},
    {"reference.gaussian", "auto", "auto or false",
     "auto: in closed form where the problem is Gaussian, else by finite volumes; false: by finite volumes"},
    {"reference.substeps", "16", count_from_one, "time steps of the finite volumes per step of the scheme"},

    {"particles.number", "0", "a whole number; 0 for none",
     "particles beside the density: Langevin (forward-flow), Stein (svgd; a step costs number^2 kernel evaluations) "
     "or, "
     "between Gaussians, in closed form (forward-backward)"},

    {"observable.name", "", "letters, digits and underscores, a letter first",
     "name of a quantity to record at every step"},
    {"observable.expression", "", "a formula in x, y, z", "the quantity: its integral against rho is recorded"},

    {"diagnostics.w2", "auto", "auto, none or sinkhorn",
     "W2 to the target; auto: exact on a line and between Gaussians; sinkhorn: the debiased Sinkhorn divergence, for "
     "any density"},
    {"diagnostics.w2-epsilon", "auto", "auto or a number, at least 0.3 h^2",
     "regularization of the Sinkhorn divergence; auto: 4 h^2, h the largest spacing"},
    {"diagnostics.w2-every", "1", "a whole number; 0: only the first step", "steps between measurements of W2"},
    {"diagnostics.theory", "auto", "auto, true or false",
     "record both sides of the theory's inequalities at every step; auto: on a line and for Gaussians, where that is "
     "cheap"},

    {"product.file", "", "a CSV file with a header",
     "wpg validate: a product of independent one-dimensional marginals, one per row"},
    {"product.columns", "", "keys of [grid], [potential] and [initial] with a number for value, and copies",
     "columns of product.file: what a marginal replaces in the case; copies: how often it occurs"},
    {"product.particles", "1000", "a whole number; 0: none",
     "closed-form particles of the proximal gradient beside a product of Gaussians, seeded by run.seed"},

    {"output.file", "", "a path", "result file; default: output/NAME.h5, NAME the case's name"},
    {"output.every", "1", "a whole number; 0: only the first and the last step", "steps between snapshots"},
    {"output.compression", "4", "a whole number from 0 to 9", "gzip level of the snapshots"},
    {"output.overwrite", "true", on_or_off, "replace a result file of that name"},

    {"run.threads", "", "a whole number from 1 to 1024", "threads; default: all processors"},
    {"run.seed", "1", "a whole number", "seed of the particles"},
};

}  // namespace

std::span<const Option> options() { return table; }

}  // namespace wpg
