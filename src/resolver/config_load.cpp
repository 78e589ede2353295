#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <locket/resolver/config.hpp>
#include <locket/secret_buffer.hpp>

#include "core/printable.hpp"
#include "resolver/config_layers.hpp"
#include "resolver/config_tree.hpp"
#include "resolver/file.hpp"
#include "resolver/report.hpp"

namespace locket::inline v1 {
namespace {

using resolver::ConfigEntry;
using resolver::ConfigTree;
using resolver::EntryKind;
using resolver::Format;
using resolver::Kind;
using resolver::Layer;
using resolver::Scalar;
using resolver::Values;
using resolver::Wanted;

/// A format in which some values of a document are not there.
class Visible final : public Format {
 public:
  Visible(const Format& format, const Values& values) : format_(format), values_(values) {}

  std::string_view name() const noexcept override { return format_.name(); }
  bool names(std::string_view file_name) const override { return format_.names(file_name); }
  bool has_null() const noexcept override { return format_.has_null(); }
  Result<std::vector<Scalar>> find(std::string_view document, const Wanted& wanted) const override {
    return visible(format_.find(document, wanted));
  }
  Result<std::vector<Scalar>> values(std::string_view document) const override {
    return visible(format_.values(document));
  }
  Result<void> write(std::string_view document, const Scalar& scalar, const resolver::Value& value,
                     SecretBuffer& out) const override {
    return format_.write(document, scalar, value, out);
  }

 private:
  Result<std::vector<Scalar>> visible(Result<std::vector<Scalar>> scalars) const {
    if (scalars) std::erase_if(*scalars, [&](const Scalar& each) { return !values_.contains(each.path); });
    return scalars;
  }

  const Format& format_;
  const Values& values_;
};

EntryKind kind_of(Kind kind, bool typed) {
  switch (kind) {
    case Kind::Text: return typed ? EntryKind::Text : EntryKind::Untyped;
    case Kind::Integer: return EntryKind::Integer;
    case Kind::Float: return EntryKind::Float;
    case Kind::Boolean: return EntryKind::Boolean;
    case Kind::EmptyMapping: return EntryKind::EmptyMapping;
    case Kind::EmptySequence: return EntryKind::EmptySequence;
    default: return EntryKind::Null;
  }
}

EntryKind kind_of(resolver::Value::Kind kind) {
  switch (kind) {
    case resolver::Value::Kind::Text: return EntryKind::Untyped;
    case resolver::Value::Kind::Integer: return EntryKind::Integer;
    case resolver::Value::Kind::Boolean: return EntryKind::Boolean;
    case resolver::Value::Kind::Json: return EntryKind::Json;
    default: return EntryKind::Null;
  }
}

// Reads layers, and remembers what is wrong with any of them.
class ConfigLoader {
 public:
  ConfigLoader(const Resolver& resolver, const Format& format, const Call& call)
      : resolver_(resolver),
        format_(format),
        call_(call),
        typed_(format.name() != "dotenv" && format.name() != "text") {}

  void add(std::string_view file, std::string_view text) {
    Layer layer{.file = file, .text = text};
    auto scalars = format_.values(text);
    if (!scalars) return wrong(std::move(scalars).error(), file);
    layer.scalars = std::move(*scalars);
    layers_.push_back(std::move(layer));
  }

  void wrong(Error error, std::string_view file) {
    if (error.place() && error.place()->file.empty()) error.details().place->file = file;
    errors_.push_back(std::move(error));
  }

  Result<std::shared_ptr<const ConfigTree>> run(std::vector<std::string> files) {
    resolver::Layering layering(layers_);
    layering.run();
    std::ranges::move(layering.errors, std::back_inserter(errors_));
    const auto visible = layering.visible();
    auto tree = std::make_shared<ConfigTree>();
    for (std::size_t i = 0; i < layers_.size(); ++i) resolve(layers_[i], visible[i], *tree);
    if (!errors_.empty()) return resolver::together(std::move(errors_), "config.load");
    tree->files = std::move(files);
    return std::shared_ptr<const ConfigTree>(std::move(tree));
  }

 private:
  void resolve(const Layer& layer, const Values& visible, ConfigTree& tree) {
    auto values = resolver_.resolve_values(layer.text, Visible(format_, visible), layer.file, call_);
    if (!values) return errors_.push_back(std::move(values).error());
    for (ResolvedScalar& each : *values) {
      const Scalar& written = *visible.at(each.path);
      ConfigEntry& entry = tree.entries[std::move(each.path)];
      entry.place = std::move(each.place);
      if (auto* resolved = std::get_if<ResolvedValue>(&each.content)) {
        fill(entry, std::move(*resolved), written.text);
      } else {
        entry.kind = kind_of(each.kind, typed_);
        entry.content = std::move(*std::get_if<std::string>(&each.content));
      }
    }
  }

  // Where only escapes were undone there is no secret.
  void fill(ConfigEntry& entry, ResolvedValue resolved, std::string_view written) {
    const auto references = resolver_.references(written);
    if (references && references->empty()) {
      entry.kind = kind_of(Kind::Text, typed_);
      entry.content = std::string(resolved.value.expose());
      return;
    }
    entry.kind = kind_of(resolved.kind);
    entry.content = std::make_shared<const SecretValue>(std::move(resolved.value));
  }

  const Resolver& resolver_;
  const Format& format_;
  const Call& call_;
  bool typed_;
  std::vector<Layer> layers_;
  std::vector<Error> errors_;
};

// "app.yaml" and "production" are "app.production.yaml"; of ".env" it is ".env.production", as its readers have it.
std::string layer_path(const std::string& path, const std::string& environment) {
  const std::size_t name = path.rfind('/') + 1;
  std::size_t extension = path.rfind('.');
  if (extension == std::string::npos || extension <= name) extension = path.size();
  return path.substr(0, extension) + '.' + environment + path.substr(extension);
}

Result<void> check_environment(const std::string& environment) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (environment.find_first_not_of(allowed) == std::string::npos) return {};
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "config.environment",
                .message = fmt::format("'{}' is no environment's name", printable(environment)),
                .hint = "write letters, digits, '-' and '_'"});
}

// A link that leads nowhere is there, and broken.
bool is_absent(const std::string& path, const Error& error) {
  std::error_code ignored;
  return error.code() == ErrorCode::NotFound &&
         std::filesystem::symlink_status(path, ignored).type() == std::filesystem::file_type::not_found;
}

}  // namespace

Result<Config> Config::load(const std::string& path, const Resolver& resolver, const ConfigOptions& options,
                            const Call& call) {
  if (auto good = check_environment(options.environment); !good) return std::move(good).error();
  auto format = resolver.format_of(resolver::file_name(path));
  if (!format) return std::move(format).error();
  std::vector<std::string> paths{path};
  if (!options.environment.empty()) paths.push_back(layer_path(path, options.environment));
  ConfigLoader loader(resolver, **format, call);
  std::vector<SecretBuffer> texts;
  std::vector<std::string> files;
  files.reserve(paths.size());  // the layers lead into it
  for (const std::string& each : paths) {
    auto text = resolver::read_file(each, resolver.options().max_input);
    if (!text && &each != &paths.front() && is_absent(each, text.error())) continue;
    if (!text) {
      loader.wrong(std::move(text).error(), each);
      continue;
    }
    texts.push_back(std::move(*text));
    loader.add(files.emplace_back(each), texts.back().view());
  }
  auto tree = loader.run(files);
  if (!tree) return std::move(tree).error();
  return Config(std::move(*tree), {});
}

Result<Config> Config::parse(std::string_view document, const Format& format, const Resolver& resolver,
                             std::string_view file, const Call& call) {
  ConfigLoader loader(resolver, format, call);
  loader.add(file, document);
  auto tree = loader.run(file.empty() ? std::vector<std::string>() : std::vector<std::string>{std::string(file)});
  if (!tree) return std::move(tree).error();
  return Config(std::move(*tree), {});
}

}  // namespace locket::inline v1
