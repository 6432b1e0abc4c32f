package dev.regent.bench.measure;

import dev.regent.lab.machine.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Java process holds, once its garbage is collected.
 *
 * @param heapBytes of objects that are reachable
 * @param residentBytes of the whole process
 * @param files descriptors that are open, sockets among them
 * @param threads of the kernel's
 */
public record JavaMeter(long heapBytes, long residentBytes, int files, int threads) {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  /** Collects its garbage first: what is asked for is a histogram of what is reachable. */
  public static JavaMeter of(long pid) throws IOException {
    String said =
        Tools.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                "" + pid,
                "GC.class_histogram"));
    Matcher total = TOTAL.matcher(said);
    if (!total.find()) {
      throw new IOException("jcmd " + pid + " GC.class_histogram told no total: " + said.strip());
    }
    double resident = ProcessMeter.of(pid).residentMegabytes();
    return new JavaMeter(
        Long.parseLong(total.group(1)),
        (long) (resident * 1024 * 1024),
        count(pid, "fd"),
        count(pid, "task"));
  }

  private static int count(long pid, String what) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), what))) {
      return (int) all.count();
    }
  }
}
