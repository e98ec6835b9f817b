import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Prints a batch of sealed orders from Java, through the C ABI by JNA, and then takes its labels one by one:
 *
 * <pre>
 * javac -cp jna.jar PrintABatch.java
 * java -cp jna.jar:. -Djna.library.path=/usr/lib PrintABatch orders.sealed.jsonl station.key issuer.key.pub labels.pdf
 * </pre>
 *
 * The program holds sealed orders and finished labels. It has no key and could not use one.
 */
public final class PrintABatch {
  /** The functions of miandan.h that are used here. */
  public interface Miandan extends Library {
    int ABI = 1;
    int OK = 0;
    int END = 170;

    int miandan_require(int abi, Buffer message);

    String miandan_status_name(int status);

    int miandan_component_new(String program, LongByReference component, Buffer message);

    int miandan_component_set(long component, String name, String value, Buffer message);

    int miandan_component_free(long component);

    int miandan_orders_open(String file, LongByReference orders, Buffer message);

    int miandan_orders_free(long orders);

    int miandan_template(String name, Buffer template, Buffer message);

    int miandan_batch_new(
        long component, long orders, Pointer template, long length, LongByReference batch, Buffer message);

    int miandan_batch_print_pdf(
        long batch, String file, Progress progress, Pointer user, Summary summary, Buffer message);

    int miandan_batch_free(long batch);

    int miandan_labels_start(long batch, String profile, LongByReference labels, Buffer message);

    int miandan_labels_next(long labels, Label label, Buffer message);

    int miandan_labels_page(long labels, int page, Buffer bytes, Buffer message);

    int miandan_labels_free(long labels);

    int miandan_buffer_free(Buffer buffer);
  }

  /** Called for each label, on the thread that prints. */
  public interface Progress extends Callback {
    int label(Pointer user, Label label);
  }

  /** miandan_buffer. */
  @Structure.FieldOrder({"bytes", "length"})
  public static final class Buffer extends Structure {
    public Pointer bytes;
    public long length;

    byte[] take(Miandan miandan) {
      byte[] copy = bytes == null ? new byte[0] : bytes.getByteArray(0, (int) length);
      miandan.miandan_buffer_free(this);
      return copy;
    }
  }

  /** miandan_label. */
  @Structure.FieldOrder({"index", "count", "status", "warnings", "bytes", "pages"})
  public static final class Label extends Structure {
    public int index;
    public int count;
    public int status;
    public int warnings;
    public long bytes;
    public int pages;
  }

  /** miandan_summary. */
  @Structure.FieldOrder({"done", "pages", "failed", "warned"})
  public static final class Summary extends Structure {
    public long done;
    public long pages;
    public long failed;
    public long warned;
  }

  private final Miandan miandan =
      Native.load("miandan", Miandan.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
  private final Buffer message = new Buffer();

  /** A status that is not 0 becomes an exception with the sentence that came with it. */
  private void check(int status) {
    if (status != Miandan.OK) {
      String said = new String(message.take(miandan), StandardCharsets.UTF_8);
      throw new IllegalStateException(miandan.miandan_status_name(status) + ": " + said);
    }
  }

  private void run(String orderFile, String key, String issuer, Path pdf) throws Exception {
    check(miandan.miandan_require(Miandan.ABI, message));
    LongByReference component = new LongByReference();
    LongByReference orders = new LongByReference();
    LongByReference batch = new LongByReference();
    Buffer template = new Buffer();
    try {
      check(miandan.miandan_component_new(null, component, message));
      check(miandan.miandan_component_set(component.getValue(), "key", key, message));
      check(miandan.miandan_component_set(component.getValue(), "trust", issuer, message));
      check(miandan.miandan_orders_open(orderFile, orders, message));
      check(miandan.miandan_template("one-part-76x130", template, message));
      check(
          miandan.miandan_batch_new(
              component.getValue(), orders.getValue(), template.bytes, template.length, batch, message));
      Progress progress =
          (user, label) -> {
            if (label.status != Miandan.OK) {
              System.err.println("no. " + label.index + ": " + miandan.miandan_status_name(label.status));
            }
            return 0;
          };
      Summary summary = new Summary();
      check(miandan.miandan_batch_print_pdf(batch.getValue(), pdf.toString(), progress, null, summary, message));
      System.out.println(summary.done + " labels, " + summary.failed + " orders failed");
      System.out.println(pictures(batch.getValue(), pdf) + " pictures");
    } finally {
      miandan.miandan_batch_free(batch.getValue());
      miandan.miandan_orders_free(orders.getValue());
      miandan.miandan_component_free(component.getValue());
      miandan.miandan_buffer_free(template);
    }
  }

  /** Takes the labels one by one, and keeps the picture of the first. */
  private int pictures(long batch, Path pdf) throws Exception {
    LongByReference labels = new LongByReference();
    check(miandan.miandan_labels_start(batch, null, labels, message));
    try {
      Label label = new Label();
      int taken = 0;
      while (true) {
        int status = miandan.miandan_labels_next(labels.getValue(), label, message);
        if (status == Miandan.END) {
          message.take(miandan);
          return taken;
        }
        check(status);
        if (label.pages > 0) {
          Buffer page = new Buffer();
          check(miandan.miandan_labels_page(labels.getValue(), 0, page, message));
          byte[] png = page.take(miandan);
          if (taken == 0) {
            Files.write(pdf.resolveSibling("first.png"), png);
          }
          taken++;
        }
      }
    } finally {
      miandan.miandan_labels_free(labels.getValue());
    }
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 4) {
      System.err.println("usage: PrintABatch ORDERS KEY ISSUER.pub LABELS.pdf");
      System.exit(2);
    }
    try {
      new PrintABatch().run(arguments[0], arguments[1], arguments[2], Path.of(arguments[3]));
    } catch (IllegalStateException error) {
      System.err.println("error: " + error.getMessage());
      System.exit(1);
    }
  }
}
