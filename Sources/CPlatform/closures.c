// A Swift closure as the two words that it is: its code and its context.
//
// Swift lets a closure that does not escape be called and nothing else; to hand it to another thread it
// would be put into a box on the heap, one a parallel loop. Swift passes it as two arguments, in the
// calling convention that Clang names, so here it can be taken apart and called. Declared where it is
// used, in Sources/NNKernels/ClosureReference.swift, since Clang does not import functions like these.

#include <stdint.h>

#define SWIFT __attribute__((swiftcall))

struct closure {
  void *code;
  void *context;
};

typedef SWIFT void (*task_code)(intptr_t task, intptr_t worker, __attribute__((swift_context)) void *context);

SWIFT struct closure nn_closure_take_apart(void *code, void *context);
SWIFT struct closure nn_closure_take_apart(void *code, void *context) {
  struct closure closure = {code, context};
  return closure;
}

SWIFT void nn_closure_call(void *code, void *context, intptr_t task, intptr_t worker);
SWIFT void nn_closure_call(void *code, void *context, intptr_t task, intptr_t worker) {
  ((task_code)code)(task, worker, context);
}
