#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <locket/call.hpp>
#include <locket/result.hpp>

#include "connection.hpp"
#include "transaction.hpp"

/// The connections of one open store, and the turn to write.
namespace locket::inline v1::local {

/// A connection with its statements.
struct Session {
  Session(std::shared_ptr<Shared> shared, std::unique_ptr<Database> database)
      : connection(std::move(shared), std::move(database)) {}

  Connection connection;
  WriteStatements statements = {};
  Statement select_from{"SELECT name, meta FROM item WHERE name>?1 ORDER BY name"};
};

/// Thread-safe. In a forked child a pool must be leaked and not destroyed: that would close the parent's connections.
/// Whoever gives a connection back last is served it first again, so that a single thread always has one
/// that has seen its own writes.
class Pool {
 public:
  /// A connection, or the turn, for the time of a call.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Session> session) noexcept : pool_(&pool), session_(std::move(session)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      if (session_) pool_->give_back(std::move(session_));
    }
    Session& operator*() const noexcept { return *session_; }
    Session* operator->() const noexcept { return session_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Session> session_;
  };
  class Turn {
   public:
    explicit Turn(Pool& pool) noexcept : pool_(&pool) {}
    Turn(Turn&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      if (pool_ != nullptr) pool_->end_turn();
    }

   private:
    Pool* pool_;
  };

  Pool(std::shared_ptr<Shared> shared, std::unique_ptr<Session> first);

  /// Opens a connection when all are in use and there are fewer than the limit; otherwise waits. Timeout, Cancelled.
  Result<Lease> lease(const Call& call);
  /// One writer of this process at a time: the others wait here, and not at SQLite's lock, where they would have to
  /// look again and again. Timeout, Cancelled.
  Result<Turn> turn(const Call& call);

  Shared& shared() noexcept { return *shared_; }

 private:
  static constexpr std::size_t limit = 16;

  template <class Ready>
  Result<std::unique_lock<std::mutex>> wait(const Call& call, Ready ready);
  void give_back(std::unique_ptr<Session> session) noexcept;
  Result<std::unique_ptr<Session>> open_another();
  void lose_one() noexcept;
  void end_turn() noexcept;

  std::shared_ptr<Shared> shared_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Session>> idle_;
  std::size_t open_ = 1;
  bool writing_ = false;
};

}  // namespace locket::inline v1::local
