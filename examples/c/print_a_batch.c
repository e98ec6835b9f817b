/* Prints a batch of sealed orders from C:
 *
 *   cc print_a_batch.c $(pkg-config --cflags --libs miandan) -o print_a_batch
 *   ./print_a_batch orders.sealed.jsonl station.key issuer.key.pub labels.pdf
 *
 * The program holds sealed orders and finished labels. It has no key and could not use one. */
#include <miandan.h>

#include <inttypes.h>
#include <stdio.h>

/* Called for each label, on this thread. */
static int32_t progress(void *user, const miandan_label *label) {
  (void)user;
  if (label->status != MIANDAN_STATUS_OK)
    fprintf(stderr, "no. %" PRIu32 ": %s\n", label->index, miandan_status_name(label->status));
  return 0; /* anything else cancels the batch */
}

int main(int count, char **arguments) {
  if (count != 5) {
    fprintf(stderr, "usage: print_a_batch ORDERS KEY ISSUER.pub LABELS.pdf\n");
    return 2;
  }
  uint64_t component = 0, orders = 0, batch = 0;
  miandan_buffer template = {0}, message = {0};
  miandan_summary summary = {0};

  miandan_status status = miandan_require(MIANDAN_ABI, &message);
  if (!status) status = miandan_component_new(NULL, &component, &message);
  if (!status) status = miandan_component_set(component, "key", arguments[2], &message);
  if (!status) status = miandan_component_set(component, "trust", arguments[3], &message);
  if (!status) status = miandan_orders_open(arguments[1], &orders, &message);
  if (!status) status = miandan_template("one-part-76x130", &template, &message);
  if (!status) status = miandan_batch_new(component, orders, template.bytes, template.length, &batch, &message);
  if (!status) status = miandan_batch_print_pdf(batch, arguments[4], progress, NULL, &summary, &message);

  if (status)
    fprintf(stderr, "error: %s: %s\n", miandan_status_name(status), (const char *)message.bytes);
  else
    printf("%" PRIu64 " labels, %" PRIu64 " orders failed\n", summary.done, summary.failed);

  miandan_batch_free(batch); /* 0 is nothing */
  miandan_orders_free(orders);
  miandan_component_free(component);
  miandan_buffer_free(&template);
  miandan_buffer_free(&message);
  return status || summary.failed ? 1 : 0;
}
