// request_options.h - the options that describe a connection: of assign and explain.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "berth/lease.h"
#include "cli/verb.h"

namespace berth::cli {

class RequestOptions {
 public:
  // Declares the options; they live as long as the pointer does.
  [[nodiscard]] static std::shared_ptr<RequestOptions> declare(CLI::App& app);

  // invalid: a value is not what its option takes.
  [[nodiscard]] Result<Request> request() const;

 private:
  Request request_;  // of what needs no reading
  std::string ipv4_ = "optional";
  std::string ipv6_ = "optional";
  std::string delegated_ = "optional";
  std::vector<std::string> proposed_;
};

}  // namespace berth::cli
