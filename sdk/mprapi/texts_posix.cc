// texts_posix.cc - codes of Windows, in words of ours.
#include <algorithm>
#include <iterator>
#include <ras_admin/types.h>

#include "mprapi/texts.h"

namespace berth::mprapi {
namespace {

struct Row {
  std::uint32_t code;
  std::u16string_view text;
};

constexpr Row kRows[] = {
    {NO_ERROR, u"It was done."},
    {ERROR_ACCESS_DENIED, u"You may not do that."},
    {ERROR_INVALID_HANDLE, u"The handle is none."},
    {ERROR_NOT_ENOUGH_MEMORY, u"There is not enough memory."},
    {ERROR_NOT_SUPPORTED, u"This server cannot do that."},
    {ERROR_INVALID_PARAMETER, u"An argument is missing or too long."},
    {ERROR_INVALID_LEVEL, u"There is no such level of information."},
    {ERROR_MORE_DATA, u"There is more to be read."},
    {ERROR_MR_MID_NOT_FOUND, u"Nobody has a text for this code."},
    {ERROR_INVALID_PORT_HANDLE, u"There is no such port."},
    {ERROR_NO_IP_ADDRESSES, u"No address is left to be given."},
    {ERROR_PPP_REQUIRED_ADDRESS_REJECTED, u"The address is in use."},
    {ERROR_DDM_NOT_RUNNING, u"The remote-access service does not run."},
    {ERROR_INTERFACE_NOT_CONNECTED, u"There is no such connection."},
    {ERROR_POSSIBLE_DEADLOCK, u"No callout may call an administration function."},
    {ERROR_NOT_FOUND, u"There is nothing of that kind."},
    {ERROR_NO_SUCH_USER, u"There is no such user."},
    {ERROR_NO_SUCH_DOMAIN, u"There is no such domain."},
    {RPC_S_INVALID_BINDING, u"The handle of the server is none."},
};

}  // namespace

std::u16string_view text_of(std::uint32_t code) {
  const Row* const row = std::ranges::find(kRows, code, &Row::code);
  return row == std::end(kRows) ? std::u16string_view() : row->text;
}

}  // namespace berth::mprapi
