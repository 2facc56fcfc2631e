// import_fuzz.cc - any bytes are a list of reservations or an error that names a line.
//
// The first byte chooses the format: CSV where it is even, JSON where it is odd.
#include <cstdint>
#include <sstream>
#include <string>

#include "berth/error.h"
#include "cli/reservation_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  using berth::cli::FileFormat;
  FileFormat format = data[0] % 2 == 0 ? FileFormat::csv : FileFormat::json;
  std::istringstream in(std::string(data + 1, data + size));
  std::uint64_t most = 0;
  auto lines = berth::cli::read_reservations(in, "fuzz", format, [&](std::uint64_t bytes) {
    BERTH_ASSERT(bytes >= most && bytes < size);
    most = bytes;
  });
  if (!lines) {
    BERTH_ASSERT(lines.error().code == berth::Code::import_invalid);
    BERTH_ASSERT(lines.error().what.starts_with("fuzz:"));
    return 0;
  }
  std::uint64_t last = 0;
  for (const berth::cli::ReservationLine& line : *lines) {
    BERTH_ASSERT(line.line >= last && !line.user.empty() && !line.addresses.empty());
    last = line.line;
  }
  return 0;
}
