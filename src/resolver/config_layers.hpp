#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <locket/error.hpp>
#include <locket/resolver/format.hpp>

/// Which values of several documents, one over the other, are seen. Decided before any reference is looked up.
namespace locket::inline v1::resolver {

/// One document, parsed. The text is borrowed.
struct Layer {
  std::string_view file = {};
  std::string_view text = {};
  std::vector<Scalar> scalars = {};
};

/// The place of one of its values, with file and path.
Place place_of(const Layer& layer, const Scalar& scalar);

using Values = std::map<Path, const Scalar*>;

/// Puts layer upon layer, the base first.
class Layering {
 public:
  /// `layers` is borrowed.
  explicit Layering(const std::vector<Layer>& layers) : layers_(layers) {}

  void run();

  /// For each layer its values that are seen, which lead into it.
  std::vector<Values> visible() const;

  /// Paths that come twice in one document, and shapes that differ between two.
  std::vector<Error> errors;

 private:
  struct Origin {
    std::size_t layer = 0;
    const Scalar* scalar = nullptr;
  };
  using Outline = std::map<Path, Origin>;

  Outline outline_of(std::size_t layer);
  bool is_mapping(const Path& path) const;
  void put(const Path& root, const Origin& upper);
  bool cover_from_above(const Path& root, const Origin& upper);
  Outline::iterator first_element(Path path);
  void uncover(const Path& root, const Origin& upper);
  void clash(const Origin& upper, const Origin& lower);

  const std::vector<Layer>& layers_;
  Outline seen_;
};

}  // namespace locket::inline v1::resolver
