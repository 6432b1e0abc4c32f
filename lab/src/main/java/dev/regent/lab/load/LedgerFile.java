package dev.regent.lab.load;

import dev.regent.lab.load.Write.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes as a file of tab-separated lines beneath one with the names of the columns. */
public final class LedgerFile {
  private static final String TITLES =
      "id\tclient\tseq\tstarted_nanos\tended_nanos\toutcome\tserver\terror";
  private static final int COLUMNS = 8;

  private LedgerFile() {}

  public static void write(Path file, List<Write> writes) throws IOException {
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      out.println(TITLES);
      for (Write w : writes) {
        out.printf(
            "%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s%n",
            w.id(),
            w.client(),
            w.seq(),
            w.startedNanos(),
            w.endedNanos(),
            w.outcome(),
            w.server(),
            w.error().replaceAll("\\s+", " "));
      }
      if (out.checkError()) {
        throw new IOException("cannot write all of " + file);
      }
    }
  }

  public static List<Write> read(Path file) throws IOException {
    List<Write> writes = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split("\t", COLUMNS);
      writes.add(
          new Write(
              Long.parseLong(fields[0]),
              Integer.parseInt(fields[1]),
              Integer.parseInt(fields[2]),
              Long.parseLong(fields[3]),
              Long.parseLong(fields[4]),
              Outcome.valueOf(fields[5]),
              fields[6],
              fields[7]));
    }
    return writes;
  }
}
