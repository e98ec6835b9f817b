/* Everything that the C ABI offers, and everything that a caller can do wrong without lying about memory. Arguments: a folder
 * with station.key, issuer.key.pub, sealed.jsonl (whose third order is broken) and other.key, the component, and a program that
 * is none. `.ci/embedding` runs it plainly, under the sanitizers of addresses and of undefined behaviour, and under valgrind. */
#include <miandan.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static miandan_buffer message;

static void fail(int line, const char *what, miandan_status found) {
  fprintf(stderr, "line %d: %s: %s (%s)\n", line, what, miandan_status_name(found),
          message.bytes ? (const char *)message.bytes : "no message");
  exit(1);
}

/* The status is the one that is expected, and where it is not 0 there is a sentence for people. */
#define IS(wanted, call)                                                    \
  do {                                                                      \
    miandan_status found = (call);                                          \
    if (found != (wanted)) fail(__LINE__, #call, found);                    \
    if (found != 0 && !message.length) fail(__LINE__, "no message", found); \
    miandan_buffer_free(&message);                                          \
  } while (0)
/* As above, of a call that has no message. */
#define QUIET(wanted, call)                                 \
  do {                                                      \
    miandan_status found = (call);                          \
    if (found != (wanted)) fail(__LINE__, #call, found);    \
  } while (0)
#define HOLDS(claim) \
  do { if (!(claim)) fail(__LINE__, #claim, 0); } while (0)

static const char *program, *other_program;
static miandan_buffer template_xml;

static uint64_t component_with(const char *key) {
  uint64_t component;
  IS(0, miandan_component_new(program, &component, &message));
  IS(0, miandan_component_set(component, "key", key, &message));
  IS(0, miandan_component_set(component, "trust", "issuer.key.pub", &message));
  return component;
}

static uint64_t batch_of(uint64_t component, uint64_t orders) {
  uint64_t batch;
  IS(0, miandan_batch_new(component, orders, template_xml.bytes, template_xml.length, &batch, &message));
  return batch;
}

struct seen {
  unsigned labels, refused, stop_at;
};

static int32_t see(void *user, const miandan_label *label) {
  struct seen *seen = user;
  seen->labels++;
  seen->refused += label->status != 0;
  HOLDS(label->index == seen->labels && (label->status != 0) == (label->bytes == 0));
  return seen->labels == seen->stop_at;
}

static void files(uint64_t batch) {
  struct seen seen = {0};
  miandan_summary summary;
  IS(0, miandan_batch_print_pdf(batch, "c.pdf", see, &seen, &summary, &message));
  HOLDS(summary.done == 23 && summary.failed == 1 && seen.labels == 24 && seen.refused == 1);
  IS(0, miandan_batch_print_folder(batch, "c-pictures", NULL, NULL, NULL, NULL, &message));
  HOLDS(access("c-pictures/000001.png", R_OK) == 0 && access("c-pictures/000003.png", R_OK) != 0);
  IS(0, miandan_batch_print_file(batch, "c.tspl", "tsc", NULL, NULL, &summary, NULL));
  HOLDS(summary.done == 23);
  seen = (struct seen){.stop_at = 1};
  IS(MIANDAN_STATUS_CANCELLED, miandan_batch_print_pdf(batch, "gone.pdf", see, &seen, NULL, &message));
  HOLDS(access("gone.pdf", F_OK) != 0);
  IS(MIANDAN_STATUS_UNWRITABLE, miandan_batch_print_pdf(batch, "nowhere/c.pdf", NULL, NULL, NULL, &message));
  IS(MIANDAN_STATUS_PRINTER_UNKNOWN, miandan_batch_print_file(batch, "c.x", "typewriter", NULL, NULL, NULL, &message));
  IS(MIANDAN_STATUS_PRINTER_UNFIT, miandan_batch_print_file(batch, "c.x", "escpos-58", NULL, NULL, NULL, &message));
}

static void *take_all(void *labels) {
  miandan_label label;
  miandan_status status;
  do status = miandan_labels_next(*(uint64_t *)labels, &label, NULL);
  while (status == 0);
  return (void *)(intptr_t)status;
}

static void labels(uint64_t batch) {
  uint64_t labels;
  miandan_label label;
  miandan_buffer page;
  unsigned made = 0, refused = 0;
  IS(0, miandan_labels_start(batch, NULL, &labels, &message));
  for (;;) {
    miandan_status status = miandan_labels_next(labels, &label, &message);
    if (status == MIANDAN_STATUS_END) break;
    IS(0, status);
    HOLDS(label.index == made + refused + 1 && label.count == 24);
    if (label.status != 0) {
      HOLDS(label.index == 3 && label.status == MIANDAN_STATUS_MALFORMED && label.pages == 0);
      refused++;
      continue;
    }
    made++;
    HOLDS(label.pages == 1);
    IS(0, miandan_labels_page(labels, 0, &page, &message));
    HOLDS(page.length == label.bytes && memcmp(page.bytes, "\x89PNG", 4) == 0);
    miandan_buffer copy = page;
    QUIET(0, miandan_buffer_free(&page));
    QUIET(MIANDAN_STATUS_BAD_HANDLE, miandan_buffer_free(&copy));
    IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_labels_page(labels, 0, &page, &message));
    IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_labels_page(labels, 7, &page, &message));
  }
  miandan_buffer_free(&message);
  HOLDS(made == 23 && refused == 1);
  IS(MIANDAN_STATUS_END, miandan_labels_next(labels, &label, &message));
  QUIET(0, miandan_labels_free(labels));
  QUIET(MIANDAN_STATUS_BAD_HANDLE, miandan_labels_free(labels));
  IS(MIANDAN_STATUS_BAD_HANDLE, miandan_labels_next(labels, &label, &message));

  /* One thread takes labels, another one cancels; then one is freed while it is read. */
  for (int freed = 0; freed < 2; freed++) {
    pthread_t thread;
    void *end;
    IS(0, miandan_labels_start(batch, "zebra", &labels, &message));
    IS(0, miandan_labels_next(labels, &label, &message));
    HOLDS(pthread_create(&thread, NULL, take_all, &labels) == 0);
    QUIET(0, freed ? miandan_labels_free(labels) : miandan_batch_cancel(batch));
    pthread_join(thread, &end);
    miandan_status status = (miandan_status)(intptr_t)end;
    HOLDS(status == MIANDAN_STATUS_CANCELLED || status == MIANDAN_STATUS_END || status == MIANDAN_STATUS_BAD_HANDLE);
    if (!freed) QUIET(0, miandan_labels_free(labels));
  }
  /* Freed at once, with everything still to be done. */
  IS(0, miandan_labels_start(batch, NULL, &labels, &message));
  QUIET(0, miandan_labels_free(labels));
}

/* Reads events until so many labels are settled; counts those that were printed. The third order is the broken one. */
static unsigned settled(uint64_t station, unsigned labels, miandan_status otherwise, char number[32]) {
  unsigned printed = 0;
  while (labels > 0) {
    miandan_event event;
    miandan_buffer why = {0};
    miandan_status status = miandan_station_next(station, 20000, &event, &why);
    if (status != 0) fail(__LINE__, "no event", status);
    HOLDS(event.tag == 42);
    if (event.number[0] && number) memcpy(number, event.number, 32);
    if (event.step == MIANDAN_STEP_SETTLED) {
      labels--;
      miandan_status expected = event.place == 2 ? MIANDAN_STATUS_MALFORMED : otherwise;
      if (event.status == 0) printed++;
      else if (event.status != expected) fail(__LINE__, (const char *)why.bytes, event.status);
    }
    miandan_buffer_free(&why);
  }
  return printed;
}

static void station(uint64_t component, uint64_t orders) {
  uint64_t station;
  uint32_t copy = 0;
  char number[32] = "";
  miandan_event event;
  const uint8_t *xml = template_xml.bytes;
  size_t length = template_xml.length;
  IS(MIANDAN_STATUS_JOURNAL_FAILED, miandan_station_new(component, "c-pictures", &station, &message));
  IS(0, miandan_station_new(component, "c-journal.db", &station, &message));
  IS(MIANDAN_STATUS_PRINTER_UNKNOWN, miandan_station_add_printer(station, "x", "carrier-pigeon:", "tsc", &message));
  IS(MIANDAN_STATUS_UNREADABLE, miandan_station_add_printer(station, "x", "file:c-printed", "./no.toml", &message));
  IS(0, miandan_station_add_printer(station, "desk", "file:c-printed", "tsc", &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_station_set(station, "components", "0", &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_station_set(station, "colour", "1", &message));
  IS(0, miandan_station_set(station, "components", "1", &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_station_print(station, "desk", orders, xml, length, 42, &message));
  IS(0, miandan_station_start(station, &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_station_start(station, &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_station_set(station, "keep", "1", &message));
  IS(MIANDAN_STATUS_NOTHING, miandan_station_next(station, 1, &event, &message));

  IS(0, miandan_station_print(station, "desk", orders, xml, length, 42, &message));
  HOLDS(settled(station, 24, MIANDAN_STATUS_OK, number) == 23);
  IS(0, miandan_station_print(station, "desk", orders, xml, length, 42, &message));
  HOLDS(settled(station, 24, MIANDAN_STATUS_DUPLICATE, NULL) == 0);
  IS(MIANDAN_STATUS_PRINTER_UNKNOWN, miandan_station_print(station, "attic", orders, xml, length, 42, &message));

  IS(0, miandan_station_reprint(station, number, NULL, "smeared", "clerk", &copy, &message));
  HOLDS(copy == 1);
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_station_reprint(station, "12", NULL, "smeared", "clerk", &copy, &message));
  IS(MIANDAN_STATUS_LABEL_UNKNOWN, miandan_station_settle(station, "000101-001-001", true, "seen", "clerk", &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_station_settle(station, number, true, "", "clerk", &message));
  IS(0, miandan_station_hold(station, "desk", true, &message));
  IS(0, miandan_station_hold(station, "desk", false, &message));
  IS(MIANDAN_STATUS_PRINTER_UNKNOWN, miandan_station_hold(station, "attic", true, &message));
  IS(MIANDAN_STATUS_PRINTER_UNKNOWN,
     miandan_station_resume(station, "attic", number, "jam", "clerk", NULL, NULL, &message));

  IS(0, miandan_station_stop(station, 5000, &message));
  IS(MIANDAN_STATUS_STOPPING, miandan_station_print(station, "desk", orders, xml, length, 42, &message));
  QUIET(0, miandan_station_free(station));
  QUIET(MIANDAN_STATUS_BAD_HANDLE, miandan_station_free(station));
  IS(MIANDAN_STATUS_BAD_HANDLE, miandan_station_stop(station, 1, &message));
}

static void misuse(uint64_t component, uint64_t orders, uint64_t batch) {
  uint64_t handle;
  uint64_t count;
  miandan_buffer text;
  const char latin[] = {'k', (char)0xE9, 0};
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_component_new(NULL, NULL, &message));
  IS(MIANDAN_STATUS_COMPONENT_MISSING, miandan_component_new("/nowhere/miandan-component", &handle, &message));
  IS(MIANDAN_STATUS_NOT_UNICODE, miandan_component_new(latin, &handle, &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_component_set(component, NULL, "x", &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_component_set(component, "key", "", &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_component_set(component, "colour", "red", &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_component_set(component, "status_policy", "maybe", &message));
  IS(MIANDAN_STATUS_BAD_HANDLE, miandan_component_set(orders, "key", "x", &message));
  for (uint64_t wild = 0; wild < 300; wild++) {
    IS(MIANDAN_STATUS_BAD_HANDLE, miandan_component_set(wild * 0x9E3779B97F4A7C15u, "key", "x", &message));
  }
  IS(MIANDAN_STATUS_UNREADABLE, miandan_orders_open("nowhere.jsonl", &handle, &message));
  IS(MIANDAN_STATUS_NO_ORDERS, miandan_orders_read((const uint8_t *)"\n \n", 3, &handle, &message));
  IS(MIANDAN_STATUS_NO_ORDERS, miandan_orders_read(NULL, 0, &handle, &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_orders_read(NULL, 3, &handle, &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_orders_read((const uint8_t *)"{}", SIZE_MAX, &handle, &message));
  QUIET(MIANDAN_STATUS_BAD_ARGUMENT, miandan_orders_count(orders, NULL));
  QUIET(MIANDAN_STATUS_BAD_HANDLE, miandan_orders_count(batch, &count));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_template("nothing", &text, &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_template("nothing", NULL, &message));
  IS(MIANDAN_STATUS_BAD_HANDLE, miandan_batch_new(orders, component, NULL, 0, &handle, &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_batch_set(batch, "workers", "-1", &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_batch_set(batch, "dpi", "204", &message));
  IS(MIANDAN_STATUS_BAD_ARGUMENT, miandan_batch_set(batch, "now", "yesterday", &message));
  IS(MIANDAN_STATUS_UNREADABLE, miandan_batch_set(batch, "font", "nowhere.ttf", &message));
  QUIET(MIANDAN_STATUS_BAD_ARGUMENT, miandan_batch_print_pdf(batch, NULL, NULL, NULL, NULL, NULL));
  IS(MIANDAN_STATUS_BAD_HANDLE, miandan_labels_start(component, NULL, &handle, &message));
  QUIET(0, miandan_component_free(0));
  QUIET(0, miandan_buffer_free(NULL));
  QUIET(MIANDAN_STATUS_BAD_HANDLE, miandan_orders_free(component));
  IS(MIANDAN_STATUS_COMPONENT_VERSION, miandan_require(MIANDAN_ABI + 1, &message));
  HOLDS(miandan_status_name(12345) == NULL && miandan_status_meaning(12345, 1) == NULL);

  /* A template that is none, a key that is none, one of another station, a component that is none. */
  IS(0, miandan_batch_new(component, orders, (const uint8_t *)"<label", 6, &handle, &message));
  IS(MIANDAN_STATUS_TEMPLATE_REFUSED, miandan_batch_print_pdf(handle, "x.pdf", NULL, NULL, NULL, &message));
  QUIET(0, miandan_batch_free(handle));
  IS(0, miandan_component_new(program, &handle, &message));
  IS(0, miandan_component_set(handle, "key", "nowhere.key", &message));
  IS(MIANDAN_STATUS_UNREADABLE, miandan_component_check(handle, NULL, NULL, &message));
  QUIET(0, miandan_component_free(handle));
  handle = component_with("other.key");
  uint64_t batch_of_other = batch_of(handle, orders);
  miandan_summary summary;
  IS(0, miandan_batch_print_pdf(batch_of_other, "x.pdf", NULL, NULL, &summary, &message));
  HOLDS(summary.done == 0 && summary.failed == 24 && access("x.pdf", F_OK) != 0);
  QUIET(0, miandan_batch_free(batch_of_other));
  QUIET(0, miandan_component_free(handle));
  IS(0, miandan_component_new(other_program, &handle, &message));
  IS(MIANDAN_STATUS_COMPONENT_FAILED, miandan_component_check(handle, NULL, NULL, &message));
  QUIET(0, miandan_component_free(handle));
}

int main(int count, char **arguments) {
  if (count != 4 || chdir(arguments[1]) != 0) return 2;
  program = arguments[2];
  other_program = arguments[3];
  IS(0, miandan_require(MIANDAN_ABI, &message));
  HOLDS(strcmp(miandan_status_name(MIANDAN_STATUS_UNKNOWN_KEY), "UNKNOWN_KEY") == 0);
  IS(0, miandan_template("one-part-76x130", &template_xml, &message));

  uint64_t orders, total;
  uint64_t component = component_with("station.key");
  miandan_buffer name = {0}, sandbox = {0};
  IS(0, miandan_component_check(component, &name, &sandbox, &message));
  HOLDS(strcmp((const char *)name.bytes, "ST-01") == 0 && sandbox.length > 0);
  miandan_buffer_free(&name);
  miandan_buffer_free(&sandbox);
  IS(0, miandan_orders_open("sealed.jsonl", &orders, &message));
  QUIET(0, miandan_orders_count(orders, &total));
  HOLDS(total == 24);
  uint64_t batch = batch_of(component, orders);

  files(batch);
  labels(batch);
  station(component, orders);
  misuse(component, orders, batch);

  /* What a batch is made of may go before it. */
  QUIET(0, miandan_component_free(component));
  QUIET(0, miandan_orders_free(orders));
  IS(0, miandan_batch_set(batch, "workers", "1", &message));
  IS(0, miandan_batch_print_pdf(batch, "again.pdf", NULL, NULL, NULL, &message));
  QUIET(0, miandan_batch_free(batch));
  QUIET(MIANDAN_STATUS_BAD_HANDLE, miandan_batch_free(batch));
  miandan_buffer_free(&template_xml);
  puts("the C ABI holds");
  return 0;
}
