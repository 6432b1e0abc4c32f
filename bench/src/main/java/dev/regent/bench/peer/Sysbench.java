package dev.regent.bench.peer;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import dev.regent.lab.machine.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients of one kind of work, as many as are asked for, by {@code sysbench}. */
final class Sysbench {
  private static final String TOOL = "sysbench";
  private static final String USER = "bench";
  private static final String SCHEMA = "bench";
  private static final int ROWS = 10_000;

  /** With the password, which is nobody's business who lists processes. */
  private final Path options;

  private Sysbench(Path options) {
    this.options = options;
  }

  /** What the clients do. */
  enum Work {
    POINT_SELECT("oltp_point_select"),
    READ_ONLY("oltp_read_only"),
    READ_WRITE("oltp_read_write");

    private final String script;

    Work(String script) {
      this.script = script;
    }

    String words() {
      return script.substring("oltp_".length());
    }
  }

  /**
   * What one run found.
   *
   * @param queries all of them, also {@code BEGIN} and {@code COMMIT}
   * @param p99 of an event, in milliseconds: a query of point_select, a transaction of the others
   * @param troubles errors that it went on after, and connections that it made again
   */
  record Outcome(long queries, double perSecond, double p99, long troubles) {}

  /** Why it cannot be used here; empty if it can. */
  static List<String> missing() {
    return Tools.find(TOOL).isPresent()
        ? List.of()
        : List.of(TOOL + " is not installed (Debian: apt-get install sysbench)");
  }

  /**
   * Makes an account, a schema and its rows at the primary.
   *
   * @param folder for its file
   */
  static Sysbench prepare(LabServer primary, Path folder) throws IOException {
    byte[] chance = new byte[16];
    new SecureRandom().nextBytes(chance);
    String password = HexFormat.of().formatHex(chance);
    Path options = folder.resolve(TOOL + ".cnf");
    LabFolders.writePrivate(options, "mysql-password=" + password + "\n");
    Sysbench sysbench = new Sysbench(options);
    primary.execute(
        "CREATE DATABASE " + SCHEMA,
        "CREATE USER " + USER + "@'%' IDENTIFIED BY '" + password + "'",
        "GRANT ALL ON " + SCHEMA + ".* TO " + USER + "@'%'");
    sysbench.run(Work.POINT_SELECT, primary.port(), List.of(), "prepare");
    return sysbench;
  }

  /** Ends when the time is over, and a little later where answers are slow. */
  Outcome run(Work work, int port, int threads, int seconds) {
    String said =
        run(
            work,
            port,
            List.of("--threads=" + threads, "--time=" + seconds, "--percentile=99"),
            "run");
    return outcome(said);
  }

  private String run(Work work, int port, List<String> more, String verb) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Tools.path(TOOL),
                "--config-file=" + options,
                "--db-driver=mysql",
                "--mysql-host=127.0.0.1",
                "--mysql-port=" + port,
                "--mysql-user=" + USER,
                "--mysql-db=" + SCHEMA,
                "--mysql-ssl=off",
                "--rand-type=uniform",
                "--table-size=" + ROWS));
    words.addAll(more);
    words.add(work.script);
    words.add(verb);
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new LabException(
            "%s %s %s failed. It said:%n%s".formatted(TOOL, work.script, verb, said.strip()));
      }
      return said;
    } catch (IOException e) {
      throw new LabException("Cannot run " + TOOL + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("Interrupted while " + TOOL + " ran", e);
    }
  }

  static Outcome outcome(String said) {
    return new Outcome(
        (long) number(said, "queries: +(\\d+) "),
        number(said, "queries: +\\d+ +\\(([\\d.]+) per sec"),
        number(said, "99th percentile: +([\\d.]+)"),
        (long) (number(said, "ignored errors: +(\\d+)") + number(said, "reconnects: +(\\d+)")));
  }

  private static double number(String said, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(said);
    if (!matcher.find()) {
      throw new LabException("%s did not say \"%s\":%n%s".formatted(TOOL, pattern, said.strip()));
    }
    return Double.parseDouble(matcher.group(1));
  }
}
