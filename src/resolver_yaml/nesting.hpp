#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <locket/resolver/format.hpp>

namespace locket::inline v1::resolver {

/// Where in the structure of a stream its events are.
class YamlNesting {
 public:
  void begin_document() { ++documents_; }

  /// A node begins. Whether it is a value: neither a key nor anything inside one. `name` is what its values are called
  /// by if it is a key.
  bool begin_node(std::string_view name);

  /// After `begin_node`, when the node is a collection.
  void open(bool is_sequence, bool is_flow, bool is_value);
  void close() { frames_.pop_back(); }

  std::size_t depth() const { return frames_.size(); }
  /// Whether nothing has begun in the collection that is open.
  bool is_empty() const { return frames_.back().count == 0; }
  /// Whether the collection that is open is a value, and which one.
  bool is_value() const { return frames_.back().is_value; }
  bool is_sequence() const { return frames_.back().is_sequence; }
  bool in_flow() const { return !frames_.empty() && frames_.back().is_flow; }

  /// Of the node that began last, if it is a value.
  Path path() const;

 private:
  struct Frame {
    bool is_sequence = false;
    bool is_flow = false;
    bool is_value = true;
    bool key_is_next = true;
    std::size_t count = 0;
    std::string key = {};
  };

  std::vector<Frame> frames_;
  std::size_t documents_ = 0;
};

}  // namespace locket::inline v1::resolver
