#include <cerrno>
#include <filesystem>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <locket/backends/local.hpp>

#include "../descriptor.hpp"
#include "../failure.hpp"
#include "../program.hpp"
#include "../template.hpp"
#include "../text.hpp"
#include "../value_source.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::string key_file = {};
  bool passphrase = false;
  std::string config = {};
};

void define(CLI::App& command, Arguments& arguments) {
  CLI::Option* key_file =
      command.add_option("--key-file", arguments.key_file, "Where the key goes; one that is there is used")
          ->type_name("FILE");
  command.add_flag("--passphrase", arguments.passphrase, "Open the store with a passphrase instead of a key file")
      ->excludes(key_file);
  command.add_option("--template", arguments.config, "Write a configuration with references too, and say what to set")
      ->type_name("llm|database|web");
}

Result<const ConfigTemplate*> chosen_template(const std::string& name) {
  if (name.empty()) return static_cast<const ConfigTemplate*>(nullptr);
  const ConfigTemplate* found = find_template(name);
  if (found == nullptr)
    return usage(fmt::format("there is no template '{}'", printable(name)), "take llm, database or web");
  if (::access(std::string(found->file).c_str(), F_OK) != 0) return found;
  return Error({.code = ErrorCode::Conflict,
                .message = fmt::format("'{}' is there already", found->file),
                .hint = "move it away, or work in another folder"});
}

// Never over what is there.
Result<void> write_template(const ConfigTemplate& config) {
  const std::string path(config.file);
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (file.get() >= 0 &&
      ::write(file.get(), config.text.data(), config.text.size()) == static_cast<ssize_t>(config.text.size())) {
    return {};
  }
  return system_failure(fmt::format("cannot write '{}'", path), errno);
}

// As the store is found from any folder.
std::string absolute(const std::string& path) {
  std::error_code unknown;
  const auto whole = std::filesystem::absolute(path, unknown);
  return unknown ? path : whole.string();
}

// The store's URL may leave to the options which key it gets, and then has none for them to contradict.
Result<config::Choice> without_key(config::Choice chosen, const Arguments& arguments) {
  const auto url = StoreUrl::parse(chosen.url);
  if (!url || url->scheme() != "local" || (arguments.key_file.empty() && !arguments.passphrase)) return chosen;
  for (const char* option : {"key-file", "key-env", "passphrase-env"}) {
    const auto value = url->text(option);
    if (!value || *value == arguments.key_file) continue;
    return usage(fmt::format("the store's URL says {}={}, and the command line another key", option, printable(*value)),
                 "leave one of them out");
  }
  const bool has_key = !arguments.key_file.empty() && url->text("key-file");
  // Any key, which is replaced.
  if (!url->path().empty() && !has_key) chosen.url += url->options().empty() ? "?key-env=KEY" : "&key-env=KEY";
  return chosen;
}

Result<local::Options> options_for(const Session& session, const Arguments& arguments) {
  auto choice = session.choice();
  if (!choice) return std::move(choice).error();
  auto chosen = without_key(std::move(*choice), arguments);
  if (!chosen) return std::move(chosen).error();
  auto options = session.local_options(*chosen);
  if (!options) return options;
  if (!arguments.key_file.empty()) options->key = local::KeyFile{.path = absolute(arguments.key_file)};
  if (arguments.passphrase) {
    auto passphrase = read_new_passphrase(session);
    if (!passphrase) return std::move(passphrase).error();
    options->key = local::Passphrase{.text = std::move(*passphrase)};
  }
  return options;
}

// How the store is named from now on; the default one needs no name.
std::string store_url(const std::string& path, const std::string& key_file) {
  return fmt::format("local:{}?key-file={}", path, key_file);
}

std::string backup_advice(const Arguments& arguments, const std::string& path, const std::string& key_file) {
  if (key_file.empty()) {
    return fmt::format(
        "Whoever forgets the passphrase has lost the secrets. Keep it where the store is not.\n"
        "Where nobody can be asked, a variable has it:\n  export LOCKET_STORE='local:{}?passphrase-env=NAME'\n",
        path);
  }
  std::string text = fmt::format(
      "Back the key up now, apart from the store: without it the secrets are lost, with it everyone reads them.\n"
      "  cp {} /path/to/somewhere/safe/\n",
      key_file);
  if (!arguments.key_file.empty()) {
    text += fmt::format("The store is found with\n  export LOCKET_STORE='{}'\n", store_url(path, key_file));
  }
  return text;
}

std::string next_steps(const Session& session, const ConfigTemplate* config) {
  if (config == nullptr) return fmt::format("Next:\n  {}\n", session.command("set db/password"));
  std::string text = fmt::format("Next, the secrets that {} refers to:\n", config->file);
  for (std::string_view command : config->commands) text += fmt::format("  {}\n", session.command(command));
  return text + fmt::format("Then\n  {} {}\n  {} {}\n", session.command("check"), config->file,
                            session.command("resolve"), config->file);
}

Error not_created(Error error) {
  if (error.reason() == "local.exists") {
    error.details().hint =
        "if that is your store, go on with `locket set`; for another one name other files: "
        "--store 'local:/path/store.db?key-file=/path/key'";
  }
  return error;
}

Result<int> run(Session& session, const Arguments& arguments) {
  auto config = chosen_template(arguments.config);
  if (!config) return std::move(config).error();
  auto options = options_for(session, arguments);
  if (!options) return std::move(options).error();
  const std::string path = options->path;
  const auto* key = std::get_if<local::KeyFile>(&options->key);
  const std::string key_file = key == nullptr ? "" : key->path;
  auto store = local::create(std::move(*options));
  if (!store) return not_created(std::move(store).error());
  std::string text = fmt::format("store  {}\n", path);
  if (!key_file.empty()) text += fmt::format("key    {}\n", key_file);
  if (*config != nullptr) {
    if (auto written = write_template(**config); !written) return std::move(written).error();
    text += fmt::format("config {}\n", (*config)->file);
  }
  const auto written = Output::result(text);
  if (!written) return written.error();
  session.out.say(backup_advice(arguments, path, key_file) + next_steps(session, *config));
  return 0;
}

}  // namespace

void add_init(Program& program) {
  program.command<Arguments>(program.root(),
                             {.name = "init",
                              .summary = "Create an encrypted local store and its key",
                              .example = "locket init --template database"},
                             define, run);
}

}  // namespace locket::cli
