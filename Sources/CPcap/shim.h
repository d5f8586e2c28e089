#include <pcap/pcap.h>

/// libpcap's macro, which Swift does not import: no netmask is known.
static inline bpf_u_int32 mailwireNetmaskUnknown(void) { return PCAP_NETMASK_UNKNOWN; }
