#include "cli/masker.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "cli/masked_forms.hpp"

namespace {

using locket::SecretValue;
using locket::cli::MaskedForms;
using locket::cli::Masker;
using Texts = std::vector<std::string>;

std::vector<SecretValue> values(const Texts& texts) {
  std::vector<SecretValue> result;
  for (const std::string& text : texts) result.emplace_back(text);
  return result;
}

Texts forms_of(const Texts& secrets) {
  const MaskedForms forms(values(secrets));
  Texts result;
  for (std::size_t i = 0; i < forms.size(); ++i) result.emplace_back(forms[i]);
  return result;
}

// Whether a form begins with `text` and goes on.
bool is_open(const Texts& forms, std::string_view text) {
  return std::any_of(forms.begin(), forms.end(),
                     [&](const std::string& form) { return form.size() > text.size() && form.starts_with(text); });
}

// Which bytes a form covers that begins before `end`.
std::vector<bool> covered(const Texts& forms, const std::string& text, std::size_t end) {
  std::vector<bool> result(text.size());
  for (const std::string& form : forms) {
    for (std::size_t at = text.find(form); at < end; at = text.find(form, at + 1)) {
      std::fill_n(result.begin() + static_cast<std::ptrdiff_t>(at), form.size(), true);
    }
  }
  return result;
}

// What must have come out when `text` was written, by the definition: a form is masked where it stands; from the first
// place on where one may have begun that `text` does not end, nothing is out but a mask.
std::string expected(const Texts& forms, const std::string& text, bool finished) {
  std::size_t end = 0;
  while (end < text.size() && (finished || !is_open(forms, std::string_view(text).substr(end)))) ++end;
  const std::vector<bool> masked = covered(forms, text, std::min(end + 1, text.size()));
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!masked[i] && i >= end) break;
    if (!masked[i]) result += text[i];
    if (masked[i] && (i == 0 || !masked[i - 1])) result += "***";
  }
  return result;
}

class Output {
 public:
  explicit Output(const Texts& secrets)
      : masker_(values(secrets), [this](std::string_view piece) { text_ += piece; }) {}

  const std::string& after(std::string_view chunk) {
    masker_.write(chunk);
    return text_;
  }
  /// All of it; the next text may follow.
  std::string finished() {
    masker_.finish();
    return std::exchange(text_, {});
  }

 private:
  std::string text_;
  Masker masker_;
};

std::string masked(const Texts& secrets, std::string_view text) {
  Output output(secrets);
  output.after(text);
  return output.finished();
}

TEST_CASE("a secret is masked, all else comes out") {
  CHECK(masked({"hunter22"}, "user=joe password=hunter22 port=1") == "user=joe password=*** port=1");
  CHECK(masked({"hunter22"}, "hunter2 unter22 hunter") == "hunter2 unter22 hunter");
  CHECK(masked({"hunter22"}, "").empty());
  CHECK(masked({}, "hunter22") == "hunter22");
  CHECK(masked({"abc", ""}, "abc") == "abc");
  CHECK(masked({"abcd"}, "abcabcd") == "abc***");
}

TEST_CASE("finds that overlap or touch are one mask") {
  CHECK(masked({"abcdefgh", "efghijkl"}, "-abcdefghijkl-") == "-***-");
  CHECK(masked({"abcdefgh", "ijklmnop"}, "-abcdefghijklmnop-") == "-***-");
  CHECK(masked({"abcdefgh"}, "abcdefghabcdefgh abcdefgh") == "*** ***");
}

TEST_CASE("a secret in a longer secret hides no end of the longer one") {
  const Texts secrets{"abcdefgh-ijklmnop", "cdefgh", "abcdefgh"};
  CHECK(masked(secrets, "<abcdefgh-ijklmnop>") == "<***>");
  CHECK(masked(secrets, "<abcdefgh-ijklmno>") == "<***-ijklmno>");
  CHECK(masked(secrets, "<abcdefg>") == "<abcdefg>");
  CHECK(masked({"abcdefgh-ijklmnop", "cdefgh"}, "<abcdefgh-ijkl>") == "<ab***-ijkl>");
}

TEST_CASE("only what may be the beginning of a secret waits") {
  Output output({"hunter22"});
  CHECK(output.after("Password: ") == "Password: ");
  CHECK(output.after("ok? hun") == "Password: ok? ");
  CHECK(output.after("ger? hunt") == "Password: ok? hunger? ");
  CHECK(output.after("er22") == "Password: ok? hunger? ***");
  CHECK(output.after("hunter22") == "Password: ok? hunger? ***");
  CHECK(output.after("!h") == "Password: ok? hunger? ***!");
  CHECK(output.finished() == "Password: ok? hunger? ***!h");
  CHECK(output.after("unter22") == "unter22");
}

TEST_CASE("what needs no mask is not copied") {
  const std::string chunk(100000, '.');
  std::vector<std::pair<const void*, std::size_t>> pieces;
  Masker masker(values({"hunter22"}), [&](std::string_view piece) { pieces.emplace_back(piece.data(), piece.size()); });
  masker.write(chunk);
  CHECK(pieces == std::vector{std::pair<const void*, std::size_t>(chunk.data(), chunk.size())});
}

TEST_CASE("a masker can be moved") {
  std::string text;
  Masker first(values({"hunter22"}), [&](std::string_view piece) { text += piece; });
  first.write("-hunt");
  Masker second(std::move(first));
  second.write("er22-");
  CHECK(text == "-***-");
}

TEST_CASE("two streams share what is looked for, and nothing else") {
  std::string text;
  const auto append = [&](std::string_view piece) { text += piece; };
  auto first = std::make_unique<Masker>(values({"hunter22"}), append);
  Masker second = first->with_sink(append);
  first->write("1:hunt");
  second.write("2:");
  first.reset();
  second.write("er22 hunter22");
  CHECK(text == "1:2:er22 ***");
}

TEST_CASE("what a terminal, base64, URLs and JSON make of a secret is masked") {
  const Texts secrets{"p\"ss\nw/rd ü+&'\n"};
  CHECK(masked(secrets, "p\"ss\nw/rd ü+&'\n") == "***\n");
  CHECK(masked(secrets, "p\"ss\r\nw/rd ü+&'\r\n") == "***\r\n");
  CHECK(masked(secrets, "cCJzcwp3L3JkIMO8KyYn") == "***");
  CHECK(masked(secrets, "cCJzcwp3L3JkIMO8KyYnCg==") == "***");
  CHECK(masked(secrets, "Authorization: Basic dXNlcjpwInNzCncvcmQgw7wrJic=\n") == "Authorization: Basic dXNlcjp***\n");
  CHECK(masked(secrets, R"({"a":"p\"ss\nw\/rd \u00fc+&'"})") == R"({"a":"***"})");
  CHECK(masked(secrets, "https://joe:p%22ss%0Aw%2Frd+%C3%BC%2B%26%27@host") == "https://joe:***@host");
}

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

std::string random_text(Random& random, std::size_t size, std::string_view alphabet) {
  std::string result;
  while (result.size() < size) result += alphabet[below(random, alphabet.size())];
  return result;
}

Texts random_secrets(Random& random, std::string_view alphabet) {
  Texts result;
  const std::size_t count = 1 + below(random, 4);
  const std::size_t longest = below(random, 8) == 0 ? 200 : 12;
  while (result.size() < count) {
    std::string secret = random_text(random, 1 + below(random, longest), alphabet);
    // Often a part of another, or one that begins as it ends.
    if (!result.empty() && below(random, 3) == 0) secret.insert(0, result[0].substr(result[0].size() / 2));
    if (!result.empty() && below(random, 4) == 0) secret = result[0].substr(0, 1 + below(random, result[0].size()));
    result.push_back(std::move(secret));
  }
  return result;
}

// Of forms, parts of forms, and letters.
std::string random_output(Random& random, const Texts& forms, std::string_view alphabet) {
  std::string result;
  const std::size_t parts = below(random, 8);
  for (std::size_t i = 0; i < parts; ++i) {
    const std::size_t kind = forms.empty() ? 3 : below(random, 4);
    const std::string form = forms.empty() ? "" : forms[below(random, forms.size())];
    if (kind == 0) result += form;
    if (kind == 1) result += form.substr(0, below(random, form.size()));
    if (kind == 2) result += form.substr(below(random, form.size()));
    if (kind == 3) result += random_text(random, below(random, 30), alphabet);
  }
  return result;
}

constexpr std::array<std::string_view, 7> alphabets{"a", "ab", "abcd", "ab\n", "aB/ \"\n", "a%0=\\u", "\xC3\xA9z\r\n"};

struct Case {
  std::string_view alphabet = {};
  Texts secrets = {};
  Texts forms = {};
  std::string text = {};
};

Case random_case(Random& random) {
  Case result{.alphabet = alphabets[below(random, alphabets.size())]};
  result.secrets = random_secrets(random, result.alphabet);
  result.forms = forms_of(result.secrets);
  result.text = random_output(random, result.forms, result.alphabet);
  return result;
}

std::string in_pieces(Random& random, Output& output, std::string_view rest, std::size_t longest) {
  while (!rest.empty()) {
    const std::size_t size = std::min(below(random, longest + 1), rest.size());
    output.after(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return output.finished();
}

TEST_CASE("any text in any pieces comes out as the definition says") {
  Random random(20261122);  // NOLINT(cert-msc51-cpp): the same cases each time
  for (int i = 0; i < 4000; ++i) {
    const Case tried = random_case(random);
    const std::string whole = expected(tried.forms, tried.text, true);
    CAPTURE(i, tried.secrets, tried.text);
    Output output(tried.secrets);
    for (std::size_t longest : {1U, 3U, 20U, 100U, 10000U}) {
      REQUIRE(in_pieces(random, output, tried.text, longest) == whole);
    }
    for (const std::string& form : tried.forms) REQUIRE(whole.find(form) == std::string::npos);
  }
}

TEST_CASE("after each byte, what is out is what the definition says") {
  Random random(22112026);  // NOLINT(cert-msc51-cpp): the same cases each time
  for (int i = 0; i < 400; ++i) {
    const Case tried = random_case(random);
    CAPTURE(i, tried.secrets, tried.text);
    Output output(tried.secrets);
    for (std::size_t size = 1; size <= std::min<std::size_t>(tried.text.size(), 100); ++size) {
      const std::string& out = output.after(std::string_view(tried.text).substr(size - 1, 1));
      REQUIRE(out == expected(tried.forms, tried.text.substr(0, size), false));
    }
  }
}

TEST_CASE("every split in two and in three comes out alike") {
  Random random(3);  // NOLINT(cert-msc51-cpp): the same cases each time
  for (unsigned i = 0; i < 100; ++i) {
    Case tried = random_case(random);
    tried.text.resize(std::min<std::size_t>(tried.text.size(), 40));
    const std::string_view text = tried.text;
    const std::string whole = expected(tried.forms, tried.text, true);
    CAPTURE(i, tried.secrets, tried.text);
    Output output(tried.secrets);
    for (std::size_t first = 0; first <= text.size(); ++first) {
      for (std::size_t second = first; second <= text.size(); second += 1 + i % 3U) {
        output.after(text.substr(0, first));
        output.after(text.substr(first, second - first));
        output.after(text.substr(second));
        REQUIRE(output.finished() == whole);
      }
    }
  }
}

// This thread's own time on a processor, in seconds.
double processor_time() {
  timespec now{};
  REQUIRE(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The least of several runs: a machine has other things to do.
double seconds(Masker& masker, std::string_view text, std::size_t chunk) {
  double least = 1e9;
  for (int run = 0; run < 5; ++run) {
    const double begin = processor_time();
    for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(std::min(rest.size(), chunk))) {
      masker.write(rest.substr(0, chunk));
    }
    masker.finish();
    least = std::min(least, processor_time() - begin);
  }
  return least;
}

TEST_CASE("no text makes the time grow faster than its size") {
  Texts nested;
  for (std::size_t size = 4; size < 100; size += 3) nested.emplace_back(size, 'a');
  const std::vector<std::pair<Texts, std::string>> worst = {
      {nested, "a"},
      {{std::string(100000, 'a')}, "a"},
      {{std::string(100000, 'a') + 'b'}, "a"},
      {{std::string(1000, 'a') + "b"}, std::string(999, 'a') + "c"},
      {{"abababababababababababababababababababababababababababababababc"}, "ab"},
  };
  constexpr std::size_t size = 1 << 12;
  for (const auto& [secrets, period] : worst) {
    std::string text;
    while (text.size() < 16 * size) text += period;
    Masker masker(values(secrets), [](std::string_view) {});
    for (std::size_t chunk : {std::size_t{1}, std::size_t{4096}}) {
      CAPTURE(secrets.size(), period.size(), chunk);
      const std::string_view part = std::string_view(text).substr(0, size);
      CHECK(seconds(masker, text, chunk) < 64 * seconds(masker, part, chunk));  // 256 times, were it quadratic
    }
  }
}

}  // namespace
