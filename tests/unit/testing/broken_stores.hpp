#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <locket/decorators/forwarding_store.hpp>

/// Stores that break the contract on purpose, each in one way, over one that keeps it. A suite is only as good as what
/// it catches.
namespace broken {

struct Store {
  /// What is wrong with it.
  std::string_view wrong = {};
  /// The clauses that catch it, and no others may fail.
  std::vector<std::string_view> caught_by = {};
  std::shared_ptr<locket::SecretStore> (*around)(std::shared_ptr<locket::SecretStore> inner) = {};
  /// Clauses that may catch it or not, since they race.
  std::vector<std::string_view> perhaps = {};
};

template <class T>
std::shared_ptr<locket::SecretStore> around(std::shared_ptr<locket::SecretStore> inner) {
  return std::make_shared<T>(std::move(inner));
}

std::vector<Store> reading();
std::vector<Store> listing();
std::vector<Store> writing();
std::vector<Store> describing();

}  // namespace broken
