#include "template.hpp"

#include <algorithm>
#include <array>

namespace locket::cli {
namespace {

constexpr std::array<std::string_view, 2> llm_commands{"set openai/api_key --type api_key",
                                                       "set anthropic/api_key --type api_key"};
constexpr std::string_view llm =
    R"(# Providers of language models. `locket resolve llm.yaml` prints this file with the secrets in place.
# A reference is replaced as a whole; this file holds no secret and may be committed.
providers:
  openai:
    base_url: https://api.openai.com/v1
    api_key: "$<secret:openai/api_key>"
    # Left out of the resolved file when there is no such secret:
    organization: "$<secret:openai/organization?optional>"
  anthropic:
    base_url: https://api.anthropic.com
    api_key: "$<secret:anthropic/api_key>"
default_provider: openai
)";

constexpr std::array<std::string_view, 2> database_commands{"set db --field username --field password",
                                                            "set replica/password --generate length=32"};
constexpr std::string_view database =
    R"(# A database and its read replica. `locket resolve database.yaml` prints this file with the secrets in place.
# A reference is replaced as a whole; this file holds no secret and may be committed.
database:
  host: localhost
  port: 5432
  name: app
  # One secret with two fields:
  username: "$<secret:db#username>"
  password: "$<secret:db#password>"
replica:
  # Inside of a URL, characters such as @ and / must be escaped:
  url: "postgresql://reader:$<secret:replica/password?enc=url>@replica.internal:5432/app"
)";

constexpr std::array<std::string_view, 3> web_commands{"set web/session_key --generate length=64",
                                                       "set smtp --field username --field password",
                                                       "set web/tls_key --from-file tls.key"};
constexpr std::string_view web =
    R"(# A web application. `locket resolve web.yaml` prints this file with the secrets in place.
# A reference is replaced as a whole; this file holds no secret and may be committed.
server:
  listen: 0.0.0.0:8443
  # Signs the sessions; a new one logs everybody out.
  session_key: "$<secret:web/session_key>"
  # A PEM file is kept with its line ends:
  tls_key: "$<secret:web/tls_key>"
mail:
  host: smtp.example.com
  username: "$<secret:smtp#username>"
  password: "$<secret:smtp#password>"
# A default is taken only when there is no such secret, never when the store cannot be reached:
analytics_key: "$<secret:web/analytics_key|none>"
)";

constexpr std::array templates{
    ConfigTemplate{.name = "llm", .file = "llm.yaml", .text = llm, .commands = llm_commands},
    ConfigTemplate{.name = "database", .file = "database.yaml", .text = database, .commands = database_commands},
    ConfigTemplate{.name = "web", .file = "web.yaml", .text = web, .commands = web_commands}};

}  // namespace

std::span<const ConfigTemplate> config_templates() {
  return templates;
}

const ConfigTemplate* find_template(std::string_view name) {
  const auto* found =
      std::find_if(templates.begin(), templates.end(), [&](const auto& each) { return each.name == name; });
  return found == templates.end() ? nullptr : &*found;
}

}  // namespace locket::cli
