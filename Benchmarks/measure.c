/* measure ROUNDS COMMAND… -- COMMAND… -- …: runs the commands in turn, so many rounds, and drains what they print.
 *
 * A line for each command: the median of its CPU seconds (user and system), the median over the rounds of their ratio to
 * the first command's in the same round, and the most memory it ever held, in MB. Absolute times vary with the machine
 * and its neighbours; ratios of neighbouring runs hardly do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { maximum_commands = 8, maximum_rounds = 100 };

static double cpu[maximum_commands][maximum_rounds];
static long peak_kilobytes[maximum_commands];

static void fail(const char *what) {
  fprintf(stderr, "measure: %s\n", what);
  exit(2);
}

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

/* Runs one command and returns its CPU seconds. */
static double run(char **command, long *kilobytes) {
  int ends[2];
  if (pipe(ends) != 0) fail("no pipe");
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execv(command[0], command);
    _exit(127);
  }
  close(ends[1]);
  static char buffer[1 << 20];
  while (read(ends[0], buffer, sizeof buffer) > 0) {}
  close(ends[0]);
  int status;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fail(command[0]);
  }
  if (usage.ru_maxrss > *kilobytes) *kilobytes = usage.ru_maxrss;
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static double median(const double *values, int count) {
  double sorted[maximum_rounds];
  memcpy(sorted, values, count * sizeof *values);
  qsort(sorted, count, sizeof *sorted, ascending);
  return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

int main(int argc, char **argv) {
  int rounds = argc > 2 ? atoi(argv[1]) : 0, commands = 0;
  if (rounds < 1 || rounds > maximum_rounds) fail("usage: measure ROUNDS COMMAND... -- COMMAND...");
  char **command[maximum_commands];
  command[commands++] = argv + 2;
  for (int i = 2; i < argc; i += 1) {
    if (strcmp(argv[i], "--") != 0) continue;
    if (commands == maximum_commands) fail("too many commands");
    argv[i] = NULL;
    command[commands++] = argv + i + 1;
  }
  for (int round = 0; round < rounds; round += 1) {
    for (int i = 0; i < commands; i += 1) cpu[i][round] = run(command[i], &peak_kilobytes[i]);
  }
  for (int i = 0; i < commands; i += 1) {
    double ratio[maximum_rounds];
    for (int round = 0; round < rounds; round += 1) ratio[round] = cpu[i][round] / cpu[0][round];
    printf("%.3f %.2f %.1f\n", median(cpu[i], rounds), median(ratio, rounds), peak_kilobytes[i] / 1024.0);
  }
  return 0;
}
