/*
 * string.h, stdio.h, stdlib.h, math.h, setjmp.h, errno.h of picolibc.
 *
 *   output  what the printf family made, as text; what printf itself says is no output
 *   exit    0, or the number of the check that failed
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proofloom.h"

static jmp_buf home;

static void jump(int value)
{
    longjmp(home, value);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void say_goodbye(void)
{
    write_output((const uint8_t *)"bye\n", 4);
}

static void show(const char *text)
{
    write_output((const uint8_t *)text, strlen(text));
}

int main(void)
{
    char line[128];
    const char *words[] = {"loom", "proof", "guest"};
    qsort(words, 3, sizeof *words, by_text);
    snprintf(line, sizeof line, "%s %s %s\n", words[0], words[1], words[2]);
    show(line);
    snprintf(line, sizeof line, "%.6f %.3e %g\n", sqrt(2.0), exp(10.0), pow(2.0, 0.5) * sin(1.0));
    show(line);
    snprintf(line, sizeof line, "%ld %lu %#x\n", strtol("-123", NULL, 10), strtoul("ff", NULL, 16), 255u);
    show(line);

    errno = 0;
    if (strtol("99999999999999999999", NULL, 10) != __LONG_MAX__ || errno != ERANGE)
        return 1;
    volatile int round = 0;
    int value = setjmp(home);
    if (value != round)
        return 2;
    if (++round < 3)
        jump(round);
    char *copy = strdup("on the one heap");
    void *block = proofloom_alloc(64, 16);
    if (copy == NULL || strcmp(copy, "on the one heap") != 0 || malloc(1ul << 40) != NULL)
        return 3;
    free(block);
    proofloom_free(copy);
    if (strdup("on the one heap") != copy)
        return 4;
    double parsed = 0;
    if (sscanf("x=2.5e3", "x=%lf", &parsed) != 1 || parsed != 2500.0)
        return 5;
    printf("to whom it may concern: %d\n", round);
    fprintf(stderr, "nothing to report\n");
    if (fopen("/etc/passwd", "r") != NULL || getchar() != EOF)
        return 6;
    return atexit(say_goodbye);
}
