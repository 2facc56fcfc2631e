// main.cc - berth-worker: calls one administration module for a RAS side that starts it.
#include "ras/worker.h"

int main() { return berth::ras::run_worker(); }
