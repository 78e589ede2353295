#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "admin_work.hpp"
#include "errors.hpp"
#include "versions.hpp"

namespace locket::inline v1::local {
namespace {

constexpr std::size_t max_names_told = 20;

// One look at everything, inside a read transaction. Goes on after whatever is damaged.
class Verification {
 public:
  Verification(Connection& connection, const IntactCallback& intact) noexcept
      : connection_(connection), intact_(intact) {}

  template <class Check>
  Result<VerifyReport> run(Check check) {
    if (auto looked = structure(); !looked) return std::move(looked).error();
    if (auto looked = items(check); !looked) return std::move(looked).error();
    if (auto looked = strays(); !looked) return std::move(looked).error();
    buckets();
    return std::move(report_);
  }

 private:
  struct Found {
    Bucket bucket;
    std::vector<std::string> names;
  };

  // Damage stays in the report; the machine's own failures end the verification.
  Result<void> note(Error error, std::string name, std::optional<std::string> version = {}) {
    if (error.code() != ErrorCode::Integrity) return error;
    report_.damage.push_back({.name = std::move(name), .version = std::move(version), .what = error.message()});
    return {};
  }

  Result<void> structure() {
    Statement statement("PRAGMA integrity_check(20)");
    Query query(connection_.database(), statement);
    for (;;) {
      auto row = query.step();
      if (!row) return note(std::move(row).error(), "");
      if (!*row) return {};
      if (query.text(0) != "ok") report_.damage.push_back({.what = fmt::format("the file: {}", query.text(0))});
    }
  }

  template <class Check>
  Result<void> items(Check check) {
    Statement statement("SELECT name, bucket, meta, val FROM item ORDER BY name");
    Query query(connection_.database(), statement);
    for (;;) {
      if (auto ready = check(); !ready) return ready;
      auto row = query.step();
      if (!row) return note(std::move(row).error(), "");
      if (!*row) return {};
      ++report_.secrets;
      const std::string name(query.text(0));
      if (!NameView::parse(name)) {
        report_.damage.push_back({.what = "a record whose name is none"});
        continue;
      }
      if (auto looked = item(name, query.number(1), {.meta = query.blob(2), .value = query.blob(3)}); !looked) {
        return looked;
      }
    }
  }

  Result<void> item(const std::string& name, std::int64_t column, const Row& row) {
    auto bucket = connection_.set().bucket_of(name);
    if (!bucket) return std::move(bucket).error();
    auto element = connection_.set().element(name, tag_of(row.meta));
    if (!element) return std::move(element).error();
    Found& found = found_[*bucket];
    found.bucket.add(*element);
    found.names.push_back(name);
    if (column != *bucket) report_.damage.push_back({.name = name, .what = "it stands in the wrong bucket"});
    auto opened = connection_.open_item(name, row.meta);
    return opened ? values(name, *opened, row) : note(std::move(opened).error(), name);
  }

  Result<void> values(const std::string& text, const Item& item, const Row& row) {
    auto name = NameView::parse(text);
    if (!name) return note(integrity_error("a record's name"), text);
    for (const VersionEntry& entry : item.versions) {
      if (entry.state == VersionEntry::State::Destroyed) continue;
      auto data = connection_.open_value(text, item, entry, row.value);
      if (!data) {
        if (auto noted = note(std::move(data).error(), text, version_of(entry.number).text()); !noted) return noted;
        continue;
      }
      ++report_.values;
      if (intact_ && entry.number == item.current && entry.state == VersionEntry::State::Live) {
        intact_(*name, Secret(std::move(*data), version_of(entry.number), item.metadata));
      }
    }
    return old_values(text, item);
  }

  // Values that the item does not know.
  Result<void> old_values(const std::string& name, const Item& item) {
    Query query(connection_.database(), select_olds_);
    query.bind(1, name);
    for (;;) {
      auto row = query.step();
      if (!row) return note(std::move(row).error(), name);
      if (!*row) return {};
      const auto number = query.number(0);
      const bool known = std::ranges::any_of(item.versions, [&](const VersionEntry& entry) {
        return entry.number == number && number != item.current && entry.state != VersionEntry::State::Destroyed;
      });
      if (!known) {
        report_.damage.push_back(
            {.name = name, .version = std::to_string(number), .what = "its secret does not know it"});
      }
    }
  }

  Result<void> strays() {
    Statement statement("SELECT name, ver FROM old WHERE name NOT IN (SELECT name FROM item) ORDER BY name, ver");
    Query query(connection_.database(), statement);
    for (;;) {
      auto row = query.step();
      if (!row) return note(std::move(row).error(), "");
      if (!*row) return {};
      // What is no name is not passed on: whoever reads the report may be at a terminal.
      const bool named = bool{NameView::parse(query.text(0))};
      report_.damage.push_back({.name = named ? std::string(query.text(0)) : std::string(),
                                .version = std::to_string(query.number(1)),
                                .what = "a value without its secret"});
    }
  }

  // Each record may be authentic by itself and yet an old one: that only the sums tell, and not by name.
  void buckets() {
    for (std::size_t i = 0; i < bucket_count; ++i) {
      const Found& found = found_[i];
      if (found.bucket == connection_.state().buckets[i]) continue;
      const std::uint32_t expected = connection_.state().buckets[i].count;
      std::string what = fmt::format(
          "of the {} records of bucket {}, one or more were replaced by older ones, lost or doubled: {} are there",
          expected, i, found.bucket.count);
      for (std::size_t n = 0; n < std::min(found.names.size(), max_names_told); ++n) {
        what += fmt::format("{} {}", n == 0 ? ";" : ",", found.names[n]);
      }
      report_.damage.push_back({.what = std::move(what)});
    }
  }

  Connection& connection_;
  const IntactCallback& intact_;
  Statement select_olds_{"SELECT ver FROM old WHERE name=?1"};
  std::array<Found, bucket_count> found_{};
  VerifyReport report_ = {};
};

/// True for as long as this lives, also when memory runs out meanwhile.
class Raised {
 public:
  explicit Raised(bool& flag) noexcept : flag_(flag) { flag_ = true; }
  ~Raised() { flag_ = false; }
  Raised(const Raised&) = delete;
  Raised& operator=(const Raised&) = delete;

 private:
  bool& flag_;
};

}  // namespace

Result<VerifyReport> Admin::Work::verify(const IntactCallback& intact, const Call& call) {
  const Raised until_done(verifying_);
  return connection().read([&]() -> Result<VerifyReport> {
    Verification verification(connection(), intact);
    return verification.run([&] { return check(call); });
  });
}

}  // namespace locket::inline v1::local
