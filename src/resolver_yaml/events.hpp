#pragma once

#include <string_view>

#include <yaml.h>

#include <locket/error.hpp>

#include "resolver/code_points.hpp"

namespace locket::inline v1::resolver {

/// One event of libyaml, with what it owns.
class YamlEvent {
 public:
  YamlEvent() = default;
  YamlEvent(const YamlEvent&) = delete;
  YamlEvent& operator=(const YamlEvent&) = delete;
  ~YamlEvent() { yaml_event_delete(&event_); }

  yaml_event_t* operator->() noexcept { return &event_; }
  yaml_event_t* get() noexcept { return &event_; }

 private:
  yaml_event_t event_ = {};
};

/// libyaml's parser over a document in UTF-8, which is borrowed.
class YamlParser {
 public:
  explicit YamlParser(std::string_view document);
  YamlParser(const YamlParser&) = delete;
  YamlParser& operator=(const YamlParser&) = delete;
  ~YamlParser() { yaml_parser_delete(&parser_); }

  /// False on an error.
  bool next(YamlEvent& event);

  /// The byte of the document at which a mark stands.
  std::size_t byte_of(const yaml_mark_t& mark) const { return skipped_ + points_.byte_of(mark.index); }

  /// Why `next` failed: in libyaml's words, which never quote the document.
  Error error() const;

 private:
  std::string_view document_;
  std::size_t skipped_;  // The byte order mark: libyaml would count it as a column.
  CodePoints points_;
  yaml_parser_t parser_ = {};
};

}  // namespace locket::inline v1::resolver
