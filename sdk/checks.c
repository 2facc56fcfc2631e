// checks.c - the lists of checks, in C. Nothing here runs: what is wrong does not compile.
#include "sdk/callout_checks.h"
#include "sdk/constant_checks.h"
#include "sdk/layout_checks.h"

static_assert(sizeof(RAS_TEXT("VPN")) == 8, "four units of 16 bits");
static_assert(RAS_TEXT('\\') == 0x5C, "signs, too");
