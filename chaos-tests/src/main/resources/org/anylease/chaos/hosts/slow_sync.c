/* Preloaded into a server: every fsync and fdatasync takes as much longer as the file named by SLOW_SYNC_FILE says, in
 * microseconds. The file is mapped, so that a new figure holds for the next call. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t none = 0;
static const volatile int64_t *delay_us = &none;

__attribute__((constructor)) static void map_figure(void) {
  const char *path = getenv("SLOW_SYNC_FILE");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0)
    return;
  void *figure = mmap(0, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  if (figure != MAP_FAILED)
    delay_us = figure;
  close(file);
}

static void wait_first(void) {
  int64_t us = *delay_us;
  if (us > 0) {
    struct timespec time = {us / 1000000, us % 1000000 * 1000};
    nanosleep(&time, 0);
  }
}

int fsync(int file) {
  wait_first();
  return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
  wait_first();
  return (int)syscall(SYS_fdatasync, file);
}
