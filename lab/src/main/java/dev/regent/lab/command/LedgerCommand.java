package dev.regent.lab.command;

import dev.regent.lab.daemon.PrimaryFeed;
import dev.regent.lab.load.Endpoint;
import dev.regent.lab.load.Ledger;
import dev.regent.lab.load.LedgerFile;
import dev.regent.lab.load.LedgerOptions;
import dev.regent.lab.load.LedgerReport;
import dev.regent.lab.load.Proxied;
import dev.regent.lab.machine.LabException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A {@link Ledger} as a process of its own, steered by lines on standard input, so that a benchmark
 * does not share a virtual machine with its load.
 */
@Command(
    name = "ledger",
    description = {
      "Write rows to the current primary and keep account of every answer.",
      "Reads lines: HOST:PORT is the primary from now on; - there is none;",
      "report FILE pauses the clients and writes down what is new since the last report;",
      "go lets them write again; stop ends the writing;",
      "then, check HOST:PORT compares with what that server holds."
    })
public final class LedgerCommand implements Callable<Integer> {
  private static final String REPORT = "report ";
  private static final Duration CONNECT = Duration.ofSeconds(2);

  @Option(
      names = "--user",
      paramLabel = "USER",
      defaultValue = "app",
      description = "Default: ${DEFAULT-VALUE}.")
  private String user = "app";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      required = true,
      description = "Its password.")
  private Path passwordFile = Path.of("");

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "4",
      description = "Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "Writes per second of all clients; 0: no limit (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--first-client",
      paramLabel = "N",
      defaultValue = "1",
      description = "Number of the first client, to keep several ledgers apart.")
  private int firstClient;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "How long a client waits for an answer (default: ${DEFAULT-VALUE}).")
  private double patience = 20;

  @Option(
      names = "--daemon-socket",
      paramLabel = "PATH",
      description = "Follow the primary that this daemon tells, instead of standard input.")
  private @Nullable Path daemonSocket;

  @Option(
      names = "--proxied",
      paramLabel = "N",
      description = "So many of the clients know nothing but --proxy (default: none).")
  private int proxied;

  @Option(
      names = "--proxy",
      paramLabel = "HOST:PORT",
      description = "Where a proxy listens; several by turns.")
  private List<String> proxy = List.of();

  @Option(names = "--output", paramLabel = "FILE", description = "Every write, tab-separated.")
  private @Nullable Path output;

  @Spec private @Nullable CommandSpec spec;

  private final AtomicReference<Optional<Endpoint>> primary =
      new AtomicReference<>(Optional.empty());

  @Override
  public Integer call() throws IOException {
    LedgerOptions options = options();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Feed feed = feed();
        Ledger ledger = Ledger.start(options, feed, proxied(options))) {
      for (String line = lines.readLine();
          line != null && !line.strip().equals("stop");
          line = lines.readLine()) {
        steer(line.strip(), ledger);
      }
      LedgerReport report = ledger.stop();
      write(report);
      say(report.summary());
      check(lines, report, options);
    }
    return 0;
  }

  private Proxied proxied(LedgerOptions options) {
    if (proxied < 0 || proxied > options.clients() || (proxied > 0 && proxy.isEmpty())) {
      throw new LabException(
          "--proxied is %d: 0 to %d clients, and where the proxy listens: --proxy HOST:PORT"
              .formatted(proxied, options.clients()));
    }
    try {
      return new Proxied(proxied, proxy.stream().map(Endpoint::parse).toList());
    } catch (IllegalArgumentException e) {
      throw new LabException("--proxy: " + e.getMessage(), e);
    }
  }

  private LedgerOptions options() {
    try {
      return LedgerOptions.of(user, Files.readString(passwordFile).strip(), clients, rate)
          .withFirstClient(firstClient)
          .withTimeouts(CONNECT, Duration.ofMillis((long) (patience * 1000)));
    } catch (IOException e) {
      throw new LabException("Cannot read --password-file: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new LabException("Cannot write like that: " + e.getMessage(), e);
    }
  }

  /** Who the primary is: what the daemon says, or what standard input said last. */
  private interface Feed extends Supplier<Optional<Endpoint>>, AutoCloseable {
    @Override
    void close();
  }

  private Feed feed() {
    if (daemonSocket == null) {
      return new Steered(primary::get);
    }
    return new Followed(new PrimaryFeed(daemonSocket));
  }

  private record Steered(Supplier<Optional<Endpoint>> primary) implements Feed {
    @Override
    public Optional<Endpoint> get() {
      return primary.get();
    }

    @Override
    public void close() {}
  }

  private record Followed(PrimaryFeed feed) implements Feed {
    @Override
    public Optional<Endpoint> get() {
      return feed.get();
    }

    @Override
    public void close() {
      feed.close();
    }
  }

  private void steer(String line, Ledger ledger) throws IOException {
    if (line.startsWith(REPORT)) {
      report(ledger, Path.of(line.substring(REPORT.length())));
      return;
    }
    if (line.equals("go")) {
      ledger.resume();
      say("writing");
      return;
    }
    try {
      primary.set(line.equals("-") ? Optional.empty() : Optional.of(Endpoint.parse(line)));
    } catch (IllegalArgumentException e) {
      throw new LabException(
          "Do not understand: " + e.getMessage() + ", -, report FILE, go, or stop", e);
    }
  }

  /** The file is complete when the answer is read. */
  private void report(Ledger ledger, Path file) throws IOException {
    int busy = ledger.pause();
    LedgerReport news = ledger.reportNews();
    LedgerFile.write(file, news.writes());
    say(news.summary() + (busy == 0 ? "" : "; clients still at a write: " + busy));
  }

  private void check(BufferedReader lines, LedgerReport report, LedgerOptions options)
      throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.strip().split(" ");
      if (words.length != 2 || !words[0].equals("check")) {
        throw new LabException("Do not understand after the stop: " + line);
      }
      say(compare(Endpoint.parse(words[1]), report, options));
    }
  }

  private static String compare(Endpoint server, LedgerReport report, LedgerOptions options) {
    String url =
        "jdbc:mariadb://%s/?sslMode=disable&connectTimeout=%d&socketTimeout=%d"
            .formatted(
                server, options.connectTimeout().toMillis(), options.answerTimeout().toMillis());
    try (Connection connection =
        DriverManager.getConnection(url, options.user(), options.password())) {
      LedgerReport.Verdict verdict = report.against(connection);
      return "%s: %d acknowledged, %d lost; unknown: %d present, %d absent; %d failed but present"
          .formatted(
              server,
              verdict.acknowledged(),
              verdict.lost().size(),
              verdict.unknownPresent().size(),
              verdict.unknownAbsent().size(),
              verdict.failedPresent().size());
    } catch (SQLException e) {
      throw new LabException("Cannot compare with %s: %s".formatted(server, e.getMessage()), e);
    }
  }

  private void write(LedgerReport report) throws IOException {
    if (output != null) {
      LedgerFile.write(output, report.writes());
    }
  }

  private void say(String text) {
    PrintWriter out = Objects.requireNonNull(spec, "used before picocli").commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
