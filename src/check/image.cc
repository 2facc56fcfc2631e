// image.cc - which format a file has.
#include "check/image.h"

#include "check/elf.h"
#include "check/pe.h"

namespace berth::check {

std::string_view kind_name(ImageKind kind) { return kind == ImageKind::pe ? "PE" : "ELF"; }

Result<Image> read_image(std::string_view bytes) {
  if (bytes.starts_with("MZ")) return read_pe(bytes);
  if (bytes.starts_with("\x7f"
                        "ELF"))
    return read_elf(bytes);
  return fail(Code::invalid, "the file is neither a DLL (PE) nor a shared object (ELF)",
              "name the module itself, not an archive or a source of it");
}

}  // namespace berth::check
