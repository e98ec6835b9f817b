/* What `benches/embedding` measures of the C ABI. Arguments: the component, a key, an issuer's file, orders, and
 *   pdf FILE       print all of them into a PDF
 *   labels         take all of them one by one, as what a printer is sent
 *   threads N FORM print them in N threads, a share each with one worker, as PDF or what a printer is sent (pdf, tsc), into
 *                  files that are thrown away; of one thread as many workers as there are processors
 *   shares N FORM  print the same N shares in one thread, one after the other, each with a worker for each processor
 *   calls N        make and free everything N times, print nothing, and say what memory the process has before and after */
#include <miandan.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t component;
static miandan_buffer template_xml, message;
static const char *workers, *form;

static void must(miandan_status status) {
  if (status == 0) return;
  fprintf(stderr, "%s: %s\n", miandan_status_name(status), message.bytes ? (const char *)message.bytes : "");
  exit(1);
}

static uint64_t batch_of(uint64_t orders) {
  uint64_t batch;
  must(miandan_batch_new(component, orders, template_xml.bytes, template_xml.length, &batch, &message));
  if (workers) must(miandan_batch_set(batch, "workers", workers, &message));
  return batch;
}

static void *share(void *argument) {
  uint64_t *orders = argument;
  uint64_t batch = batch_of(*orders);
  miandan_summary summary;
  if (strcmp(form, "pdf") == 0) {
    char path[] = "/tmp/miandan-measure-XXXXXX";
    close(mkstemp(path));
    must(miandan_batch_print_pdf(batch, path, NULL, NULL, &summary, NULL));
    unlink(path);
  } else {
    must(miandan_batch_print_file(batch, "/dev/null", form, NULL, NULL, &summary, NULL));
  }
  if (summary.failed) exit(1);
  must(miandan_batch_free(batch));
  return NULL;
}

/* The lines of a file, dealt out to so many threads, or to one that prints a share after the other. */
static void threads(const char *path, unsigned count, int at_once) {
  FILE *file = fopen(path, "rb");
  if (!file || count < 1 || count > 64) exit(2);
  fseek(file, 0, SEEK_END);
  size_t length = (size_t)ftell(file);
  rewind(file);
  char *lines = malloc(length);
  if (!lines || fread(lines, 1, length, file) != length) exit(2);
  fclose(file);
  size_t total = 0;
  for (size_t i = 0; i < length; i++) total += lines[i] == '\n';
  uint64_t orders[64];
  pthread_t running[64];
  size_t from = 0, line = 0;
  for (unsigned i = 0; i < count; i++) {
    size_t to = from;
    for (size_t end = total * (i + 1) / count; line < end; line++)
      to = (size_t)((char *)memchr(lines + to, '\n', length - to) - lines) + 1;
    must(miandan_orders_read((const uint8_t *)lines + from, to - from, &orders[i], &message));
    from = to;
  }
  for (unsigned i = 0; i < count; i++) {
    if (!at_once) share(&orders[i]);
    else if (pthread_create(&running[i], NULL, share, &orders[i])) exit(2);
  }
  for (unsigned i = 0; at_once && i < count; i++) pthread_join(running[i], NULL);
  free(lines);
}

static long memory(void) {
  char line[256];
  long kilobytes = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status)) sscanf(line, "VmRSS: %ld", &kilobytes);
  if (status) fclose(status);
  return kilobytes;
}

static void calls(const char *program, unsigned long count) {
  long before = 0;
  for (unsigned long i = 0; i < count; i++) {
    uint64_t other, orders, batch;
    miandan_buffer xml;
    must(miandan_component_new(program, &other, &message));
    must(miandan_component_set(other, "workers_of_old", "1", NULL) == MIANDAN_STATUS_BAD_ARGUMENT ? 0 : 22);
    must(miandan_orders_read((const uint8_t *)"{}\n{}\n", 6, &orders, &message));
    must(miandan_template("one-part-76x130", &xml, &message));
    must(miandan_batch_new(other, orders, xml.bytes, xml.length, &batch, &message));
    must(miandan_batch_print_file(batch, "/dev/null", "typewriter", NULL, NULL, NULL, &message) ==
                 MIANDAN_STATUS_PRINTER_UNKNOWN ? 0 : 22);
    must(miandan_buffer_free(&message));
    must(miandan_buffer_free(&xml));
    must(miandan_batch_free(batch));
    must(miandan_orders_free(orders));
    must(miandan_component_free(other));
    /* By then everything that is made once is there. */
    if (i == count / 10) before = memory();
  }
  printf("%ld %ld\n", before, memory());
}

int main(int count, char **arguments) {
  if (count < 6) return 2;
  must(miandan_component_new(arguments[1], &component, &message));
  must(miandan_component_set(component, "key", arguments[2], &message));
  must(miandan_component_set(component, "trust", arguments[3], &message));
  must(miandan_template("one-part-76x130", &template_xml, &message));
  const char *path = arguments[4], *what = arguments[5];
  uint64_t orders, batch, labels;
  if (strcmp(what, "calls") == 0 && count == 7) {
    calls(arguments[1], strtoul(arguments[6], NULL, 10));
  } else if ((strcmp(what, "threads") == 0 || strcmp(what, "shares") == 0) && count == 8) {
    unsigned many = (unsigned)strtoul(arguments[6], NULL, 10);
    int at_once = strcmp(what, "threads") == 0;
    workers = at_once && many > 1 ? "1" : NULL;
    form = arguments[7];
    threads(path, many, at_once);
  } else if (strcmp(what, "pdf") == 0 && count == 7) {
    miandan_summary summary;
    must(miandan_orders_open(path, &orders, &message));
    batch = batch_of(orders);
    must(miandan_batch_print_pdf(batch, arguments[6], NULL, NULL, &summary, &message));
    printf("%" PRIu64 "\n", summary.done);
  } else if (strcmp(what, "labels") == 0) {
    miandan_label label;
    miandan_status status;
    uint64_t bytes = 0;
    must(miandan_orders_open(path, &orders, &message));
    batch = batch_of(orders);
    must(miandan_labels_start(batch, "tsc", &labels, &message));
    while ((status = miandan_labels_next(labels, &label, &message)) == 0) {
      miandan_buffer page;
      must(miandan_labels_page(labels, 0, &page, &message));
      bytes += page.length;
      miandan_buffer_free(&page);
    }
    must(status == MIANDAN_STATUS_END ? 0 : status);
    printf("%" PRIu64 "\n", bytes);
  } else {
    return 2;
  }
  return 0;
}
