/// What Swift cannot ask the machine by itself.
#ifndef CPLATFORM_H
#define CPLATFORM_H

/// 2 where AVX-512 (x86-64-v4: F, BW, CD, DQ, VL) runs, 1 where AVX2 with FMA (x86-64-v3) runs, else 0.
/// The compiler's check includes whether the operating system saves the registers.
static inline int nn_vector_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
  return avx512 ? 2 : avx2 ? 1 : 0;
#else
  return 0;
#endif
}

/// Tells the processor that a loop waits for another thread, so that it saves power and leaves the
/// core's other hardware thread the execution units.
static inline void nn_spin_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Asks for the cache line at `address`, which may lie anywhere, to be brought near.
static inline void nn_prefetch(const void *address) { __builtin_prefetch(address); }

/// More zeros than a micro-kernel has sums.
static const float nn_zero_memory[512] __attribute__((aligned(64))) = {0};
static inline const float *nn_zeros(void) { return nn_zero_memory; }

#endif
