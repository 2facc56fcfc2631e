// messages.cc - the fields of each message, said once for both directions.
#include "ras/messages.h"

#include "core/wire.h"

namespace berth::ras {
namespace {

enum class Tag : std::uint8_t { load, ready, refusal, call, answer };

// Writes each value that it is handed.
class Writing {
 public:
  explicit Writing(std::string& out) : writer_(out) {}

  template <class... Values>
  void operator()(const Values&... values) {
    (put(values), ...);
  }

 private:
  template <class T>
    requires std::is_integral_v<T>
  void put(T value) {
    writer_.number(value);
  }
  template <class T>
    requires std::is_enum_v<T>
  void put(T value) {
    writer_.number(static_cast<std::underlying_type_t<T>>(value));
  }
  void put(bool value) { writer_.number(static_cast<std::uint8_t>(value)); }
  void put(const std::string& value) { writer_.text(value); }
  void put(const std::u16string& value) {
    writer_.text({reinterpret_cast<const char*>(value.data()), value.size() * sizeof(char16_t)});
  }
  template <std::size_t Size>
  void put(const std::array<std::uint8_t, Size>& value) {
    for (std::uint8_t byte : value) writer_.number(byte);
  }
  void put(const CalloutAddress& value) { put(value.bytes()); }
  void put(std::chrono::seconds value) { writer_.number(std::int64_t{value.count()}); }
  void put(std::chrono::sys_time<std::chrono::milliseconds> value) {
    writer_.number(std::int64_t{value.time_since_epoch().count()});
  }
  void put(const CalloutSet& value) { writer_.number(std::uint64_t{value.to_ullong()}); }
  void put(const std::vector<std::uint8_t>& value) {
    writer_.number(static_cast<std::uint32_t>(value.size()));
    for (std::uint8_t byte : value) writer_.number(byte);
  }
  void put(const std::vector<std::string>& value) {
    writer_.number(static_cast<std::uint32_t>(value.size()));
    for (const std::string& each : value) writer_.text(each);
  }

  WireWriter writer_;
};

// Reads each value that it is handed.
class Reading {
 public:
  explicit Reading(std::string_view bytes) : reader_(bytes) {}

  template <class... Values>
  void operator()(Values&... values) {
    (get(values), ...);
  }
  // Everything was there, and nothing more.
  [[nodiscard]] bool complete() const { return reader_.ok() && reader_.rest().empty(); }

 private:
  template <class T>
    requires std::is_integral_v<T>
  void get(T& value) {
    value = reader_.number<T>();
  }
  template <class T>
    requires std::is_enum_v<T>
  void get(T& value) {
    value = static_cast<T>(reader_.number<std::underlying_type_t<T>>());
  }
  void get(bool& value) { value = reader_.number<std::uint8_t>() != 0; }
  void get(std::string& value) { value = reader_.text(); }
  void get(std::u16string& value) {
    const std::string_view bytes = reader_.text();
    value.resize(bytes.size() / sizeof(char16_t));
    if (value.empty()) return;
    std::memcpy(value.data(), bytes.data(), value.size() * sizeof(char16_t));
  }
  template <std::size_t Size>
  void get(std::array<std::uint8_t, Size>& value) {
    for (std::uint8_t& byte : value) byte = reader_.number<std::uint8_t>();
  }
  void get(CalloutAddress& value) { get(value.bytes()); }
  void get(std::chrono::seconds& value) {
    value = std::chrono::seconds(reader_.number<std::int64_t>());
  }
  void get(std::chrono::sys_time<std::chrono::milliseconds>& value) {
    value = std::chrono::sys_time<std::chrono::milliseconds>(
        std::chrono::milliseconds(reader_.number<std::int64_t>()));
  }
  void get(CalloutSet& value) { value = CalloutSet(reader_.number<std::uint64_t>()); }
  // A count may say more than there is: what is read ends with the bytes.
  void get(std::vector<std::uint8_t>& value) {
    const auto count = reader_.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && reader_.ok(); ++i) {
      value.push_back(reader_.number<std::uint8_t>());
    }
  }
  void get(std::vector<std::string>& value) {
    const auto count = reader_.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && reader_.ok(); ++i) value.emplace_back(reader_.text());
  }

  WireReader reader_;
};

// --- The fields; `archive` writes them or reads them ---

template <class Archive, class T>
void fields_of_counters(Archive& archive, T& counters) {
  archive(counters.bytes_sent, counters.bytes_received, counters.frames_sent,
          counters.frames_received);
}

template <class Archive, class T>
void fields_of_negotiated(Archive& archive, T& negotiated) {
  archive(negotiated.up, negotiated.server, negotiated.client);
}

template <class Archive, class T>
void fields_of_connection(Archive& archive, T& facts) {
  archive(facts.handle, facts.interface_handle, facts.user, facts.domain, facts.remote_computer,
          facts.interface_name, facts.type, facts.tunnel, facts.guid, facts.ipv6_prefix);
  fields_of_negotiated(archive, facts.ipv4);
  fields_of_negotiated(archive, facts.ipv6);
  archive(facts.quarantine, facts.probation_ends, facts.duration);
  fields_of_counters(archive, facts.counters);
  archive(facts.server_endpoint, facts.client_endpoint, facts.endpoint_changes);
}

template <class Archive, class T>
void fields_of_link(Archive& archive, T& facts) {
  archive(facts.port, facts.connection, facts.port_name, facts.media_name, facts.device_name,
          facts.device_type, facts.up, facts.speed, facts.calls, facts.duration);
  fields_of_counters(archive, facts.counters);
}

template <class Archive, class T>
void fields_of_preauthentication(Archive& archive, T& facts) {
  archive(facts.connection, facts.user, facts.domain, facts.info);
}

// What follows the callout, of the call itself and of what it refers to.
template <class Archive, class C, class Facts, class Link, class Preauthentication>
void fields_of_call(Archive& archive, C& call, Facts* connection, Link* link,
                    Preauthentication* preauthentication) {
  switch (group_of(call.callout)) {
    case Group::start: return;
    case Group::address: archive(call.user, call.port, call.address); return;
    case Group::connection: break;
  }
  if (call.callout == Callout::accept_link || call.callout == Callout::hang_up_link) {
    fields_of_link(archive, *link);
  } else if (call.callout == Callout::validate_preauthenticated) {
    fields_of_preauthentication(archive, *preauthentication);
  } else {
    fields_of_connection(archive, *connection);
  }
}

template <class Archive, class T>
void fields_of_refusal(Archive& archive, T& refusal) {
  archive(refusal.code, refusal.rule, refusal.module, refusal.callout, refusal.what,
          refusal.remedy);
}

template <class Archive, class T>
void fields_of_ready(Archive& archive, T& ready) {
  archive(ready.face.style, ready.face.revision, ready.face.callouts, ready.warnings);
}

// --- Frames ---

template <class Fill>
void frame(Tag tag, std::string& frames, Fill fill) {
  const std::size_t at = frames.size();
  frames.append(sizeof(std::uint32_t), '\0');
  Writing writing(frames);
  writing(tag);
  fill(writing);
  const auto size = static_cast<std::uint32_t>(frames.size() - at - sizeof(std::uint32_t));
  BERTH_ASSERT(size <= kMaxFrameBytes);
  std::memcpy(frames.data() + at, &size, sizeof size);
}

std::optional<Message> decode_call(Reading& reading) {
  auto received = std::make_unique<ReceivedCall>();
  Call& call = received->call;
  reading(call.callout, call.nothing);
  if (index_of(call.callout) >= kCallouts) return std::nullopt;
  fields_of_call(reading, call, &received->connection, &received->link,
                 &received->preauthentication);
  call.connection = &received->connection;
  call.link = &received->link;
  call.preauthentication = &received->preauthentication;
  return received;
}

std::optional<Message> decode_answer(Reading& reading) {
  Answer answer;
  bool failed = false;
  reading(answer.result, answer.address, answer.notify_release, answer.prefix_changed,
          answer.administration, failed);
  if (failed) {
    answer.failure.emplace();
    reading(answer.failure->how, answer.failure->what);
    if (answer.failure->how > CallFailure::How::off) return std::nullopt;
  }
  return answer;
}

std::optional<Message> decode_fields(Tag tag, Reading& reading) {
  switch (tag) {
    case Tag::load: {
      Load load;
      reading(load.path, load.strictness, load.initialized, load.manner);
      return load;
    }
    case Tag::ready: {
      Ready ready;
      fields_of_ready(reading, ready);
      if (ready.face.style > Style::table) return std::nullopt;
      return ready;
    }
    case Tag::refusal: {
      Refusal refusal;
      fields_of_refusal(reading, refusal);
      return refusal;
    }
    case Tag::call: return decode_call(reading);
    case Tag::answer: return decode_answer(reading);
  }
  return std::nullopt;
}

std::optional<Message> decode(std::string_view bytes) {
  Reading reading(bytes);
  Tag tag{};
  reading(tag);
  std::optional<Message> message = decode_fields(tag, reading);
  if (!reading.complete()) return std::nullopt;
  return message;
}

}  // namespace

void encode(const Load& load, std::string& frames) {
  frame(Tag::load, frames, [&](Writing& writing) {
    writing(load.path, load.strictness, load.initialized, load.manner);
  });
}

void encode(const Ready& ready, std::string& frames) {
  frame(Tag::ready, frames, [&](Writing& writing) { fields_of_ready(writing, ready); });
}

void encode(const Refusal& refusal, std::string& frames) {
  frame(Tag::refusal, frames, [&](Writing& writing) { fields_of_refusal(writing, refusal); });
}

void encode(const Call& call, std::string& frames) {
  frame(Tag::call, frames, [&](Writing& writing) {
    writing(call.callout, call.nothing);
    fields_of_call(writing, call, call.connection, call.link, call.preauthentication);
  });
}

void encode(const Answer& answer, std::string& frames) {
  frame(Tag::answer, frames, [&](Writing& writing) {
    writing(answer.result, answer.address, answer.notify_release, answer.prefix_changed,
            answer.administration, answer.failure.has_value());
    if (answer.failure) writing(answer.failure->how, answer.failure->what);
  });
}

void MessageReader::add(std::string_view bytes) {
  if (used_ == bytes_.size() || used_ > kMaxFrameBytes) {
    bytes_.erase(0, used_);
    used_ = 0;
  }
  bytes_ += bytes;
}

std::optional<Message> MessageReader::next() {
  const std::string_view rest = std::string_view(bytes_).substr(used_);
  std::uint32_t size = 0;
  if (broken_ || rest.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, rest.data(), sizeof size);
  if (size > kMaxFrameBytes) {
    broken_ = true;
    return std::nullopt;
  }
  if (rest.size() - sizeof size < size) return std::nullopt;
  std::optional<Message> message = decode(rest.substr(sizeof size, size));
  broken_ = !message;
  used_ += sizeof size + size;
  return message;
}

}  // namespace berth::ras
