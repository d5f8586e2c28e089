/* measure [--emptying FOLDER] ROUNDS COMMAND… -- COMMAND… -- …: runs the commands in turn, so many rounds; they print to
 * /dev/null. FOLDER is emptied after each, which is not measured: what one wrote is not in the next one's way.
 *
 * The files that a command names are read once just before it runs, so that every program finds them in the page cache,
 * also where the system gives pages back that were not used for a while.
 *
 * A line for each command: the medians of its CPU seconds (user and system) and of its seconds by the clock, the most
 * memory it ever held, in MB, and then, for each command in their order, the median over the rounds of how many times
 * that one's CPU seconds in the same round this one took. Absolute times vary with the machine and its neighbours;
 * ratios of neighbouring runs hardly do. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { maximum_commands = 8, maximum_rounds = 100 };

static double cpu[maximum_commands][maximum_rounds];
static double elapsed[maximum_commands][maximum_rounds];
static long peak_kilobytes[maximum_commands];

static void fail(const char *what) {
  fprintf(stderr, "measure: %s\n", what);
  exit(2);
}

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void warm(char **command) {
  static char page[1 << 18];
  for (char **word = command + 1; *word != NULL; word += 1) {
    int file = open(*word, O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    while (read(file, page, sizeof page) > 0) {}
    close(file);
  }
}

static void empty(const char *folder) {
  pid_t child = fork();
  if (child == 0) {
    execlp("find", "find", folder, "-mindepth", "1", "-delete", NULL);
    _exit(127);
  }
  int status;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) fail(folder);
}

static void run(char **command, int output, double *cpu_seconds, double *elapsed_seconds, long *kilobytes) {
  warm(command);
  double begun = now();
  pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(output, STDOUT_FILENO);
    execvp(command[0], command);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fail(command[0]);
  }
  *elapsed_seconds = now() - begun;
  *cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  if (usage.ru_maxrss > *kilobytes) *kilobytes = usage.ru_maxrss;
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
  const char *folder = NULL;
  if (argc > 3 && strcmp(argv[1], "--emptying") == 0) {
    folder = argv[2];
    argc -= 2;
    argv += 2;
  }
  int rounds = argc > 2 ? atoi(argv[1]) : 0, commands = 0;
  if (rounds < 1 || rounds > maximum_rounds) {
    fail("usage: measure [--emptying FOLDER] ROUNDS COMMAND... -- COMMAND...");
  }
  char **command[maximum_commands];
  command[commands++] = argv + 2;
  for (int i = 2; i < argc; i += 1) {
    if (strcmp(argv[i], "--") != 0) continue;
    if (commands == maximum_commands) fail("too many commands");
    argv[i] = NULL;
    command[commands++] = argv + i + 1;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL); // nobody would read the figures any more
  int output = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (output < 0) fail("no /dev/null");
  for (int round = 0; round < rounds; round += 1) {
    for (int i = 0; i < commands; i += 1) {
      run(command[i], output, &cpu[i][round], &elapsed[i][round], &peak_kilobytes[i]);
      if (folder != NULL) empty(folder);
    }
  }
  for (int i = 0; i < commands; i += 1) {
    printf("%.4f %.4f %.1f", median(cpu[i], rounds), median(elapsed[i], rounds), peak_kilobytes[i] / 1024.0);
    for (int j = 0; j < commands; j += 1) {
      double ratio[maximum_rounds];
      for (int round = 0; round < rounds; round += 1) ratio[round] = cpu[i][round] / cpu[j][round];
      printf(" %.4f", median(ratio, rounds));
    }
    putchar('\n');
  }
  return 0;
}
