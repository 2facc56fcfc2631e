// protocol.cc - the fields of both frames.
#include "mprapi/protocol.h"

#include "core/wire.h"

namespace berth::mprapi {
namespace {

using Size = std::uint32_t;

std::string framed(const std::string& fields, std::size_t most) {
  BERTH_ASSERT(fields.size() <= most);
  std::string frame;
  WireWriter(frame).number(static_cast<Size>(fields.size()));
  return frame + fields;
}

void put(WireWriter& writer, const std::u16string& text) {
  BERTH_ASSERT(text.size() <= kMostUnits);
  writer.text({reinterpret_cast<const char*>(text.data()), text.size() * sizeof(char16_t)});
}

std::u16string get(WireReader& reader) {
  const std::string_view bytes = reader.text();
  std::u16string text(bytes.size() / sizeof(char16_t), u'\0');
  if (!text.empty()) std::memcpy(text.data(), bytes.data(), text.size() * sizeof(char16_t));
  if (text.size() > kMostUnits || bytes.size() % sizeof(char16_t) != 0) reader.fail();
  return text;
}

}  // namespace

std::string encode(const Question& question) {
  std::string fields;
  WireWriter writer(fields);
  writer.number(static_cast<std::uint8_t>(question.function));
  writer.number(question.level);
  writer.number(question.handle);
  writer.number(question.resume);
  writer.number(question.most);
  put(writer, question.text);
  put(writer, question.more);
  writer.text(question.bytes);
  return framed(fields, kMostQuestion);
}

std::string encode(const Reply& reply) {
  std::string fields;
  WireWriter writer(fields);
  writer.number(reply.code);
  writer.number(reply.read);
  writer.number(reply.total);
  writer.number(reply.resume);
  return framed(fields + reply.bytes, kMostReply);
}

std::optional<std::size_t> frame_size(std::string_view bytes, std::size_t most) {
  if (bytes.size() < sizeof(Size)) return std::nullopt;
  const std::size_t size = WireReader(bytes).number<Size>();
  return size <= most ? sizeof(Size) + size : 0;
}

std::optional<Question> decode_question(std::string_view frame) {
  WireReader reader(frame);
  static_cast<void>(reader.number<Size>());
  Question question;
  const auto function = reader.number<std::uint8_t>();
  question.function = static_cast<Function>(function);
  question.level = reader.number<std::uint32_t>();
  question.handle = reader.number<std::uint64_t>();
  question.resume = reader.number<std::uint32_t>();
  question.most = reader.number<std::uint32_t>();
  question.text = get(reader);
  question.more = get(reader);
  question.bytes = reader.text();
  if (!reader.ok() || !reader.rest().empty() || function >= kFunctions ||
      question.bytes.size() > kMostQuestionBytes) {
    return std::nullopt;
  }
  return question;
}

std::optional<Reply> decode_reply(std::string_view frame) {
  WireReader reader(frame);
  static_cast<void>(reader.number<Size>());
  Reply reply;
  reply.code = reader.number<std::uint32_t>();
  reply.read = reader.number<std::uint32_t>();
  reply.total = reader.number<std::uint32_t>();
  reply.resume = reader.number<std::uint32_t>();
  if (!reader.ok()) return std::nullopt;
  reply.bytes = reader.rest();
  return reply;
}

}  // namespace berth::mprapi
