#include <locket/resolver/format.hpp>

namespace locket::inline v1::resolver {
namespace {

class TextFormat final : public Format {
 public:
  std::string_view name() const noexcept override { return "text"; }
  bool names(std::string_view file_name) const override {
    return file_name.ends_with(".txt") || file_name.ends_with(".text");
  }
  bool has_null() const noexcept override { return false; }

  Result<std::vector<Scalar>> find(std::string_view document, const Wanted& wanted) const override {
    std::vector<Scalar> scalars;
    if (!wanted(document)) return scalars;
    scalars.push_back(
        {.end = document.size(), .entry_end = document.size(), .path = {}, .text = std::string(document)});
    return scalars;
  }

  Result<void> write(std::string_view, const Scalar&, const Value& value, SecretBuffer& out) const override {
    out.append(value.text);
    return {};
  }
};

constinit const TextFormat the_format;

}  // namespace

FormatPtr text() {
  return {FormatPtr(), &the_format};
}

}  // namespace locket::inline v1::resolver
