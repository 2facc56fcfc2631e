// interrupt.h - Ctrl-C as a question: has somebody asked to stop?
//
// While one of these lives, the first Ctrl-C is only remembered, so that work in progress can end
// in good order; the second ends the program as usual. One at a time.
#pragma once

namespace berth::cli {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] static bool asked();

 private:
  void (*before_)(int);
};

}  // namespace berth::cli
