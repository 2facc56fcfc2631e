// sides.cc - the desk and the notices of this process.
#include "rras/module/sides.h"

namespace berth::rras {
namespace {

Log& log() {
  static Log& it = *new Log(system_log());
  return it;
}

}  // namespace

Desk& desk() {
  static Desk& it = *new Desk(system_surroundings(), log());
  return it;
}

Notices& notices() {
  static Notices& it = *new Notices([] { return read_settings(settings_path()); }, log());
  return it;
}

}  // namespace berth::rras
