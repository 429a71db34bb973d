#include "wpg/parallel.hpp"

#include <omp.h>

namespace wpg {

void set_threads(int count) { omp_set_num_threads(std::max(1, count)); }

int threads() { return omp_get_max_threads(); }

}  // namespace wpg
