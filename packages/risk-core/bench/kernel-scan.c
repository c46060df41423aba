/*
 * The scan of kernel.bench.mjs in C: the same columns, the same loop, whatever the compiler makes of it. Columns come on
 * standard input in the order of the arguments of `scan`; each round's seconds and a checksum go to standard output.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void scan(const uint32_t *restrict first, const uint32_t *restrict row, const double *restrict quantity,
                 const double *restrict cash, const double *restrict values, double *restrict free_margin, int accounts) {
  for (int account = 0; account < accounts; account++) {
    double stressed[SCENARIOS] = {0};
    for (uint32_t position = first[account]; position < first[account + 1]; position++) {
      const double *value = values + (uint64_t)row[position] * SCENARIOS;
      const double q = quantity[position];
      for (int s = 0; s < SCENARIOS; s++) stressed[s] += q * value[s];
    }
    double lowest = stressed[0];
    for (int s = 1; s < SCENARIOS; s++) lowest = stressed[s] < lowest ? stressed[s] : lowest;
    free_margin[account] = cash[account] + lowest;
  }
}

static void *column(size_t bytes) {
  void *start = malloc(bytes);
  if (start == NULL || fread(start, 1, bytes, stdin) != bytes) exit(1);
  return start;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int count, char **arguments) {
  if (count != 5) return 1;
  const int accounts = atoi(arguments[1]), positions = atoi(arguments[2]), rows = atoi(arguments[3]);
  const uint32_t *first = column(4 * (size_t)(accounts + 1)), *row = column(4 * (size_t)positions);
  const double *quantity = column(8 * (size_t)positions), *cash = column(8 * (size_t)accounts);
  const double *values = column(8 * (size_t)rows * SCENARIOS);
  double *free_margin = malloc(8 * (size_t)accounts);
  if (free_margin == NULL) return 1;
  for (int round = atoi(arguments[4]); round > 0; round--) {
    const double begun = seconds();
    scan(first, row, quantity, cash, values, free_margin, accounts);
    printf("%.9f\n", seconds() - begun);
  }
  double sum = 0;
  for (int account = 0; account < accounts; account++) sum += free_margin[account];
  printf("%.17g\n", sum);
  return 0;
}
