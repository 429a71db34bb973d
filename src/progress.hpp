#pragma once
#include <functional>
#include <iosfwd>
#include <string>

#include "wpg/grid.hpp"

namespace wpg {

/// How far a run is, on a stream: a bar that is redrawn at most ten times a second on a terminal, else a line about
/// every ten seconds. Nothing at all when quiet.
class Progress {
 public:
  enum class Style { bar, lines, quiet };
  /// Seconds since some fixed moment; tests bring their own.
  using Clock = std::function<double()>;

  Progress(std::ostream& out, Style style, Index steps, Clock clock = steady_seconds);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Tells that a step is done, and a quantity to show, e.g. "KL" and its value.
  void report(Index step, const std::string& name, double value);
  /// Removes the bar, so that other lines can follow.
  void clear();

  static double steady_seconds();

 private:
  std::string remaining(Index step, double now) const;
  void draw_bar(Index step, const std::string& tail);

  std::ostream& out_;
  Style style_;
  Index steps_;
  Clock clock_;
  double start_, last_;
  bool drawn_ = false;
};

}  // namespace wpg
