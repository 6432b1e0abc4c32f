package dev.regent.lab.arena;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code regent lab ledger} as a process of its own: clients that follow the primary by the
 * daemon's socket and keep account of every answer. The process ends with its standard input, so it
 * never outlives this one.
 */
public final class Writers implements AutoCloseable {
  private static final Duration END_WITHIN = Duration.ofSeconds(30);

  private static final Pattern ACCOUNT =
      Pattern.compile(
          "(\\d+) acknowledged, (\\d+) lost; unknown: (\\d+) present, (\\d+) absent;"
              + " (\\d+) failed but present");

  private static final Pattern BUSY = Pattern.compile("clients still at a write: (\\d+)");

  private final Arena arena;
  private final Process process;
  private final BufferedReader said;
  private final Path output;

  /**
   * What one server holds against what the clients were told.
   *
   * @param lost acknowledged, and not there
   * @param failedPresent refused, and there all the same
   */
  public record Account(
      int acknowledged, int lost, int unknownPresent, int unknownAbsent, int failedPresent) {}

  /**
   * What came of the writes since the last report.
   *
   * @param busy clients whose write was still under way when we gave up waiting for them; it is in
   *     no report yet
   */
  public record News(Written written, int busy) {}

  private Writers(Arena arena, Process process, Path output) {
    this.arena = arena;
    this.process = process;
    this.said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.output = output;
  }

  /** Starts to write; the files lie in the cluster's folder and die with it. */
  public static Writers start(Arena arena, Load load) throws IOException {
    Path folder = arena.cluster().folder();
    Path password = folder.resolve("app-password");
    LabFolders.writePrivate(password, arena.cluster().accounts().app().password());
    Path output = folder.resolve("written-" + load.firstClient() + ".tsv");
    Process process =
        new ProcessBuilder(command(arena, load, password, output))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new Writers(arena, process, output);
  }

  private static List<String> command(Arena arena, Load load, Path password, Path output) {
    List<String> command = new ArrayList<>();
    arena.cluster().net().ifPresent(net -> command.addAll(net.clients().enter()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx192m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.regent.lab.Main", "lab", "ledger"));
    command.addAll(List.of("--daemon-socket", arena.daemon().socket().toString()));
    command.addAll(List.of("--password-file", password.toString()));
    command.addAll(List.of("--clients", "" + load.clients()));
    command.addAll(List.of("--rate", "" + load.ratePerSecond()));
    command.addAll(List.of("--first-client", "" + load.firstClient()));
    command.addAll(List.of("--patience", "" + load.patience().toMillis() / 1000.0));
    command.addAll(List.of("--proxied", "" + load.proxied().clients()));
    load.proxied().ports().forEach(p -> command.addAll(List.of("--proxy", p.toString())));
    command.addAll(List.of("--output", output.toString()));
    return command;
  }

  /** Pauses the clients and reads back every answer that is new. */
  public News pause() throws IOException {
    String answer = ask("report " + output);
    Matcher busy = BUSY.matcher(answer);
    return new News(Written.read(output), busy.find() ? number(busy, 1) : 0);
  }

  /** Lets paused clients write again. */
  public void go() throws IOException {
    ask("go");
  }

  /** Ends the writing and reads back every answer. */
  public Written stop() throws IOException {
    ask("stop");
    return Written.read(output);
  }

  /** Compares with what a server holds; only after {@link #stop}. */
  public Account check(LabServer server) throws IOException {
    String answer = ask("check " + server.address());
    Matcher found = ACCOUNT.matcher(answer);
    if (!found.find()) {
      throw new LabException("The writers answered: " + answer);
    }
    return new Account(
        number(found, 1), number(found, 2), number(found, 3), number(found, 4), number(found, 5));
  }

  private static int number(Matcher found, int group) {
    return Integer.parseInt(found.group(group));
  }

  private String ask(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
    @Nullable String answer = said.readLine();
    if (answer == null) {
      throw arena.failed("the writers have ended");
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
