/* pcap-loop FILE: reads every packet with libpcap and does nothing with it. The measure of what reading alone costs. */
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv) {
  char reason[PCAP_ERRBUF_SIZE];
  pcap_t *capture = argc == 2 ? pcap_open_offline(argv[1], reason) : NULL;
  if (capture == NULL) {
    fprintf(stderr, "pcap-loop: %s\n", argc == 2 ? reason : "usage: pcap-loop FILE");
    return 2;
  }
  struct pcap_pkthdr *header;
  const u_char *octets;
  unsigned long long packets = 0, bytes = 0;
  int result;
  while ((result = pcap_next_ex(capture, &header, &octets)) == 1) {
    packets += 1;
    bytes += header->caplen;
  }
  printf("packets=%llu bytes=%llu\n", packets, bytes);
  pcap_close(capture);
  return result == PCAP_ERROR_BREAK ? 0 : 2;
}
