// connections.cc - the life of a connection: asked for, confirmed, renewed, released.
#include <memory>
#include <mutex>

#include <boost/json/array.hpp>

#include "server/replies.h"
#include "server/routes.h"
#include "wire/fields.h"
#include "wire/json.h"
#include "wire/problem.h"
#include "wire/requests.h"

namespace berth::server {

namespace json = boost::json;

namespace {

// Connections of one batch.
constexpr std::size_t kMostInBatch = 1000;

// Reads which lease is meant, and has it changed.
void change_lease(Service& service, Visit visit,
                  void (*change)(Book& book, LeaseRef which, Book::Finished finished)) {
  const Result<json::value> body = body_of(visit.asked);
  if (!body) return visit.respond(refusal(body.error()));
  Result<LeaseRef> which = read_lease_ref(*body);
  if (!which) return visit.respond(refusal(which.error()));
  auto respond = std::make_shared<Respond>(std::move(visit.respond));
  change(service.book(), *std::move(which),
         [respond](const Done& done) { (*respond)(done ? empty_reply() : refusal(done.error())); });
}

// The answers to a batch, as they come.
class Batch {
 public:
  Batch(std::size_t size, Respond respond)
      : answers_(size), left_(size), respond_(std::move(respond)) {}

  void answer(std::size_t at, json::object answer) {
    std::unique_lock lock(mutex_);
    answers_[at] = std::move(answer);
    if (--left_ > 0) return;
    lock.unlock();
    respond_(json_reply(json::object{{"results", std::move(answers_)}}));
  }

 private:
  std::mutex mutex_;
  json::array answers_;  // guarded by mutex_, as the next
  std::size_t left_;
  Respond respond_;
};

json::object refused_in_batch(const Error& error) {
  return {{"status", status_of(error.code)}, {"error", to_json(error)}};
}

}  // namespace

void post_connection(Service& service, Visit visit) {
  const Result<json::value> body = body_of(visit.asked);
  if (!body) return visit.respond(refusal(body.error()));
  Result<Request> request = read_request(*body);
  if (!request) return visit.respond(refusal(request.error()));
  auto respond = std::make_shared<Respond>(std::move(visit.respond));
  Request asked = *request;
  service.book().assign_async(
      std::move(asked), [respond, request = *std::move(request)](const Result<Grant>& grant) {
        (*respond)(grant ? json_reply(granted(request, *grant)) : refusal(grant.error()));
      });
}

void post_connections(Service& service, Visit visit) {
  const Result<json::value> body = body_of(visit.asked);
  if (!body) return visit.respond(refusal(body.error()));
  Fields fields(*body, "the body");
  const json::array* const listed = fields.array("connections", kMostInBatch);
  if (listed == nullptr) fields.fail("connections", "is not there", "send a list");
  if (const Done done = fields.finish(); !done) return visit.respond(refusal(done.error()));
  if (listed->empty()) return visit.respond(json_reply(json::object{{"results", json::array()}}));
  auto batch = std::make_shared<Batch>(listed->size(), std::move(visit.respond));
  for (std::size_t i = 0; i < listed->size(); ++i) {
    Result<Request> request = read_request(listed->at(i), "connections[" + std::to_string(i) + "]");
    if (!request) {
      batch->answer(i, refused_in_batch(request.error()));
      continue;
    }
    Request asked = *request;
    service.book().assign_async(std::move(asked), [batch, i, request = *std::move(request)](
                                                      const Result<Grant>& grant) {
      batch->answer(i, grant ? json::object{{"status", 200}, {"grant", granted(request, *grant)}}
                             : refused_in_batch(grant.error()));
    });
  }
}

void post_confirm(Service& service, Visit visit) {
  change_lease(service, std::move(visit), [](Book& book, LeaseRef which, Book::Finished finished) {
    book.confirm_async(std::move(which), std::move(finished));
  });
}

void post_renew(Service& service, Visit visit) {
  change_lease(service, std::move(visit), [](Book& book, LeaseRef which, Book::Finished finished) {
    book.renew_async(std::move(which), std::move(finished));
  });
}

void post_release(Service& service, Visit visit) {
  change_lease(service, std::move(visit), [](Book& book, LeaseRef which, Book::Finished finished) {
    book.release_async(std::move(which), Cause::released, std::move(finished));
  });
}

}  // namespace berth::server
