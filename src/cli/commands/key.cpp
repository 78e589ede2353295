#include <cstdlib>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include <locket/backends/local_admin.hpp>

#include "../failure.hpp"
#include "../interrupt.hpp"
#include "../json.hpp"
#include "../program.hpp"
#include "../progress.hpp"
#include "../table.hpp"
#include "../text.hpp"
#include "../value_source.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

using local::DataKeyStatus;
using local::KeyStatus;

struct Status {
  std::string format = {};
};

struct Rekey {
  std::string to_key_file = {};
  bool to_passphrase = false;
};

struct Rotation {};

void define_status(CLI::App& command, Status& arguments) {
  option::format(command, arguments.format, {"table", "json"});
}

void define_rekey(CLI::App& command, Rekey& arguments) {
  CLI::Option* file =
      command
          .add_option("--to-key-file", arguments.to_key_file, "A new key in this file (default: in the present one)")
          ->type_name("FILE");
  command.add_flag("--to-passphrase", arguments.to_passphrase, "A passphrase from now on")->excludes(file);
}

void define_rotation(CLI::App&, Rotation&) {}

const char* in_words(KeyStatus::Kind kind) {
  switch (kind) {
    case KeyStatus::Kind::Raw: return "key";
    case KeyStatus::Kind::Passphrase: return "passphrase";
    case KeyStatus::Kind::Provider: return "provider";
  }
  return "";
}

const char* in_words(DataKeyStatus::State state) {
  switch (state) {
    case DataKeyStatus::State::Primary: return "primary";
    case DataKeyStatus::State::DecryptOnly: return "decrypt-only";
    case DataKeyStatus::State::Destroyed: return "destroyed";
  }
  return "";
}

std::string as_table(const KeyStatus& status) {
  std::string text = fmt::format("store       {}\nroot key    {}, number {}\n", status.store_id, in_words(status.kind),
                                 status.key_epoch);
  if (status.kdf) {
    text += fmt::format("argon2id    {} MiB, {} passes, {} lanes\n", status.kdf->memory_kib / 1024, status.kdf->passes,
                        status.kdf->lanes);
  }
  if (!status.provider.empty()) text += fmt::format("provider    {} ({})\n", status.provider, status.key_ref);
  text += fmt::format("generation  {}\n\n", status.generation);
  Table table({"DATA KEY", "STATE", "BOXES"});
  for (const DataKeyStatus& key : status.data_keys) {
    table.add({std::to_string(key.id), in_words(key.state), std::to_string(key.boxes)},
              key.state == DataKeyStatus::State::Destroyed);
  }
  return text + table.text(table_style());
}

SecretValue as_json(const KeyStatus& status) {
  Json json;
  json.begin_object().member("store_id", status.store_id).member("kind", in_words(status.kind));
  if (status.kdf) {
    json.key("argon2id").begin_object().member("memory_kib", std::uint64_t{status.kdf->memory_kib});
    json.member("passes", std::uint64_t{status.kdf->passes}).member("lanes", std::uint64_t{status.kdf->lanes});
    json.end_object();
  }
  if (!status.provider.empty()) json.member("provider", status.provider).member("key_ref", status.key_ref);
  json.member("key_epoch", std::uint64_t{status.key_epoch}).member("generation", status.generation);
  json.key("data_keys").begin_array();
  for (const DataKeyStatus& key : status.data_keys) {
    json.begin_object().member("id", std::uint64_t{key.id}).member("state", in_words(key.state));
    json.member("boxes", key.boxes).end_object();
  }
  json.end_array().end_object();
  return std::move(json).finish();
}

Result<int> run_status(Session& session, const Status& arguments) {
  auto admin = session.open_admin();
  if (!admin) return std::move(admin).error();
  auto status = admin->key_status();
  if (!status) return std::move(status).error();
  const auto written =
      arguments.format == "json" ? Output::result(as_json(*status)) : Output::result(as_table(*status));
  return written ? Result<int>(0) : written.error();
}

// Without a wish, the same kind of key as now.
Result<local::KeySource> new_source(const Session& session, const config::Choice& chosen, const Rekey& arguments,
                                    KeyStatus::Kind kind) {
  if (!arguments.to_key_file.empty()) return local::KeySource(local::KeyFile{.path = arguments.to_key_file});
  if (arguments.to_passphrase || kind == KeyStatus::Kind::Passphrase) {
    auto passphrase = read_new_passphrase(session);
    if (!passphrase) return std::move(passphrase).error();
    return local::KeySource(local::Passphrase{.text = std::move(*passphrase)});
  }
  auto options = session.local_options(chosen);
  if (!options) return std::move(options).error();
  if (std::holds_alternative<local::KeyFile>(options->key)) return std::move(options->key);
  return usage("where the new key goes is not said", "add --to-key-file FILE or --to-passphrase");
}

// Or the next command would look for the key where it was.
Result<int> tell_new_place(const Session& session, const config::Choice& chosen, const std::string& key_file) {
  const auto options = session.local_options(chosen);
  if (!options) return options.error();
  std::error_code unknown;
  const auto absolute = std::filesystem::absolute(key_file, unknown);
  session.out.say(fmt::format("name the new key from now on: --store 'local:{}?key-file={}'", printable(options->path),
                              printable(unknown ? key_file : absolute.string())));
  return 0;
}

Result<int> run_rekey(Session& session, const Rekey& arguments) {
  const auto chosen = session.choice();
  if (!chosen) return chosen.error();
  auto admin = session.open_admin(*chosen);
  if (!admin) return std::move(admin).error();
  auto status = admin->key_status();
  if (!status) return std::move(status).error();
  auto source = new_source(session, *chosen, arguments, status->kind);
  if (!source) return std::move(source).error();
  const auto* file = std::get_if<local::KeyFile>(&*source);
  const std::string where = file == nullptr ? "a passphrase" : "the key in " + file->path;
  auto done = admin->rekey(std::move(*source));
  if (!done) return std::move(done).error();
  session.out.say(
      fmt::format("the store is opened with {} now; programs that have it open open it again\n"
                  "if the old key leaked, `locket key rotate` too: it re-encrypts what the old key could read",
                  where));
  return arguments.to_key_file.empty() ? Result<int>(0) : tell_new_place(session, *chosen, arguments.to_key_file);
}

Result<int> run_rotation(Session& session, const Rotation&) {
  auto admin = session.open_admin();
  if (!admin) return std::move(admin).error();
  Interrupt interrupt;
  local::Progress last;
  Result<void> rotated;
  {
    Progress progress(session.out, "re-encrypting");
    const auto tell = [&](const local::Progress& now) {
      last = now;
      progress.at(now.done, now.total);
      static_cast<void>(interrupt.happened());
    };
    rotated = admin->rotate(tell, interrupt.call());
  }
  if (!rotated && rotated.error().code() == ErrorCode::Cancelled) {
    return cancelled(
        fmt::format("interrupted when {} of {} were re-encrypted; the store is whole", last.done, last.total),
        fmt::format("`{}` goes on where it stopped", session.command("key rotate")));
  }
  if (!rotated) return std::move(rotated).error();
  session.out.say("everything is re-encrypted with a new data key; the old one is destroyed");
  return 0;
}

}  // namespace

void add_key(Program& program) {
  CLI::App& key = program.group(
      {.name = "key", .summary = "The local store's keys: status, rekey, rotate", .example = "locket key status"});
  program.command<Status>(
      key, {.name = "status", .summary = "What the store is encrypted with", .example = "locket key status"},
      define_status, run_status);
  program.command<Rekey>(
      key, {.name = "rekey", .summary = "A new root key: what opens the store", .example = "locket key rekey"},
      define_rekey, run_rekey);
  program.command<Rotation>(key,
                            {.name = "rotate",
                             .summary = "A new data key, and everything re-encrypted with it; can be interrupted",
                             .example = "locket key rotate"},
                            define_rotation, run_rotation);
}

}  // namespace locket::cli
