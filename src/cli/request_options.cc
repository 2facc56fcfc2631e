// request_options.cc - from options to a Request.
#include "cli/request_options.h"

#include <CLI/CLI.hpp>

#include "cli/words.h"
#include "core/quote.h"
#include "wire/words.h"

namespace berth::cli {

namespace {

Done propose(Request& request, const std::string& text) {
  Result<AnyRange> range = AnyRange::parse(text);
  if (!range) return std::unexpected(range.error());
  bool one =
      range->is_ipv4() ? range->ipv4().size() == 1 : range->ipv6().first() == range->ipv6().last();
  if (!one) {
    return fail(Code::invalid, berth::quoted(text) + " is more than one address",
                "propose a single address of a family");
  }
  if (range->is_ipv4()) {
    request.proposed_ipv4 = range->ipv4().first();
  } else {
    request.proposed_ipv6 = range->ipv6().first();
  }
  return {};
}

}  // namespace

std::shared_ptr<RequestOptions> RequestOptions::declare(CLI::App& app) {
  auto asked = std::make_shared<RequestOptions>();
  Request& request = asked->request_;
  auto name = [&](const char* option, std::string& value, const char* what) {
    return app.add_option(option, value, what)->type_name("NAME");
  };
  auto want = [&](const char* option, std::string& value, const char* what) {
    app.add_option(option, value, what)->type_name("no|optional|required");
  };
  name("--user", request.user, "the user, as the server spells it")->required();
  name("--server", request.server, "the access server")->required();
  name("--port", request.port, "where on the server the user is attached");
  name("--session", request.session, "the server's id of the session");
  app.add_option("--group", request.groups, "a group of the user; may be given again")
      ->type_name("NAME")
      ->allow_extra_args(false);
  want("--ipv4", asked->ipv4_, "whether an IPv4 address is wanted; else optional");
  want("--ipv6", asked->ipv6_, "whether an IPv6 address or a /64 is wanted; else optional");
  want("--delegated", asked->delegated_, "whether a delegated prefix is wanted; else optional");
  app.add_option("--propose", asked->proposed_,
                 "an address to take where it is free; one of each family")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  return asked;
}

Result<Request> RequestOptions::request() const {
  Request request = request_;
  struct Wanted {
    const std::string& text;
    Want& want;
  };
  for (const Wanted& wanted : {Wanted{ipv4_, request.ipv4}, Wanted{ipv6_, request.ipv6},
                               Wanted{delegated_, request.delegated}}) {
    Result<Want> want = parse_want(wanted.text);
    if (!want) return std::unexpected(want.error());
    wanted.want = *want;
  }
  for (const std::string& text : proposed_) {
    if (Done added = propose(request, text); !added) return std::unexpected(added.error());
  }
  return request;
}

}  // namespace berth::cli
