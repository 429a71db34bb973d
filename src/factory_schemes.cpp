#include "factory_tables.hpp"

namespace wpg {

const std::vector<SchemeRow>& scheme_rows() {
  static const std::vector<SchemeRow> rows = {};
  return rows;
}

}  // namespace wpg
