/*
 * The floor under every way to call the C library from Java: netlink exchanges from C.
 *
 *   netlink-exchange PROTOCOL OFFSET ROUNDS MILLIS FILE...
 *
 * sends the requests in FILE... in turn, each with a sequence number of its own in the message at
 * OFFSET, and receives the datagram that answers it. Prints how many nanoseconds after the
 * beginning of main the first was answered; then, for each of ROUNDS rounds of MILLIS
 * milliseconds or a little more, how many nanoseconds an exchange took on average. Exits with 1 and a sentence if
 * the kernel refuses anything.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_REQUESTS = 4, ROOM = 8192, BETWEEN_CLOCKS = 64 };

struct request {
  char bytes[ROOM];
  size_t length;
};

static struct request requests[MOST_REQUESTS];
static char answer[ROOM];

static void fail(const char *what) {
  fprintf(stderr, "netlink-exchange: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void load(const char *name, struct request *into) {
  FILE *file = fopen(name, "rb");
  if (file == NULL) {
    fail(name);
  }
  into->length = fread(into->bytes, 1, ROOM, file);
  fclose(file);
}

static void exchange(int socket, struct request *request, size_t offset, uint32_t sequence) {
  memcpy(request->bytes + offset + 8, &sequence, sizeof sequence);
  if (send(socket, request->bytes, request->length, 0) < 0) {
    fail("send");
  }
  if (recv(socket, answer, ROOM, MSG_TRUNC | MSG_DONTWAIT) < 0) {
    fail("recv");
  }
  struct nlmsghdr header;
  memcpy(&header, answer, sizeof header);
  if (header.nlmsg_seq != sequence) {
    errno = EPROTO;
    fail("the answer to another request");
  }
  if (header.nlmsg_type == NLMSG_ERROR) {
    int32_t error;
    memcpy(&error, answer + sizeof header, sizeof error);
    if (error != 0) {
      errno = -error;
      fail("a request was refused");
    }
  }
}

int main(int count, char **arguments) {
  int64_t begin = now();
  if (count < 6 || count > 5 + MOST_REQUESTS) {
    fprintf(stderr, "usage: netlink-exchange PROTOCOL OFFSET ROUNDS MILLIS FILE...\n");
    return 2;
  }
  int protocol = atoi(arguments[1]);
  size_t offset = (size_t)atoi(arguments[2]);
  int rounds = atoi(arguments[3]);
  int64_t length = (int64_t)atoi(arguments[4]) * 1000000;
  int kinds = count - 5;
  for (int i = 0; i < kinds; i++) {
    load(arguments[5 + i], &requests[i]);
  }
  int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  if (descriptor < 0) {
    fail("socket");
  }
  struct sockaddr_nl address = {.nl_family = AF_NETLINK};
  if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
    fail("bind");
  }
  uint32_t sequence = 1;
  exchange(descriptor, &requests[0], offset, sequence);
  printf("%lld\n", (long long)(now() - begin));
  for (int round = 0; round < rounds; round++) {
    int64_t from = now();
    int64_t to = from;
    int64_t exchanges = 0;
    do {
      for (int i = 0; i < BETWEEN_CLOCKS; i++) {
        exchange(descriptor, &requests[sequence % (uint32_t)kinds], offset, sequence + 1);
        sequence++;
      }
      exchanges += BETWEEN_CLOCKS;
      to = now();
    } while (to - from < length);
    printf("%.1f\n", (double)(to - from) / (double)exchanges);
  }
  return 0;
}
