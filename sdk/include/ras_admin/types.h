// types.h - Windows' types, structures and constants, from Windows' headers or in their place.
//
// The one place that asks which system it is compiled for.
#pragma once

#ifdef _WIN32
#include "ras_admin/mprapi_windows.h"
#else
#include "ras_admin/mprapi_posix.h"
#endif

#include "ras_admin/later_constants.h"
