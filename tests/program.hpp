#pragma once
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

/// The program, run as a user runs it.
namespace program {

inline const char* const small_case =
    "[grid]\ncells = 64\nlower = -6\nupper = 6\n"
    "[potential]\ntype = quadratic\n"
    "[initial]\ntype = gaussian\nmean = 1\n"
    "[scheme]\ngamma = 0.2\nsteps = 5\n"
    "[run]\nthreads = 1\n";

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What a run of the program left behind.
struct ProgramRun {
  int code = -1;
  std::string out, err;
};

/// A folder with small.ini, in which the program runs; removed at the end of the test.
class Sandbox {
 public:
  Sandbox() : folder_(std::filesystem::temp_directory_path() / ("wpg-test-program-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    write("small.ini", small_case);
  }
  ~Sandbox() { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

  pid_t start(const std::vector<std::string>& arguments) const {
    const pid_t child = ::fork();
    if (child == 0) become_program(arguments);
    return child;
  }
  ProgramRun finish(pid_t child) const {
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(path("stdout")), text_of(path("stderr"))};
  }
  ProgramRun run(const std::vector<std::string>& arguments) const { return finish(start(arguments)); }

 private:
  [[noreturn]] void become_program(const std::vector<std::string>& arguments) const {
    std::vector<char*> words = {const_cast<char*>(WPG_PROGRAM)};
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    if (::chdir(folder_.c_str()) != 0) ::_exit(126);
    ::dup2(::open("stdout", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
    ::dup2(::open("stderr", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    ::execv(WPG_PROGRAM, words.data());
    ::_exit(127);
  }

  std::filesystem::path folder_;
};

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// One line, from the program.
inline bool is_one_line(const std::string& text) {
  return text.starts_with("wpg: ") && text.find('\n') == text.size() - 1;
}

}  // namespace program
