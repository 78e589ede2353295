#include "resolver_yaml/nesting.hpp"

namespace locket::inline v1::resolver {

bool YamlNesting::begin_node(std::string_view name) {
  if (frames_.empty()) return true;
  Frame& top = frames_.back();
  ++top.count;
  if (top.is_sequence) return top.is_value;
  const bool is_key = top.key_is_next;
  top.key_is_next = !is_key;
  if (is_key) top.key = name;
  return top.is_value && !is_key;
}

void YamlNesting::open(bool is_sequence, bool is_flow, bool is_value) {
  frames_.push_back({.is_sequence = is_sequence, .is_flow = is_flow, .is_value = is_value});
}

Path YamlNesting::path() const {
  Path path;
  if (documents_ > 1) path.emplace_back(documents_ - 1);
  for (const Frame& frame : frames_) {
    if (frame.is_sequence) {
      path.emplace_back(frame.count - 1);
    } else {
      path.emplace_back(frame.key);
    }
  }
  return path;
}

}  // namespace locket::inline v1::resolver
