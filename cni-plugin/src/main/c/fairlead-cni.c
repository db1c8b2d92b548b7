/*
 * The CNI plugin that a container runtime executes. It decides nothing: it hands its CNI_ variables and
 * its standard input to the agent over a Unix socket, and prints the agent's answer. The format of both
 * messages is in RequestFrame.java and ResponseFrame.java.
 *
 * For ADD and CHECK it also enters the pod's network namespace, because it is root on the host and the
 * agent is not, and passes two descriptors along: the namespace, and a NETLINK_ROUTE socket opened in it.
 *
 * Without an agent DEL is written to a folder that the agent replays; the others fail at once.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define VERSIONS_JSON "[\"0.1.0\",\"0.2.0\",\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]"

enum { HEADER = 16, FRAME_VERSION = 1, MAX_ENVIRONMENT = 64 << 10, MAX_CONFIG = 1 << 20, MAX_ANSWER = 8 << 20 };
enum { HAS_NAMESPACE = 1, HAS_NETLINK = 2 };
enum { INVALID_ENVIRONMENT = 4, IO_FAILURE = 5, INVALID_CONFIG = 7, TRY_AGAIN = 11, NOT_AVAILABLE = 50 };
enum { ANSWER_MS = 30000, CONNECT_MS = 2000 }; /* at most; container runtimes wait longer than that */

extern char **environ;
static const char *command;
static char version[16] = "1.0.0"; /* of the configuration, for error objects */
static unsigned char *frame; /* the request: header, environment, configuration */
static const char *config;   /* points into frame */
static size_t frame_length, config_length;

static bool write_fully(int fd, const void *bytes, size_t length) {
  for (size_t at = 0; at < length;) {
    ssize_t n = write(fd, (const char *)bytes + at, length - at);
    if (n < 0 && errno != EINTR) return false;
    at += n > 0 ? (size_t)n : 0;
  }
  return true;
}

/* Prints the CNI error object on stdout and ends the program with status 1. */
static _Noreturn __attribute__((format(printf, 2, 3))) void fail(int code, const char *format, ...) {
  char message[1024], out[2 * sizeof message + 128];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  size_t n = (size_t)snprintf(out, sizeof out, "{\"cniVersion\":\"%s\",\"code\":%d,\"msg\":\"", version, code);
  for (const char *c = message; *c; c++) {
    if (*c == '"' || *c == '\\') out[n++] = '\\';
    out[n++] = (unsigned char)*c < ' ' ? ' ' : *c;
  }
  n += (size_t)snprintf(out + n, sizeof out - n, "\"}\n");
  write_fully(STDOUT_FILENO, out, n);
  exit(1);
}

/*
 * Copies the string under a key of the outermost JSON object; false if there is none, if it does not fit,
 * or if it holds an escape other than \" \\ \/. The agent parses the same bytes strictly: this one only
 * finds the agent.
 */
static bool top_level_string(const char *key, char *value, size_t capacity) {
  int depth = 0;
  bool after_colon = false, matched = false;
  for (size_t i = 0; i < config_length; i++) {
    char c = config[i];
    if (c == '{' || c == '[') depth++;
    if (c == '}' || c == ']') depth--;
    if (c == ':') after_colon = true;
    if (c == ',') after_colon = matched = false;
    if (c != '"') continue;
    size_t n = 0;
    bool plain = true;
    for (i++; i < config_length && config[i] != '"'; i++) {
      if (config[i] == '\\' && ++i < config_length && !strchr("\"\\/", config[i])) plain = false;
      if (i < config_length && n + 1 < capacity) value[n] = config[i];
      n++;
    }
    if (n + 1 > capacity) plain = false;
    value[plain ? n : 0] = '\0';
    if (depth != 1) continue;
    if (after_colon && matched) return plain && n > 0;
    if (!after_colon) matched = plain && strcmp(value, key) == 0;
  }
  return false;
}

/* A setting: from the environment, else from the configuration, else the default. */
static void setting(const char *variable, const char *key, const char *otherwise, char *value, size_t capacity) {
  const char *given = getenv(variable);
  if (given && *given) snprintf(value, capacity, "%s", given);
  else if (!top_level_string(key, value, capacity)) snprintf(value, capacity, "%s", otherwise);
}

static void put16(unsigned char *at, uint16_t value) { memcpy(at, &(uint16_t){htons(value)}, 2); }
static void put32(unsigned char *at, uint32_t value) { memcpy(at, &(uint32_t){htonl(value)}, 4); }
static uint32_t get32(const unsigned char *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Builds the request without descriptors: CNI_ variables, each ended by a zero byte, and all of stdin. */
static void read_request(void) {
  frame = malloc(HEADER + MAX_ENVIRONMENT + MAX_CONFIG + 1);
  if (!frame) fail(IO_FAILURE, "out of memory");
  frame_length = HEADER;
  for (char **variable = environ; *variable; variable++) {
    if (strncmp(*variable, "CNI_", 4) != 0) continue;
    size_t length = strlen(*variable) + 1;
    if (frame_length + length > HEADER + MAX_ENVIRONMENT)
      fail(INVALID_ENVIRONMENT, "the CNI_ variables are longer than %d bytes", MAX_ENVIRONMENT);
    memcpy(frame + frame_length, *variable, length);
    frame_length += length;
  }
  size_t environment_length = frame_length - HEADER;
  config = (const char *)frame + frame_length;
  for (;;) {
    ssize_t n = read(STDIN_FILENO, frame + frame_length, MAX_CONFIG + 1 - config_length);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(IO_FAILURE, "cannot read the network configuration from stdin: %s", strerror(errno));
    if (n == 0) break;
    frame_length += (size_t)n;
    config_length += (size_t)n;
    if (config_length > MAX_CONFIG) fail(INVALID_CONFIG, "stdin is longer than %d bytes", MAX_CONFIG);
  }
  memcpy(frame, "FLCN", 4);
  put16(frame + 4, FRAME_VERSION);
  put16(frame + 6, 0);
  put32(frame + 8, (uint32_t)environment_length);
  put32(frame + 12, (uint32_t)config_length);
}

/* Opens a folder, making what is missing of it; -1 and errno if that fails. */
static int open_folder(char *path) {
  int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (char *name = strtok(path, "/"); name && folder >= 0; name = strtok(NULL, "/")) {
    if (mkdirat(folder, name, 0700) == 0) fsync(folder);
    int next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    close(folder);
    folder = next;
  }
  return folder;
}

/* Gives the file its name in the folder: what was written without one leaves nothing if we are killed before. */
static bool publish(int fd, int folder, const char *temporary, const char *name) {
  char self[32];
  snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
  return temporary ? renameat(folder, temporary, folder, name) == 0
                   : linkat(AT_FDCWD, self, folder, name, AT_SYMLINK_FOLLOW) == 0;
}

/* Writes the request to the queue so that neither a crash nor a power loss undoes it. */
static void queue_delete(void) {
  char path[512], parts[512], name[64], temporary[64];
  setting("FAIRLEAD_CNI_QUEUE", "queue", "/var/lib/fairlead/cni-deletes", path, sizeof path);
  if (path[0] != '/') fail(INVALID_CONFIG, "the delete queue \"%s\" is not an absolute path", path);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  snprintf(name, sizeof name, "%012lld%09ld-%d.request", (long long)now.tv_sec, now.tv_nsec, getpid());
  snprintf(temporary, sizeof temporary, ".%d.partial", getpid());
  int folder = open_folder(strcpy(parts, path));
  int fd = folder < 0 ? -1 : openat(folder, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
  bool nameless = fd >= 0;
  if (!nameless && folder >= 0) fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || !write_fully(fd, frame, frame_length) || fsync(fd) < 0 ||
      !publish(fd, folder, nameless ? NULL : temporary, name) || fsync(folder) < 0) {
    int reason = errno;
    unlinkat(folder, temporary, 0);
    fail(IO_FAILURE, "the agent is absent and the deletion cannot be queued in %s: %s", path, strerror(reason));
  }
}

/* What each verb does without an agent. */
static _Noreturn void unavailable(const char *socket_path, const char *reason) {
  if (strcmp(command, "DEL") == 0) {
    queue_delete();
    exit(0);
  }
  fail(strcmp(command, "STATUS") == 0 ? NOT_AVAILABLE : TRY_AGAIN,
       "the fairlead agent does not answer on %s: %s; is its pod running on this node?", socket_path, reason);
}

static void limit(int fd, int option, int milliseconds) {
  struct timeval time = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
  setsockopt(fd, SOL_SOCKET, option, &time, sizeof time);
}

static int connect_agent(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path)
    fail(INVALID_CONFIG, "the socket path %s is longer than %zu bytes", path, sizeof address.sun_path - 1);
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail(IO_FAILURE, "cannot open a Unix socket: %s", strerror(errno));
  const char *given = getenv("FAIRLEAD_CNI_TIMEOUT_MS");
  limit(fd, SO_RCVTIMEO, given && atoi(given) > 0 ? atoi(given) : ANSWER_MS);
  limit(fd, SO_SNDTIMEO, CONNECT_MS); /* a full backlog makes connect wait for this long */
  while (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
    if (errno != EINTR) unavailable(path, errno == EAGAIN ? "it accepts no connection" : strerror(errno));
  return fd;
}

/*
 * Most are zero already, and then nothing is written: to write disable_ipv6 needs the lock that all changes of
 * links need, and where others have it the kernel does not sleep but tries again and again.
 */
static void zero_sysctl(const char *path) {
  char present[2] = "";
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return; /* a kernel without IPv6 */
  bool zero = fd >= 0 && read(fd, present, sizeof present) == 2 && memcmp(present, "0\n", 2) == 0;
  if (!zero && (fd < 0 || pwrite(fd, "0", 1, 0) != 1)) fprintf(stderr, "fairlead: cannot write %s: %s\n", path, strerror(errno));
  if (fd >= 0) close(fd);
}

/* Enters the pod's network namespace; fills in its descriptor and a NETLINK_ROUTE socket opened there. */
static void enter_pod(int descriptors[2]) {
  const char *path = getenv("CNI_NETNS");
  struct stat pod, host;
  if (!path || !*path) fail(INVALID_ENVIRONMENT, "%s needs CNI_NETNS, the pod's network namespace", command);
  descriptors[0] = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptors[0] < 0 || fstat(descriptors[0], &pod) < 0)
    fail(INVALID_ENVIRONMENT, "cannot open CNI_NETNS %s: %s", path, strerror(errno));
  if (stat("/proc/self/ns/net", &host) == 0 && host.st_dev == pod.st_dev && host.st_ino == pod.st_ino)
    fail(INVALID_ENVIRONMENT, "CNI_NETNS %s is the host's own network namespace, not a pod's", path);
  if (setns(descriptors[0], CLONE_NEWNET) < 0)
    fail(INVALID_ENVIRONMENT, "cannot enter CNI_NETNS %s: %s", path, strerror(errno));
  if (strcmp(command, "ADD") == 0) { /* no wait for duplicate address detection, no foreign routers, IPv6 where there are addresses of it */
    zero_sysctl("/proc/sys/net/ipv6/conf/lo/disable_ipv6");
    zero_sysctl("/proc/sys/net/ipv6/conf/default/disable_ipv6");
    zero_sysctl("/proc/sys/net/ipv6/conf/all/accept_dad");
    zero_sysctl("/proc/sys/net/ipv6/conf/default/accept_dad");
    zero_sysctl("/proc/sys/net/ipv6/conf/all/accept_ra");
    zero_sysctl("/proc/sys/net/ipv6/conf/default/accept_ra");
  }
  descriptors[1] = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (descriptors[1] < 0) fail(IO_FAILURE, "cannot open a netlink socket in %s: %s", path, strerror(errno));
}

static void send_request(int fd, const char *path, const int *descriptors) {
  char control[CMSG_SPACE(2 * sizeof(int))] = {0};
  for (size_t sent = 0; sent < frame_length;) {
    struct iovec part = {.iov_base = frame + sent, .iov_len = frame_length - sent};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (sent == 0 && descriptors) {
      put16(frame + 6, HAS_NAMESPACE | HAS_NETLINK);
      message.msg_control = control;
      message.msg_controllen = sizeof control;
      struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
      *rights = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(8)};
      memcpy(CMSG_DATA(rights), descriptors, 2 * sizeof(int));
    }
    ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) unavailable(path, errno == EAGAIN ? "it does not read the request" : strerror(errno));
    sent += (size_t)n;
  }
}

static void receive(int fd, const char *path, unsigned char *bytes, size_t length) {
  while (length > 0) {
    ssize_t n = recv(fd, bytes, length, MSG_WAITALL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) unavailable(path, errno == EAGAIN ? "no answer in time" : strerror(errno));
    if (n == 0) unavailable(path, "it closed the connection without an answer");
    bytes += n;
    length -= (size_t)n;
  }
}

static bool is_command(void) {
  static const char *const known[] = {"ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(command, known[i]) == 0) return true;
  return false;
}

int main(void) {
  char path[512], given[sizeof version];
  signal(SIGPIPE, SIG_IGN);
  command = getenv("CNI_COMMAND");
  if (!command || !*command) {
    fputs("fairlead CNI plugin: hands its requests to the fairlead agent of this node\n"
          "CNI protocol versions supported: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n", stderr);
    return 0;
  }
  read_request();
  bool known = top_level_string("cniVersion", given, sizeof given) && strspn(given, "0123456789.") == strlen(given);
  if (known) strcpy(version, given);
  if (strcmp(command, "VERSION") == 0) {
    printf("{\"cniVersion\":\"%s\",\"supportedVersions\":" VERSIONS_JSON "}\n", known ? version : "1.1.0");
    return fflush(stdout) == 0 ? 0 : 1;
  }
  if (!is_command()) fail(INVALID_ENVIRONMENT, "CNI_COMMAND \"%s\" is unknown; it is one of ADD, DEL, CHECK, GC, STATUS, VERSION", command);
  setting("FAIRLEAD_CNI_SOCKET", "socket", "/run/fairlead/cni.sock", path, sizeof path);
  int fd = connect_agent(path), descriptors[2];
  bool pod = strcmp(command, "ADD") == 0 || strcmp(command, "CHECK") == 0;
  if (pod) enter_pod(descriptors);
  send_request(fd, path, pod ? descriptors : NULL);

  unsigned char header[HEADER];
  receive(fd, path, header, sizeof header);
  uint64_t out = get32(header + 8), err = get32(header + 12);
  if (memcmp(header, "FLCA", 4) != 0 || (header[4] << 8 | header[5]) != FRAME_VERSION || out + err > MAX_ANSWER)
    unavailable(path, "its answer has an unknown format, so plugin and agent are of different versions");
  unsigned char *answer = malloc(out + err + 1);
  if (!answer) fail(IO_FAILURE, "out of memory");
  receive(fd, path, answer, out + err);
  write_fully(STDERR_FILENO, answer + out, err);
  return write_fully(STDOUT_FILENO, answer, out) ? header[6] << 8 | header[7] : 1;
}
