#pragma once

#include <netdb.h>
#include <netinet/in.h>
#include <arpa/nameser.h>
#include <resolv.h>

/// res_query(3), which is a macro in some versions of the library: the octets of the answer in the class IN, or -1.
static inline int mailwire_query(const char *name, int type, unsigned char *answer, int count) {
  return res_query(name, ns_c_in, type, answer, count);
}

/// Why the last query on this thread failed: HOST_NOT_FOUND, NO_DATA, TRY_AGAIN, NO_RECOVERY.
static inline int mailwire_query_error(void) { return h_errno; }
