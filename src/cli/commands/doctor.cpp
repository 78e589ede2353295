#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "../credential.hpp"
#include "../failure.hpp"
#include "../json.hpp"
#include "../program.hpp"
#include "../terminal.hpp"
#include "../text.hpp"
#include "commands.hpp"

namespace locket::cli {
namespace {

struct Arguments {
  std::string format = {};
};

void define(CLI::App& command, Arguments& arguments) {
  option::format(command, arguments.format, {"plain", "json"});
}

// One thing that was looked at.
struct Step {
  std::string what = {};
  std::string found = {};
  std::optional<Error> error = {};
  std::optional<double> milliseconds = {};
};

template <class Work>
Step timed(std::string what, Work work) {
  const auto begin = std::chrono::steady_clock::now();
  Step step{.what = std::move(what)};
  work(step);
  step.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return step;
}

Step look_at_choice(const Result<config::Choice>& choice) {
  Step step{.what = "store"};
  if (!choice) {
    step.error = choice.error();
  } else {
    step.found = fmt::format("{} ({})", printable(choice->url), printable(choice->reason));
  }
  return step;
}

Error not_ready(const Health& health) {
  return Error({.code = ErrorCode::Unavailable,
                .message = fmt::format("the store is not ready: {}", health.state),
                .hint = health.detail});
}

Step look_at_health(SecretStore& store) {
  return timed("health", [&](Step& step) {
    const auto health = store.health();
    if (!health) {
      step.error = health.error();
    } else if (!health->ready) {
      step.error = not_ready(*health);
    } else {
      step.found = health->state + (health->detail.empty() ? "" : "; " + printable(health->detail));
    }
  });
}

// Where the credential stands, before it is tried.
std::optional<Step> look_at_credential(const config::Choice& choice) {
  const auto url = StoreUrl::parse(choice.url);
  auto words = url ? credential_in_words(*url) : Result<std::string>(std::string());
  if (!words) return Step{.what = "credential", .error = std::move(words).error()};
  if (words->empty()) return std::nullopt;
  return Step{.what = "credential", .found = std::move(*words)};
}

// What this kind of store can do; whether this login may, only a write would tell.
Step look_at_writes(SecretStore& store) {
  const bool can = store.capabilities().put;
  return {.what = "writes",
          .found = can ? "this kind of store can be written to" : "no, this kind of store is read only"};
}

bool is_well(const std::vector<Step>& steps) {
  return std::none_of(steps.begin(), steps.end(), [](const Step& step) { return step.error.has_value(); });
}

// One page is enough to see that names can be listed.
Step look_at_names(SecretStore& store) {
  return timed("list", [&](Step& step) {
    const auto page = store.list("", {.limit = 100});
    if (!page) {
      step.error = page.error();
    } else {
      step.found = counted(page->items.size(), "secret") + (page->next.empty() ? "" : ", and more");
    }
  });
}

std::vector<Step> examine(const Session& session) {
  const auto choice = session.choice();
  std::vector<Step> steps{look_at_choice(choice)};
  if (!choice) return steps;
  if (auto credential = look_at_credential(*choice)) steps.push_back(std::move(*credential));
  std::shared_ptr<SecretStore> store;
  steps.push_back(timed("open", [&](Step& step) {
    auto opened = session.open(*choice);
    if (!opened) {
      step.error = opened.error();
    } else {
      store = std::move(*opened);
      step.found = store->describe();
    }
  }));
  if (!store) return steps;
  steps.push_back(look_at_health(*store));
  if (store->capabilities().list) steps.push_back(look_at_names(*store));
  if (is_well(steps)) steps.push_back(look_at_writes(*store));
  return steps;
}

std::string as_text(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) {
    const std::string took = step.milliseconds ? fmt::format(" ({:.1f} ms)", *step.milliseconds) : std::string();
    const std::string found = step.error ? step.error->message() : step.found;
    text += fmt::format("{}  {:<10} {}{}\n", step.error ? "no" : "ok", step.what, found, took);
  }
  return text;
}

SecretValue as_json(const std::vector<Step>& steps) {
  Json json;
  json.begin_object().key("steps").begin_array();
  for (const Step& step : steps) {
    json.begin_object().member("step", step.what).member("ok", !step.error);
    if (!step.error) json.member("found", step.found);
    if (step.error) {
      json.member("code", to_string(step.error->code())).member("reason", step.error->reason());
      json.member("message", step.error->message()).member("hint", step.error->hint());
    }
    if (step.milliseconds) json.key("milliseconds").raw(fmt::format("{:.3f}", *step.milliseconds));
    json.end_object();
  }
  json.end_array().end_object();
  return std::move(json).finish();
}

// The first thing that is wrong is what there is to be done, and decides the exit status.
Result<int> run(Session& session, const Arguments& arguments) {
  const std::vector<Step> steps = examine(session);
  const auto written = arguments.format == "json" ? Output::result(as_json(steps)) : Output::result(as_text(steps));
  if (!written) return written.error();
  for (const Step& step : steps) {
    if (step.error) return *step.error;
  }
  return 0;
}

}  // namespace

void add_doctor(Program& program) {
  program.command<Arguments>(program.root(),
                             {.name = "doctor",
                              .summary = "Open the store step by step, and say what is wrong",
                              .example = "locket doctor --store dir:/run/secrets"},
                             define, run);
}

}  // namespace locket::cli
