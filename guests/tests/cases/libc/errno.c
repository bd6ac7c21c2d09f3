/* errno is a thread-local of picolibc. Exit code 0 if it keeps what is put there. */
#include <errno.h>

int main(void)
{
    if (errno != 0)
        return 1;
    errno = 5;
    return errno == 5 ? 0 : 2;
}
