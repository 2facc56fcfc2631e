// hang.h - does not return.
#pragma once

void hang(void);
