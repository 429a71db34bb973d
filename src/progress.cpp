#include "progress.hpp"

#include <chrono>
#include <ostream>

#include "text.hpp"

namespace wpg {

double Progress::steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Progress::Progress(std::ostream& out, Style style, Index steps, Clock clock)
    : out_(out), style_(style), steps_(steps), clock_(std::move(clock)), start_(clock_()), last_(start_) {}

std::string Progress::remaining(Index step, double now) const {
  if (step == 0) return "";
  const double left = (now - start_) / static_cast<double>(step) * static_cast<double>(steps_ - step);
  return ", " + seconds_text(left) + " left";
}

void Progress::draw_bar(Index step, const std::string& tail) {
  constexpr Index width = 30;
  const Index full = steps_ > 0 ? width * step / steps_ : width;
  out_ << "\r\033[K[" << std::string(static_cast<std::size_t>(full), '#')
       << std::string(static_cast<std::size_t>(width - full), '.') << "] " << tail << std::flush;
  drawn_ = true;
}

void Progress::report(Index step, const std::string& name, double value) {
  if (style_ == Style::quiet) return;
  const double now = clock_();
  const double pause = style_ == Style::bar ? 0.1 : 10.0;
  if (now - last_ < pause) return;
  last_ = now;
  const std::string tail = "step " + std::to_string(step) + "/" + std::to_string(steps_) + remaining(step, now) + ", " +
                           name + " " + shortest(value, 4);
  if (style_ == Style::bar) {
    draw_bar(step, tail);
  } else {
    out_ << tail << '\n' << std::flush;
  }
}

void Progress::clear() {
  if (drawn_) out_ << "\r\033[K" << std::flush;
  drawn_ = false;
}

}  // namespace wpg
