// forbidden.h - calls an administration function that no callout may call (R130).
#pragma once

void forbidden(void);
