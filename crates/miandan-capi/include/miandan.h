/* Miandan: electronic waybills from sealed orders.
 *
 * Nothing in this library can open an order: a print component, a program of its own behind a sandbox, does that, and what comes
 * back are finished labels on which names, phones and addresses are masked. docs/embedding.md begins where this page ends.
 *
 * Every function answers a status: 0, the number of a stable code (1 to 99), or what happened to the call itself. Most take a
 * `message` as their last argument: null, or a buffer that gets a sentence in English where a call fails, and nothing else;
 * it never holds personal data. What is handed out in a buffer is freed by miandan_buffer_free.
 *
 * What a call makes stands for its object as a number, a handle, and is freed by the function of its kind. A handle that was
 * freed, or is of another kind, is answered with MIANDAN_STATUS_BAD_HANDLE. Every function may be called from every thread. Of
 * objects that are in use a call that frees them waits for nothing: they go when the last call that uses them ends.
 *
 * Texts are UTF-8 with a NUL behind them. What a caller lends is not kept beyond the call.
 */

#ifndef MIANDAN_H
#define MIANDAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 The version of this ABI. It grows when a function changes or goes, not when one is added.
 */
#define MIANDAN_ABI 1

/*
 What became of a call, or of an order: 0, the number of a stable code (1 to 99), or what happened to the call itself.
 */
enum miandan_status
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
  /*
   It was done.
   */
  MIANDAN_STATUS_OK = 0,
  /*
   Not MSO1: broken JSON, unknown or duplicate members, bad base64url, trailing bytes.
   */
  MIANDAN_STATUS_MALFORMED = 1,
  /*
   A limit of the format was passed (sizes, counts, lifetime).
   */
  MIANDAN_STATUS_LIMIT = 2,
  /*
   The order names a cipher suite that this version does not have.
   */
  MIANDAN_STATUS_UNSUPPORTED_SUITE = 3,
  /*
   The issuer, or the key it signed with, is not in the trust list.
   */
  MIANDAN_STATUS_UNKNOWN_ISSUER = 4,
  /*
   The signature or the Merkle path does not hold.
   */
  MIANDAN_STATUS_BAD_SIGNATURE = 5,
  /*
   The order is not sealed to a key of this station.
   */
  MIANDAN_STATUS_UNKNOWN_KEY = 6,
  /*
   Decryption failed. One code for every way in which it can fail.
   */
  MIANDAN_STATUS_AUTH_FAILED = 7,
  /*
   The authorisation is not valid yet.
   */
  MIANDAN_STATUS_NOT_YET_VALID = 8,
  /*
   The authorisation has run out.
   */
  MIANDAN_STATUS_EXPIRED = 9,
  /*
   The order belongs to a merchant for whom this station does not print.
   */
  MIANDAN_STATUS_WRONG_AUDIENCE = 10,
  /*
   The order names another station or group.
   */
  MIANDAN_STATUS_WRONG_STATION = 11,
  /*
   The order was not sealed for printing.
   */
  MIANDAN_STATUS_WRONG_PURPOSE = 12,
  /*
   The person withdrew the authorisation.
   */
  MIANDAN_STATUS_WITHDRAWN = 13,
  /*
   The status list is missing or too old for the policy in force.
   */
  MIANDAN_STATUS_STALE_STATUS = 14,
  /*
   The order was printed as often as its issuer allows.
   */
  MIANDAN_STATUS_PRINT_LIMIT = 15,
  /*
   The template cannot be compiled, or cannot be drawn for this order.
   */
  MIANDAN_STATUS_TEMPLATE_REFUSED = 16,
  /*
   The template needs a field that the order does not have.
   */
  MIANDAN_STATUS_FIELD_MISSING = 17,
  /*
   The template names a field that is never printed (account, e-mail, identity card).
   */
  MIANDAN_STATUS_FIELD_NOT_PRINTABLE = 18,
  /*
   No font has a character of the label.
   */
  MIANDAN_STATUS_GLYPH_MISSING = 19,
  /*
   A mandatory layer of the sandbox could not be put up, so no key was read.
   */
  MIANDAN_STATUS_SANDBOX_UNAVAILABLE = 20,
  /*
   The component was being traced when it started, so no key was read.
   */
  MIANDAN_STATUS_TRACED = 21,
  /*
   A defect of Miandan, or a component that died.
   */
  MIANDAN_STATUS_INTERNAL = 22,
  /*
   An argument that means nothing: null, an empty text, a number out of its range.
   */
  MIANDAN_STATUS_BAD_ARGUMENT = 101,
  /*
   A handle that was freed, or is of another kind, or never was one.
   */
  MIANDAN_STATUS_BAD_HANDLE = 102,
  /*
   A text that is not UTF-8.
   */
  MIANDAN_STATUS_NOT_UNICODE = 103,
  /*
   There is no print component where it was looked for.
   */
  MIANDAN_STATUS_COMPONENT_MISSING = 110,
  /*
   The print component is of another version.
   */
  MIANDAN_STATUS_COMPONENT_VERSION = 111,
  /*
   The print component could not be started, or ended before its time.
   */
  MIANDAN_STATUS_COMPONENT_FAILED = 112,
  /*
   The print service does not run, or may not be connected to.
   */
  MIANDAN_STATUS_SERVICE_UNREACHABLE = 113,
  /*
   A file cannot be read.
   */
  MIANDAN_STATUS_UNREADABLE = 120,
  /*
   There is no order in the input.
   */
  MIANDAN_STATUS_NO_ORDERS = 121,
  /*
   The output cannot be written.
   */
  MIANDAN_STATUS_UNWRITABLE = 122,
  /*
   A font cannot be used.
   */
  MIANDAN_STATUS_FONT_REFUSED = 123,
  /*
   There is no such printer, or its place or its profile makes no sense.
   */
  MIANDAN_STATUS_PRINTER_UNKNOWN = 130,
  /*
   The printer cannot print labels of this size.
   */
  MIANDAN_STATUS_PRINTER_UNFIT = 131,
  /*
   The printer takes nothing; surely nothing of the label was sent.
   */
  MIANDAN_STATUS_PRINTER_UNAVAILABLE = 132,
  /*
   The label may be on paper, and nobody can tell: a person has to look.
   */
  MIANDAN_STATUS_UNCERTAIN = 133,
  /*
   The journal has the label already.
   */
  MIANDAN_STATUS_DUPLICATE = 134,
  /*
   The waybill was printed with something else on the label.
   */
  MIANDAN_STATUS_CONFLICT = 135,
  /*
   The label is on its way to a printer.
   */
  MIANDAN_STATUS_IN_FLIGHT = 136,
  /*
   The label waited for its printer for too long; surely nothing of it was sent.
   */
  MIANDAN_STATUS_WAITED_TOO_LONG = 137,
  /*
   Too many labels wait.
   */
  MIANDAN_STATUS_BUSY = 138,
  /*
   The order is not in memory any more, so its label cannot be made again.
   */
  MIANDAN_STATUS_ORDER_GONE = 139,
  /*
   There is no label of this number.
   */
  MIANDAN_STATUS_LABEL_UNKNOWN = 140,
  /*
   Of the label there is no doubt, or not any more.
   */
  MIANDAN_STATUS_NO_DOUBT = 141,
  /*
   The template shows personal fields, and the data is in clear.
   */
  MIANDAN_STATUS_PERSONAL_TEMPLATE = 142,
  /*
   The journal cannot be read or written, or refuses.
   */
  MIANDAN_STATUS_JOURNAL_FAILED = 150,
  /*
   The journal is in use by another process.
   */
  MIANDAN_STATUS_JOURNAL_IN_USE = 151,
  /*
   It was cancelled.
   */
  MIANDAN_STATUS_CANCELLED = 160,
  /*
   The station is stopping; surely nothing of the label was sent.
   */
  MIANDAN_STATUS_STOPPING = 161,
  /*
   There is nothing more.
   */
  MIANDAN_STATUS_END = 170,
  /*
   Nothing happened within the time.
   */
  MIANDAN_STATUS_NOTHING = 171,
};
#ifndef __cplusplus
typedef int32_t miandan_status;
#endif // __cplusplus

/*
 The steps of a label. The last one is always `SETTLED`.
 */
enum miandan_step
#ifdef __cplusplus
  : int32_t
#endif // __cplusplus
 {
  /*
   It has its running number, and the journal knows of it.
   */
  MIANDAN_STEP_PLANNED = 1,
  /*
   It is made.
   */
  MIANDAN_STEP_MADE = 2,
  /*
   It is being sent.
   */
  MIANDAN_STEP_SENDING = 3,
  /*
   The printer takes nothing; it is tried again.
   */
  MIANDAN_STEP_WAITING = 4,
  /*
   Nothing more becomes of it: the status says what did.
   */
  MIANDAN_STEP_SETTLED = 5,
  /*
   A step that this version of the ABI has no name for.
   */
  MIANDAN_STEP_OTHER = 99,
};
#ifndef __cplusplus
typedef int32_t miandan_step;
#endif // __cplusplus

/*
 Bytes that belong to the caller, who frees them with `miandan_buffer_free`. Behind them is a NUL that the length does not
 count, so a message is a string of C as well.
 */
typedef struct {
  /*
   The first byte; null of nothing.
   */
  const uint8_t *bytes;
  /*
   How many there are.
   */
  size_t length;
} miandan_buffer;

/*
 What came of one order.
 */
typedef struct {
  /*
   The place of the label in the batch, from 1.
   */
  uint32_t index;
  /*
   How many labels the batch has.
   */
  uint32_t count;
  /*
   `MIANDAN_STATUS_OK`, or why there is no label.
   */
  miandan_status status;
  /*
   Warnings about fields that were hidden whole, and the like; each is one that a person should look at.
   */
  uint32_t warnings;
  /*
   The size of the label in bytes, of all of its pages.
   */
  uint64_t bytes;
  /*
   Its pages, where they are handed over one by one; else 0.
   */
  uint32_t pages;
} miandan_label;

/*
 Who is told of each label as it is dealt with, in their order and on the thread that prints the batch. An answer that is not
 0 cancels the batch.
 */
typedef int32_t (*miandan_progress)(void *user, const miandan_label *label);

/*
 What came of a batch.
 */
typedef struct {
  /*
   Labels made.
   */
  uint64_t done;
  /*
   Pages of them all.
   */
  uint64_t pages;
  /*
   Orders without a label.
   */
  uint64_t failed;
  /*
   Labels, of those made, about which a person should know something.
   */
  uint64_t warned;
} miandan_summary;

/*
 Something that happened to a label.
 */
typedef struct {
  /*
   What `miandan_station_print` was given.
   */
  uint64_t tag;
  /*
   Which order of that call it is, from 0.
   */
  uint32_t place;
  /*
   What happened.
   */
  miandan_step step;
  /*
   Of `SETTLED`: `MIANDAN_STATUS_OK` if it was printed, else why not, or `MIANDAN_STATUS_UNCERTAIN` if it may have been.
   */
  miandan_status status;
  /*
   Of `SETTLED`: whether the printer itself said that it was printed; if not, its bytes were taken.
   */
  bool confirmed;
  /*
   Of `MADE`: how many things a person should know about its fields.
   */
  uint32_t warnings;
  /*
   The running number, with a NUL behind it: of `PLANNED`, and of a label that the journal had already. Empty else.
   */
  char number[32];
} miandan_event;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 The version of the library, e.g. `0.1.0`, with a NUL byte behind it. It is never freed.
 */
const char *miandan_version(void);

/*
 Whether this library is the one that a program was compiled for: call it first, with `MIANDAN_ABI`.

 Answers `MIANDAN_STATUS_OK`, or `MIANDAN_STATUS_COMPONENT_VERSION` with a message.

 # Safety
 `message` is null, or a buffer can be written there.
 */
miandan_status miandan_require(uint32_t abi, miandan_buffer *message);

/*
 A batch: orders, the component that opens them, and a template (UTF-8 XML), which is copied. Free it with
 `miandan_batch_free`; the component and the orders may be freed before.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_UNREADABLE` of a file of the component, or
 `MIANDAN_STATUS_BAD_ARGUMENT`.

 # Safety
 At `template_bytes` are `length` bytes; at `batch` and, unless it is null, at `message` can be written.
 */
miandan_status miandan_batch_new(uint64_t component,
                                 uint64_t orders,
                                 const uint8_t *template_bytes,
                                 size_t length,
                                 uint64_t *batch,
                                 miandan_buffer *message);

/*
 Sets something of a batch, for when it is printed next.

 | `name` | `value` |
 |---|---|
 | `now` | what expiry is measured against, in seconds since 1970; the machine's time if nobody says |
 | `printed_at` | when these labels were printed first, in seconds since 1970 |
 | `workers` | how many components work side by side, 1 to 256; one for each processor |
 | `dpi` | 203 or 300, for PDF and pictures |
 | `preview` | `true` to look at labels only: 预览 stands across them |
 | `font` | the path of a font for characters that the bundled typeface lacks; each call adds one |

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_BAD_ARGUMENT`, or `MIANDAN_STATUS_UNREADABLE`.

 # Safety
 Texts are null or end with a NUL; unless it is null, a buffer can be written at `message`.
 */
miandan_status miandan_batch_set(uint64_t batch,
                                 const char *name,
                                 const char *value,
                                 miandan_buffer *message);

/*
 Prints a batch into one PDF, which stands under its name once it is whole. Orders that cannot be printed are left out, and
 told to `progress`, which is called on this thread with `user`; it may be null, and so may `summary`.

 Answers `MIANDAN_STATUS_OK` if the batch came to its end, whatever came of single orders; else what `miandan_component_check`
 answers, the code of the template, `MIANDAN_STATUS_FONT_REFUSED`, `MIANDAN_STATUS_UNREADABLE`, `MIANDAN_STATUS_UNWRITABLE` or
 `MIANDAN_STATUS_CANCELLED`.

 # Safety
 `file` is null or ends with a NUL; `progress` is null or a function that neither throws nor jumps out; unless they are null,
 at `summary` and `message` can be written.
 */
miandan_status miandan_batch_print_pdf(uint64_t batch,
                                       const char *file,
                                       miandan_progress progress,
                                       void *user,
                                       miandan_summary *summary,
                                       miandan_buffer *message);

/*
 Prints a batch into a folder, a file a page that is named by the place of its label: pictures (PNG), or, unless `profile` is
 null, what a printer of that profile is sent. `profile` is the name of one that is shipped, or the path of a TOML file.

 Answers as `miandan_batch_print_pdf`, and `MIANDAN_STATUS_PRINTER_UNKNOWN` or `MIANDAN_STATUS_PRINTER_UNFIT`.

 # Safety
 As of `miandan_batch_print_pdf`; `profile` is null or ends with a NUL.
 */
miandan_status miandan_batch_print_folder(uint64_t batch,
                                          const char *folder,
                                          const char *profile_name,
                                          miandan_progress progress,
                                          void *user,
                                          miandan_summary *summary,
                                          miandan_buffer *message);

/*
 Prints a batch into one file of what a printer is sent, label after label, or into a device file as labels come. No journal
 is kept: who owns a printer prints through a station (`miandan_station_print`).

 Answers as `miandan_batch_print_folder`.

 # Safety
 As of `miandan_batch_print_folder`.
 */
miandan_status miandan_batch_print_file(uint64_t batch,
                                        const char *file,
                                        const char *profile_name,
                                        miandan_progress progress,
                                        void *user,
                                        miandan_summary *summary,
                                        miandan_buffer *message);

/*
 Has the batch end that is being printed at this moment, in whichever thread, and its labels that are handed over one by one;
 they answer `MIANDAN_STATUS_CANCELLED`. A batch that is printed later is not affected.

 Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
 */
miandan_status miandan_batch_cancel(uint64_t batch);

/*
 Frees a batch; what is being printed of it goes on to its end. 0 is nothing.

 Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
 */
miandan_status miandan_batch_free(uint64_t batch);

/*
 Frees what a buffer holds and makes it one of nothing. Null, and a buffer of nothing, are nothing.

 Answers `MIANDAN_STATUS_OK`, or `MIANDAN_STATUS_BAD_HANDLE` where the buffer is not one of this library's, or was freed
 already through a copy.

 # Safety
 `buffer` is null, or a buffer that was written by this library or is all zeros. Nobody reads its bytes any more.
 */
miandan_status miandan_buffer_free(miandan_buffer *buffer);

/*
 The template of a label that is shipped, UTF-8 XML, by its name (`one-part-76x130`). Free it with
 `miandan_buffer_free`.

 Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_ARGUMENT`, with the names that there are.

 # Safety
 `name` is null or ends with a NUL; at `template` and, unless it is null, at `message` can be written.
 */
miandan_status miandan_template(const char *name, miandan_buffer *template_, miandan_buffer *message);

/*
 A component, with no key and no trusted issuer yet. Free it with `miandan_component_free`.

 `program` is its path, or `unix:` and the socket of a service, which then has files of its own. With null it is what the
 variable `MIANDAN_COMPONENT` says, else the program `miandan-component` beside this library, beside the running program, or
 in the folder that was fixed when this library was built. It is never looked for on `PATH`.

 Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_COMPONENT_MISSING`.

 # Safety
 Texts are null or end with a NUL; at `component` and, unless it is null, at `message` can be written.
 */
miandan_status miandan_component_new(const char *program,
                                     uint64_t *component,
                                     miandan_buffer *message);

/*
 Sets something of a component. What is already printed with it goes on as it was.

 | `name` | `value` |
 |---|---|
 | `key` | the path of a key file; each call adds one, the current key first |
 | `trust` | the path of an issuer's public file or of a trust list; each call adds one |
 | `status_list` | the path of a signed list of withdrawn authorisations; each call adds one |
 | `status_policy` | what a list that is missing or too old means: `off`, `warn`, `required` |
 | `carrier_list` | the path of a signed list of carriers' keys; each call adds one |
 | `courier_token` | whether couriers' tokens are signed: `true`, `false` |
 | `passphrase_file` | the path of a file with the passphrase of the keys |
 | `state` | where what the component remembers is kept; beside the first key if nobody says |

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_BAD_ARGUMENT`. Files are looked at when something
 is printed.

 # Safety
 Texts are null or end with a NUL; unless it is null, a buffer can be written at `message`.
 */
miandan_status miandan_component_set(uint64_t component,
                                     const char *name,
                                     const char *value,
                                     miandan_buffer *message);

/*
 Starts the component, has it lock itself, and ends it: whether everything is there, before the first order comes.

 `station` gets the id of the station whose key was read, `sandbox` a word: `full` where every layer of the sandbox is on,
 `reduced` where only the mandatory ones are. Either may be null.

 Answers `MIANDAN_STATUS_OK`, the code with which it refused to start (`UNKNOWN_KEY`, `SANDBOX_UNAVAILABLE`, `TRACED` …),
 `MIANDAN_STATUS_COMPONENT_MISSING`, `MIANDAN_STATUS_COMPONENT_VERSION`, `MIANDAN_STATUS_COMPONENT_FAILED`,
 `MIANDAN_STATUS_SERVICE_UNREACHABLE`, `MIANDAN_STATUS_UNREADABLE` or `MIANDAN_STATUS_BAD_HANDLE`.

 # Safety
 Unless they are null, buffers can be written at `station`, `sandbox` and `message`.
 */
miandan_status miandan_component_check(uint64_t component,
                                       miandan_buffer *station,
                                       miandan_buffer *sandbox,
                                       miandan_buffer *message);

/*
 Frees a component. What is printed with it goes on. 0 is nothing.

 Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
 */
miandan_status miandan_component_free(uint64_t component);

/*
 Begins to print a batch whose labels are handed over one by one: as pictures (PNG), or, unless `profile` is null, as what a
 printer of that profile is sent. Components work ahead by a few labels. Free it with `miandan_labels_free`.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_PRINTER_UNKNOWN` or
 `MIANDAN_STATUS_COMPONENT_FAILED`. What else may happen is answered by `miandan_labels_next`.

 # Safety
 `profile` is null or ends with a NUL; at `labels` and, unless it is null, at `message` can be written.
 */
miandan_status miandan_labels_start(uint64_t batch,
                                    const char *profile_name,
                                    uint64_t *labels,
                                    miandan_buffer *message);

/*
 Waits for the next label, in the order of the orders. An order that cannot be printed is a label too, without pages and with
 a status that says why. The pages of the label before it are gone then.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_END` after the last one, or what ended the batch, as
 `miandan_batch_print_pdf`.

 # Safety
 At `label` and, unless it is null, at `message` can be written.
 */
miandan_status miandan_labels_next(uint64_t labels,
                                   miandan_label *label,
                                   miandan_buffer *message);

/*
 Hands over a page, from 0, of the label that was taken last. Each is handed over once. Free it with
 `miandan_buffer_free`.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE` or `MIANDAN_STATUS_BAD_ARGUMENT`.

 # Safety
 At `bytes` and, unless it is null, at `message` can be written.
 */
miandan_status miandan_labels_page(uint64_t labels, uint32_t page, miandan_buffer *bytes, miandan_buffer *message);

/*
 Frees labels, and cancels their batch if there are more. 0 is nothing.

 Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
 */
miandan_status miandan_labels_free(uint64_t labels);

/*
 Finds the sealed orders of a file, one JSON object a line. Of each its place in the file is kept and nothing else; the file
 must stay as it is. Free it with `miandan_orders_free`.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_UNREADABLE` or `MIANDAN_STATUS_NO_ORDERS`.

 # Safety
 `file` is null or ends with a NUL; at `orders` and, unless it is null, at `message` can be written.
 */
miandan_status miandan_orders_open(const char *file,
                                   uint64_t *orders,
                                   miandan_buffer *message);

/*
 Takes sealed orders from memory, one JSON object a line. They are put aside in a temporary file without a name, still
 sealed. Free it with `miandan_orders_free`.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_NO_ORDERS`, `MIANDAN_STATUS_UNWRITABLE` or `MIANDAN_STATUS_BAD_ARGUMENT`.

 # Safety
 At `lines` are `length` bytes; at `orders` and, unless it is null, at `message` can be written.
 */
miandan_status miandan_orders_read(const uint8_t *lines, size_t length, uint64_t *orders, miandan_buffer *message);

/*
 How many orders there are.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE` or `MIANDAN_STATUS_BAD_ARGUMENT`.

 # Safety
 Unless it is null, a number can be written at `count`.
 */
miandan_status miandan_orders_count(uint64_t orders, uint64_t *count);

/*
 Frees orders. Batches that are made of them keep them. 0 is nothing.

 Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
 */
miandan_status miandan_orders_free(uint64_t orders);

/*
 A station that opens a journal, a file that is made if it is not there, and has no printers yet. Free it with
 `miandan_station_free`.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_JOURNAL_FAILED`, `MIANDAN_STATUS_JOURNAL_IN_USE`, `MIANDAN_STATUS_UNREADABLE` of a
 file of the component, or `MIANDAN_STATUS_BAD_HANDLE`.

 # Safety
 `journal` is null or ends with a NUL; at `station` and, unless it is null, at `message` can be written.
 */
miandan_status miandan_station_new(uint64_t component,
                                   const char *journal,
                                   uint64_t *station,
                                   miandan_buffer *message);

/*
 Adds a printer before the station is started: what it is called, where it is (`socket://192.0.2.7`, `ipp://…`, `usb:…`,
 `file:…`), and its profile, the name of one that is shipped or the path of a TOML file.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_PRINTER_UNKNOWN`, `MIANDAN_STATUS_UNREADABLE`, `MIANDAN_STATUS_BAD_HANDLE` or
 `MIANDAN_STATUS_BAD_ARGUMENT`.

 # Safety
 Texts are null or end with a NUL; unless it is null, a buffer can be written at `message`.
 */
miandan_status miandan_station_add_printer(uint64_t station,
                                           const char *name,
                                           const char *uri,
                                           const char *profile_name,
                                           miandan_buffer *message);

/*
 Sets something of a station before it is started.

 | `name` | `value` |
 |---|---|
 | `components` | how many components are kept warm, 1 to 256; one for each processor |
 | `patience` | how long a label waits for its printer, in seconds; 600 |
 | `most_waiting` | labels that may wait for all printers together; 20000 |
 | `keep` | orders that stay in memory, sealed, so that a person can print them again; 2000 |

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_HANDLE` or `MIANDAN_STATUS_BAD_ARGUMENT`.

 # Safety
 Texts are null or end with a NUL; unless it is null, a buffer can be written at `message`.
 */
miandan_status miandan_station_set(uint64_t station, const char *name, const char *value, miandan_buffer *message);

/*
 Starts the station, and answers when its first component is locked.

 Answers as `miandan_component_check`, and the statuses of the journal.

 # Safety
 Unless it is null, a buffer can be written at `message`.
 */
miandan_status miandan_station_start(uint64_t station, miandan_buffer *message);

/*
 Prints sealed orders on a printer, in their order, behind what waits for it. Answers when the journal has them, and does not
 wait for the printer: what becomes of each label is told by `miandan_station_next`, with `tag`. What the journal has
 already is told as `MIANDAN_STATUS_DUPLICATE` and not printed.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_PRINTER_UNKNOWN`, `MIANDAN_STATUS_BUSY`, `MIANDAN_STATUS_STOPPING`,
 `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_BAD_ARGUMENT` or those of the journal; then nothing is printed or told.

 # Safety
 `printer` is null or ends with a NUL; at `template_bytes` are `length` bytes; unless it is null, a buffer can be written at
 `message`.
 */
miandan_status miandan_station_print(uint64_t station,
                                     const char *printer,
                                     uint64_t orders,
                                     const uint8_t *template_bytes,
                                     size_t length,
                                     uint64_t tag,
                                     miandan_buffer *message);

/*
 Waits for something to happen to a label, for so many milliseconds at most. Several threads may wait; each event goes to one
 of them. A message says more about a label that waits or failed.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_NOTHING` if nothing happened, `MIANDAN_STATUS_BAD_HANDLE` or
 `MIANDAN_STATUS_BAD_ARGUMENT`.

 # Safety
 At `event` and, unless it is null, at `message` can be written.
 */
miandan_status miandan_station_next(uint64_t station,
                                    uint32_t milliseconds,
                                    miandan_event *event,
                                    miandan_buffer *message);

/*
 Has a printer get no labels after the one that it is being sent (`hold` is true), or get them again: somebody has looked.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_PRINTER_UNKNOWN`, `MIANDAN_STATUS_BAD_HANDLE` or `MIANDAN_STATUS_BAD_ARGUMENT`.

 # Safety
 `printer` is null or ends with a NUL; unless it is null, a buffer can be written at `message`.
 */
miandan_status miandan_station_hold(uint64_t station,
                                    const char *printer,
                                    bool hold,
                                    miandan_buffer *message);

/*
 Prints a label again, with its mark (补打), on a printer, or where it was sent before if `printer` is null. The journal keeps
 `reason` and `operator`, neither of which may be empty. `copy` gets which copy it is, and may be null.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_LABEL_UNKNOWN`, `MIANDAN_STATUS_ORDER_GONE`, `MIANDAN_STATUS_IN_FLIGHT`,
 `MIANDAN_STATUS_PRINTER_UNKNOWN`, `MIANDAN_STATUS_STOPPING`, `MIANDAN_STATUS_BAD_HANDLE`, `MIANDAN_STATUS_BAD_ARGUMENT` or those
 of the journal.

 # Safety
 Texts are null or end with a NUL; unless they are null, at `copy` and `message` can be written.
 */
miandan_status miandan_station_reprint(uint64_t station,
                                       const char *running_number,
                                       const char *printer,
                                       const char *reason,
                                       const char *operator_name,
                                       uint32_t *copy,
                                       miandan_buffer *message);

/*
 A person has looked, and says of a label that may have been printed whether it was.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_LABEL_UNKNOWN`, `MIANDAN_STATUS_NO_DOUBT`, `MIANDAN_STATUS_BAD_HANDLE`,
 `MIANDAN_STATUS_BAD_ARGUMENT` or those of the journal.

 # Safety
 Texts are null or end with a NUL; unless it is null, a buffer can be written at `message`.
 */
miandan_status miandan_station_settle(uint64_t station,
                                      const char *running_number,
                                      bool printed,
                                      const char *reason,
                                      const char *operator_name,
                                      miandan_buffer *message);

/*
 Goes on after a jam: the label of this number is the last good one that came out of a printer. Those up to it that may have
 been printed were, those after it are printed again with a mark, and the printer gets labels again. `reprinted` gets how
 many are, `gone` of how many the order is not in memory any more; both may be null.

 Answers as `miandan_station_reprint`.

 # Safety
 Texts are null or end with a NUL; unless they are null, at `reprinted`, `gone` and `message` can be written.
 */
miandan_status miandan_station_resume(uint64_t station,
                                      const char *printer,
                                      const char *last_good,
                                      const char *reason,
                                      const char *operator_name,
                                      uint32_t *reprinted,
                                      uint32_t *gone,
                                      miandan_buffer *message);

/*
 Takes no more labels, finishes those in flight, and tells of all others that nothing becomes of them. Answers when that is
 done; after so many milliseconds not even those in flight are waited for, and they are `MIANDAN_STATUS_UNCERTAIN`. Events can
 be read afterwards.

 Answers `MIANDAN_STATUS_OK`, `MIANDAN_STATUS_BAD_ARGUMENT` of one that was not started, or `MIANDAN_STATUS_BAD_HANDLE`.

 # Safety
 Unless it is null, a buffer can be written at `message`.
 */
miandan_status miandan_station_stop(uint64_t station,
                                    uint32_t milliseconds,
                                    miandan_buffer *message);

/*
 Frees a station, and stops it first if nobody has, with 30 seconds for the labels in flight. 0 is nothing.

 Answers `MIANDAN_STATUS_OK` or `MIANDAN_STATUS_BAD_HANDLE`.
 */
miandan_status miandan_station_free(uint64_t station);

/*
 The name of a status, e.g. `UNKNOWN_KEY`: it never changes and is never translated. Null of a number that is none. It is
 never freed.
 */
const char *miandan_status_name(int32_t status);

/*
 What a status means, for people: in Chinese (`chinese` is not 0) or in English. Null of a number that is none. It is never
 freed.
 */
const char *miandan_status_meaning(int32_t status,
                                   int32_t chinese);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MIANDAN_H */
