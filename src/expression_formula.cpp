#include "expression_formula.hpp"

#include <muParser.h>

#include <cmath>
#include <numbers>

namespace wpg {
namespace {

/// muParser's message, with the position as people count: from one.
std::string in_words(const mu::Parser::exception_type& error) {
  std::string message = error.GetMsg();
  while (!message.empty() && (message.back() == '.' || message.back() == ' ')) message.pop_back();
  if (error.GetPos() < 0) return message;
  const auto position = message.find(" at position");
  if (position != std::string::npos) message.erase(position);
  return message + " at character " + std::to_string(error.GetPos() + 1);
}

}  // namespace

struct Formula::Compiled {
  Compiled(const std::string& texts, int dimension) {
    static constexpr std::array<const char*, 3> names = {"x", "y", "z"};
    for (std::size_t k = 0; k < static_cast<std::size_t>(dimension); ++k) parser.DefineVar(names[k], &coordinates[k]);
    parser.DefineConst("pi", std::numbers::pi);
    parser.DefineConst("Pi", std::numbers::pi);  // as the algebra system writes it
    parser.DefineConst("e", std::numbers::e);
    parser.DefineFun("log", static_cast<double (*)(double)>(std::log));
    parser.DefineFun("ln", static_cast<double (*)(double)>(std::log));
    parser.DefineFun("pow", static_cast<double (*)(double, double)>(std::pow));
    parser.SetExpr(texts);
    parser.Eval();
  }

  mu::Parser parser;
  std::array<double, 3> coordinates = {0.0, 0.0, 0.0};
};

Formula::Slot::Slot() = default;
Formula::Slot::~Slot() = default;
Formula::~Formula() = default;

Formula::Formula(std::string texts, int dimension) : texts_(std::move(texts)), dimension_(dimension) {
  try {
    slots_[0].compiled = std::make_unique<Compiled>(texts_, dimension_);
    count_ = slots_[0].compiled->parser.GetNumResults();
  } catch (const mu::Parser::exception_type& error) {
    throw SyntaxError{in_words(error)};
  }
}

Formula::Slot& Formula::take() const {
  static std::atomic<std::size_t> threads_seen = 0;
  thread_local const std::size_t home = threads_seen++;
  for (std::size_t k = home;; ++k) {
    Slot& slot = slots_[k % slots_.size()];
    if (slot.busy.test_and_set(std::memory_order_acquire)) continue;
    if (!slot.compiled) slot.compiled = std::make_unique<Compiled>(texts_, dimension_);
    return slot;
  }
}

void Formula::evaluate(const Point& x, double* out) const {
  Slot& slot = take();
  Compiled& compiled = *slot.compiled;
  for (int k = 0; k < dimension_; ++k) compiled.coordinates[static_cast<std::size_t>(k)] = x[k];
  int count = 0;
  const double* const values = compiled.parser.Eval(count);
  for (int k = 0; k < count; ++k) out[k] = values[k];
  slot.busy.clear(std::memory_order_release);
}

}  // namespace wpg
