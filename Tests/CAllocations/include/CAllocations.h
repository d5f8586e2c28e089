#pragma once

/// How often this thread has asked for memory (malloc, calloc, realloc and the aligned ones) since it began.
unsigned long mailwireAllocationCount(void);
