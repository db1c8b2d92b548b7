// fairlead in an image, where there is no shell: starts the JVM as bin/fairlead of the distribution does.
//
// It lives in HOME/bin. HOME/runtime is the JVM, HOME/lib/java-options has its options, HOME/lib/*.jar is the
// class path, and HOME/lib/fairlead.aot, if it is there, the cache of classes. The words of
// FAIRLEAD_JAVA_OPTIONS are added to the JVM's options.

#define _GNU_SOURCE // asprintf

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_OPTIONS = 64, FIXED_ARGUMENTS = 8, EXIT_CANNOT_START = 126 };

static _Noreturn void fail(const char *what, const char *name) {
    fprintf(stderr, "fairlead: %s %s: %s\n", what, name, strerror(errno));
    exit(EXIT_CANNOT_START);
}

// prefix + home + suffix, which is never freed: exec follows.
static char *in_home(const char *prefix, const char *home, const char *suffix) {
    char *path;
    if (asprintf(&path, "%s%s%s", prefix, home, suffix) < 0) {
        fail("no memory for", suffix);
    }
    return path;
}

// The folder above the one that this program is in, whatever link it was started by.
static char *find_home(void) {
    static char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length < 0) {
        fail("cannot read", "/proc/self/exe");
    }
    path[length] = '\0';
    for (int level = 0; level < 2; level++) {
        char *slash = strrchr(path, '/');
        if (slash == NULL) {
            errno = ENOENT;
            fail("cannot find the folder above", path);
        }
        *slash = '\0';
    }
    return path;
}

// All jars, in one order everywhere: a cache is only good for the class path that it was made with.
static char *class_path(const char *home) {
    glob_t jars;
    char *pattern = in_home("", home, "/lib/*.jar");
    if (glob(pattern, 0, NULL, &jars) != 0) {
        errno = ENOENT;
        fail("cannot find", pattern);
    }
    size_t length = 1;
    for (size_t i = 0; i < jars.gl_pathc; i++) {
        length += strlen(jars.gl_pathv[i]) + 1;
    }
    char *path = malloc(length);
    if (path == NULL) {
        fail("no memory for", pattern);
    }
    char *end = path;
    for (size_t i = 0; i < jars.gl_pathc; i++) {
        end = stpcpy(stpcpy(end, i == 0 ? "" : ":"), jars.gl_pathv[i]);
    }
    return path;
}

int main(int count, char **arguments) {
    const char *home = find_home();
    char *java = in_home("", home, "/runtime/bin/java");
    char *cache = in_home("", home, "/lib/fairlead.aot");

    char **command = calloc((size_t)count + MOST_OPTIONS + FIXED_ARGUMENTS, sizeof *command);
    if (command == NULL) {
        fail("no memory for", "the command");
    }
    int next = 0;
    command[next++] = java;
    command[next++] = in_home("@", home, "/lib/java-options");
    if (access(cache, R_OK) == 0) {
        command[next++] = in_home("-XX:AOTCache=", cache, "");
    }
    command[next++] = in_home("-Dfairlead.home=", home, "");
    const char *given = getenv("FAIRLEAD_JAVA_OPTIONS");
    char *options = strdup(given == NULL ? "" : given);
    if (options == NULL) {
        fail("no memory for", "FAIRLEAD_JAVA_OPTIONS");
    }
    int extra = 0;
    for (char *word = strtok(options, " \t\n"); word != NULL; word = strtok(NULL, " \t\n")) {
        if (++extra >= MOST_OPTIONS) {
            errno = E2BIG;
            fail("cannot take all of", "FAIRLEAD_JAVA_OPTIONS");
        }
        command[next++] = word;
    }
    command[next++] = "-cp";
    command[next++] = class_path(home);
    command[next++] = "io.fairlead.agent.cli.Main";
    for (int i = 1; i < count; i++) {
        command[next++] = arguments[i];
    }
    execv(java, command);
    fail("cannot start", java);
}
