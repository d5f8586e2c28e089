// The allocator's entry points, defined over glibc's own, so that a test can count what its thread allocates.
#include "CAllocations.h"

#include <errno.h>
#include <stddef.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local unsigned long allocationCount;

unsigned long mailwireAllocationCount(void) { return allocationCount; }

void *malloc(size_t size) {
  allocationCount += 1;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  allocationCount += 1;
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  allocationCount += 1;
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  allocationCount += 1;
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  void *given = memalign(alignment, size);
  if (given == NULL) return ENOMEM;
  *block = given;
  return 0;
}
