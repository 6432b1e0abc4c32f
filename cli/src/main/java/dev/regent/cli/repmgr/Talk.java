package dev.regent.cli.repmgr;

import dev.regent.cli.flags.Request;
import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.control.Event;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Messages as the old tool had them: time, level, words; what happens on standard output, what went
 * wrong on standard error, and all of it in the log file.
 */
final class Talk implements AutoCloseable {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");

  /** Where messages go. */
  interface Sink {
    void say(Severity level, String words);
  }

  private final Sink sink;
  private final boolean verbose;
  private final Optional<PrintStream> file;

  Talk(PrintStream out, PrintStream err, Request.Place place) throws IOException {
    this(
        place,
        (level, words) ->
            (level.compareTo(Severity.WARNING) < 0 ? out : err).println(line(level, words)),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** One of several in the same process: the log file keeps what the others said. */
  Talk(Request.Place place, Sink sink) throws IOException {
    this(place, sink, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private Talk(Request.Place place, Sink sink, OpenOption... options) throws IOException {
    this.sink = sink;
    this.verbose = place.verbose();
    Optional<Path> log = place.log();
    this.file =
        log.isPresent()
            ? Optional.of(
                new PrintStream(
                    Files.newOutputStream(log.get(), options), true, StandardCharsets.UTF_8))
            : Optional.empty();
  }

  void info(String words) {
    say(Severity.NOTICE, words);
  }

  void warn(String words) {
    say(Severity.WARNING, words);
  }

  void error(String words) {
    say(Severity.CRITICAL, words);
  }

  void debug(String words) {
    if (verbose) {
      say(Severity.OK, words);
    }
  }

  private synchronized void say(Severity level, String words) {
    sink.say(level, words);
    file.ifPresent(f -> f.println(line(level, words)));
  }

  /** As the old tool had it. */
  private static String line(Severity level, String words) {
    String name =
        switch (level) {
          case OK -> "DEBUG";
          case NOTICE -> "INFO ";
          case WARNING -> "WARN ";
          case CRITICAL -> "ERROR";
        };
    return LocalDateTime.now(ZoneId.systemDefault()).format(TIME) + " " + name + " : " + words;
  }

  /** What the controller tells: the course of the act; the rest only to who wants to know all. */
  void tell(Event event) {
    String words = event.sentence();
    switch (event) {
      case Event.PlanOpened e -> info(words);
      case Event.Noted e -> info(words);
      case Event.StepsSent e -> debug(words);
      case Event.StepEnded e -> {
        if (e.outcome().equals("done")) {
          debug(words);
        } else {
          warn(words);
        }
      }
      case Event.Trouble e -> error(words);
      default -> debug(words);
    }
  }

  @Override
  public void close() {
    file.ifPresent(PrintStream::close);
  }
}
