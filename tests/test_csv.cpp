#include <doctest/doctest.h>

#include "scratch_file.hpp"
#include "wpg/csv.hpp"
#include "wpg/error.hpp"

using namespace wpg;

namespace {

std::string complaint(const std::string& text, const std::vector<std::string>& columns) {
  const ScratchFile file("data.csv", text);
  try {
    read_csv(file.path(), columns);
  } catch (const InputError& error) {
    const std::string line = error.what();
    CHECK(line.starts_with(file.path()));
    CHECK(error.code() == ExitCode::missing_input);
    return line.substr(file.path().size());
  }
  return "no error";
}

}  // namespace

TEST_CASE("named columns come in the order asked for, whatever else the file holds") {
  const ScratchFile file(
      "data.csv",
      "\xEF\xBB\xBF# source: nowhere\r\n\r\n\"a\", \"the \"\"b\"\", quoted\" ,note\r\n1,2.5,x\r\n\r\n# more\r\n"
      " -3e2 , \"4\",\"y, z\"\r\n+.5,0,\r\n");
  const Eigen::MatrixXd table = read_csv(file.path(), {"the \"b\", quoted", "a"});
  REQUIRE(table.rows() == 3);
  REQUIRE(table.cols() == 2);
  CHECK(table(0, 0) == 2.5);
  CHECK(table(0, 1) == 1.0);
  CHECK(table(1, 0) == 4.0);
  CHECK(table(1, 1) == -300.0);
  CHECK(table(2, 1) == 0.5);
}

TEST_CASE("malformed files are refused with file, line and column") {
  CHECK(complaint("", {"a"}) == ": is empty");
  CHECK(complaint("a,b\n", {"a"}) == ": has no rows below its header");
  CHECK(complaint("a,b\n1,2\n", {"c"}) == ", line 1: there is no column 'c'; the columns are: a, b");
  CHECK(complaint("a,a\n1,2\n", {"a"}) == ", line 1: there is more than one column 'a'; the columns are: a, a");
  CHECK(complaint("a,b\n1,2\n\n3\n", {"a"}) == ", line 4: 1 fields where the header has 2");
  CHECK(complaint("a,b\n1,2\n3,4,5\n", {"a"}) == ", line 3: 3 fields where the header has 2");
  CHECK(complaint("a,b\n1,NA\n", {"b"}) == ", line 2: column 'b': 'NA' is not a finite number");
  CHECK(complaint("a,b\n1,\n", {"b"}) == ", line 2: column 'b': '' is not a finite number");
  CHECK(complaint("a,b\n1,nan\n", {"b"}) == ", line 2: column 'b': 'nan' is not a finite number");
  CHECK(complaint("a,b\n1,1e999\n", {"b"}) == ", line 2: column 'b': '1e999' is not a finite number");
  CHECK(complaint("a,b\n1,2x\n", {"b"}) == ", line 2: column 'b': '2x' is not a finite number");
  CHECK(complaint("a,b\n1,\"2\n", {"b"}) == ", line 2: a quote is not closed");
  CHECK(complaint("a,b\n1,\"2\"3\n", {"b"}) == ", line 2: text after the closing quote of field \"2\"");
  CHECK_THROWS_AS(read_csv("no/such/file.csv", {"a"}), InputError);
  CHECK_THROWS_AS(read_csv(std::filesystem::temp_directory_path().string(), {"a"}), InputError);
}
