#pragma once

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/// unshare(2) of the user's and the network's namespaces. The process must have one thread.
static inline int mailwire_unshare_user_and_network(void) { return (int)syscall(SYS_unshare, 0x10000000 | 0x40000000); }

/// memfd_create(2): a file without a name, closed on exec.
static inline int mailwire_nameless_file(void) { return (int)syscall(SYS_memfd_create, "mailwire", 1); }

/// pipe2(2): both ends are closed on exec, from the beginning.
static inline int mailwire_closed_pipe(int *ends) { return (int)syscall(SYS_pipe2, ends, 02000000); }

/// prctl(2): this process ends with the one that has started it.
static inline int mailwire_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0); }

/// prctl(2): processes that lose their parent become children of this one.
static inline int mailwire_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

/// prctl(2): what stands under /proc/self belongs to the user again, after setuid(2).
static inline int mailwire_own_proc(void) { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }

/// Switches the loopback interface on.
static inline int mailwire_loopback_up(void) {
  int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (s < 0) return -1;
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  int result = ioctl(s, SIOCSIFFLAGS, &request);
  close(s);
  return result;
}

/// Makes every IPv4 address one of this machine's: who asks for any gets an answer from here (RTN_LOCAL, rtnetlink(7)).
static inline int mailwire_every_address_is_local(void) {
  int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (s < 0) return -1;
  struct {
    struct nlmsghdr header;
    struct rtmsg route;
    struct rtattr out;
    int32_t interface;
  } message;
  memset(&message, 0, sizeof message);
  message.header.nlmsg_len = sizeof message;
  message.header.nlmsg_type = RTM_NEWROUTE;
  message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK;
  message.route.rtm_family = AF_INET;
  message.route.rtm_table = RT_TABLE_LOCAL;
  message.route.rtm_protocol = RTPROT_BOOT;
  message.route.rtm_scope = RT_SCOPE_HOST;
  message.route.rtm_type = RTN_LOCAL;
  message.out.rta_len = RTA_LENGTH(sizeof message.interface);
  message.out.rta_type = RTA_OIF;
  message.interface = 1;
  int result = -1;
  if (send(s, &message, sizeof message, 0) == (ssize_t)sizeof message) {
    struct {
      struct nlmsghdr header;
      struct nlmsgerr error;
      char rest[256];
    } answer;
    if (recv(s, &answer, sizeof answer, 0) >= (ssize_t)(sizeof answer.header + sizeof answer.error.error)) {
      errno = -answer.error.error;
      result = answer.error.error == 0 ? 0 : -1;
    }
  }
  close(s);
  return result;
}

/// A TCP socket that listens: its IPv4 address, or 0 of IPv6, and its port, both in the order of the machine.
struct mailwire_listener {
  uint32_t address;
  uint16_t port;
};

/// A question about TCP sockets to the kernel (sock_diag(7)).
struct mailwire_diag_question {
  struct nlmsghdr header;
  struct inet_diag_req_v2 request;
};
static inline struct mailwire_diag_question mailwire_diag_question(int family, uint16_t flags, uint32_t states) {
  struct mailwire_diag_question question;
  memset(&question, 0, sizeof question);
  question.header.nlmsg_len = sizeof question;
  question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question.header.nlmsg_flags = NLM_F_REQUEST | flags;
  question.request.sdiag_family = (uint8_t)family;
  question.request.sdiag_protocol = IPPROTO_TCP;
  question.request.idiag_states = states;
  return question;
}

/// The TCP sockets of a family that listen in this network (sock_diag(7)). The kernel looks at its table of listeners only;
/// for /proc/net/tcp it walks the one of all connections of the machine, which takes milliseconds. Returns how many were
/// found, at most `capacity`; -1 where the kernel does not tell.
static inline int mailwire_listeners(int family, struct mailwire_listener *found, int capacity) {
  int s = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (s < 0) return -1;
  struct mailwire_diag_question message = mailwire_diag_question(family, NLM_F_DUMP, 1 << 10);
  int count = send(s, &message, sizeof message, 0) == (ssize_t)sizeof message ? 0 : -1;
  int more = count == 0;
  while (more) {
    _Alignas(struct nlmsghdr) char answer[32768];
    ssize_t length = recv(s, answer, sizeof answer, 0);
    if (length <= 0) {
      if (length < 0 && errno == EINTR) continue;
      count = -1;
      break;
    }
    unsigned left = (unsigned)length;
    for (struct nlmsghdr *header = (struct nlmsghdr *)answer; more && NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == NLMSG_DONE) more = 0;
      if (header->nlmsg_type == NLMSG_ERROR) {
        more = 0;
        count = -1;
      }
      if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY || count >= capacity) continue;
      const struct inet_diag_msg *socket = (const struct inet_diag_msg *)NLMSG_DATA(header);
      found[count].address = family == AF_INET ? ntohl(socket->id.idiag_src[0]) : 0;
      found[count].port = ntohs(socket->id.idiag_sport);
      count++;
    }
  }
  close(s);
  return count;
}

/// Octets that have come for the far end of a TCP connection whose near end is `file`, both on this machine, and that the
/// program there has not taken (sock_diag(7)): the kernel looks up the one socket. -1 where it does not tell, as of a socket
/// that is not there any more.
static inline int64_t mailwire_unread_beyond(int file) {
  struct sockaddr_in near, far;
  socklen_t nearLength = sizeof near, farLength = sizeof far;
  if (getsockname(file, (struct sockaddr *)&near, &nearLength) != 0 || near.sin_family != AF_INET) return -1;
  if (getpeername(file, (struct sockaddr *)&far, &farLength) != 0 || far.sin_family != AF_INET) return -1;
  int s = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (s < 0) return -1;
  struct mailwire_diag_question message = mailwire_diag_question(AF_INET, 0, ~0u);
  message.request.id.idiag_src[0] = far.sin_addr.s_addr;
  message.request.id.idiag_sport = far.sin_port;
  message.request.id.idiag_dst[0] = near.sin_addr.s_addr;
  message.request.id.idiag_dport = near.sin_port;
  message.request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  message.request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  struct {
    struct nlmsghdr header;
    struct inet_diag_msg socket;
    char rest[1024];
  } answer;
  int64_t count = -1;
  if (send(s, &message, sizeof message, 0) == (ssize_t)sizeof message &&
      recv(s, &answer, sizeof answer, 0) >= (ssize_t)(sizeof answer.header + sizeof answer.socket) &&
      answer.header.nlmsg_type == SOCK_DIAG_BY_FAMILY)
    count = answer.socket.idiag_rqueue;
  close(s);
  return count;
}
