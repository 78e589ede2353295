#include <cerrno>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "admin_work.hpp"
#include "core/fork.hpp"
#include "errors.hpp"
#include "files.hpp"

namespace locket::inline v1::local {
namespace {

Error forked_error() {
  return Error({.code = ErrorCode::Unavailable,
                .reason = "store.forked",
                .message = "the store was opened by another process, of which this one is a fork",
                .hint = "open it again after the fork",
                .retryable = false});
}

// From an IntactCallback: another operation would read with the statements that `verify` is reading with, or put the
// connection away from under it.
Error in_use_error() {
  return Error({.code = ErrorCode::InvalidArgument,
                .reason = "local.admin_in_use",
                .message = "this Admin is used by the callback of its own verify",
                .hint = "use another Admin, or wait until verify is done"});
}

}  // namespace

Admin::Work::Work(Options options, Opened opened)
    : options_(std::move(options)), opened_(std::move(opened)), epoch_(process_epoch()) {}

Admin::Work::~Work() {
  // The connection is the parent's: closing it here would drop its locks on the file.
  if (forked()) std::ignore = opened_.session.release();
}

bool Admin::Work::forked() const noexcept {
  return process_epoch() != epoch_;
}

std::string Admin::Work::describe() const {
  return fmt::format("local ({})", options_.path);
}

Result<void> Admin::Work::check(const Call& call) const {
  if (call.stop.stop_requested()) {
    return Error({.code = ErrorCode::Cancelled, .reason = "call.cancelled", .message = "the call was cancelled"});
  }
  if (!call.deadline || options_.settings.clock->steady() < *call.deadline) return {};
  return Error({.code = ErrorCode::Timeout,
                .reason = "call.deadline",
                .message = "the call's deadline has passed",
                .hint = "allow more time"});
}

Admin::Admin(std::unique_ptr<Work> work) noexcept : work_(std::move(work)) {}
Admin::Admin(Admin&&) noexcept = default;
Admin& Admin::operator=(Admin&&) noexcept = default;
Admin::~Admin() = default;

// Every operation: not in a forked child, within its deadline, its errors complete.
template <class Operation>
auto Admin::guarded(const char* operation, const Call& call, Operation run) -> decltype(run()) {
  const auto explain = [&](Error error) {
    if (error.details().backend.empty()) error.details().backend = work_->describe();
    if (error.details().operation.empty()) error.details().operation = operation;
    return error;
  };
  if (work_->forked()) return explain(forked_error());
  if (work_->verifying()) return explain(in_use_error());
  if (auto ready = work_->check(call); !ready) return explain(std::move(ready).error());
  work_->serve(&call);
  auto result = run();
  work_->serve(nullptr);
  if (!result) return explain(std::move(result).error());
  return result;
}

Result<Admin> Admin::open(Options options) {
  auto opened = open_session(options);
  if (!opened) return std::move(opened).error();
  return Admin(std::make_unique<Work>(std::move(options), std::move(*opened)));
}

Result<void> Admin::rekey(KeySource to, const Call& call) {
  return guarded("rekey", call, [&] { return work_->rekey(std::move(to)); });
}
Result<void> Admin::rotate(const ProgressCallback& progress, const Call& call) {
  return guarded("rotate", call, [&] { return work_->rotate(progress, call); });
}
Result<KeyStatus> Admin::key_status(const Call& call) {
  return guarded("key_status", call, [&] { return work_->key_status(); });
}
Result<void> Admin::backup_to(const std::string& path, const Call& call) {
  return guarded("backup", call, [&] { return work_->backup_to(path); });
}
Result<VerifyReport> Admin::verify(const IntactCallback& intact, const Call& call) {
  return guarded("verify", call, [&] { return work_->verify(intact, call); });
}
Result<void> Admin::vacuum(const Call& call) {
  return guarded("vacuum", call, [&] { return work_->vacuum(); });
}

Result<void> Admin::Work::backup_to(const std::string& path) {
  auto target = resolve(path);
  if (!target) return invalid_option(fmt::format("there is no folder for '{}'", path), "make it first");
  auto status = look_at(*target);
  if (!status) return std::move(status).error();
  // VACUUM INTO takes a file that is there and empty, so that it is made with our mode and nobody else's.
  auto file = NewFile::make(*target, *options_.random);
  if (!file) return std::move(file).error();
  // The state is proven first: a backup of what was tampered with would be found only when it is needed.
  if (auto good = connection().read([] { return Result<void>(); }); !good) return good;
  Statement statement("VACUUM INTO ?1");
  auto copied = Query(connection().database(), statement).bind(1, file->temporary()).run();
  if (copied) return file->finish();
  // The file is ours and a moment old: when SQLite calls it read-only, the disk would not have it opened for writing.
  if (copied.error().reason() != "local.read_only") return copied;
  return system_error(fmt::format("write '{}'", file->temporary()), EIO);
}

Result<void> Admin::Work::vacuum() {
  if (auto good = connection().read([] { return Result<void>(); }); !good) return good;
  return connection().database().execute("VACUUM");
}

}  // namespace locket::inline v1::local
