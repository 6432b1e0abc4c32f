package dev.regent.lab.drill;

import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.ExitCode;
import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.arena.Moments;
import dev.regent.lab.arena.Phases;
import dev.regent.lab.arena.Turnover;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.arena.Written;
import dev.regent.lab.command.TextTable;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.daemon.Subscription;
import dev.regent.lab.measure.Figures;
import dev.regent.server.config.Config;
import dev.regent.server.store.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.ObjectNode;

/**
 * A switchover there and back on a cluster that is somebody's, by orders to its running manager.
 * Nothing is broken and nothing is written; how long writes pause is what the manager tells the
 * clients that follow it.
 */
final class RealDrill {
  /** What it is called on the command line. */
  static final String NAME = "switchover";

  private static final Duration HEALTHY_WITHIN = Duration.ofSeconds(60);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final String cluster;
  private final DaemonClient client;
  private final Path socket;
  private final PrintStream out;
  private final List<Word> words = new CopyOnWriteArrayList<>();
  private final List<AuditLine> told = new CopyOnWriteArrayList<>();

  /** What clients were told, and when, by {@link System#nanoTime}. */
  private record Word(long nanos, long epoch, boolean open, String primary) {}

  /**
   * One switchover.
   *
   * @param pauseMillis how long clients were told to wait
   * @param healthyMillis from the order until every server was in its place again
   */
  private record Move(
      String from, String to, double pauseMillis, double healthyMillis, Optional<Phases> phases) {}

  private RealDrill(Config config, PrintStream out) {
    this.cluster = config.spec().name();
    this.socket = config.folders().run().resolve(cluster + ".sock");
    this.client = new DaemonClient(socket);
    this.out = out;
  }

  /** Carries it out; whoever calls has seen to it that this cluster is meant. */
  static int play(Config config, boolean json, PrintStream out)
      throws IOException, CommandException {
    return new RealDrill(config, out).play(json);
  }

  private int play(boolean json) throws IOException, CommandException {
    String home = demandHealthy();
    List<Move> moves = new ArrayList<>();
    Subscription primary = Subscription.to(socket, "primary", this::hear);
    Subscription events =
        Subscription.to(socket, "events", l -> AuditLine.parse(l).ifPresent(told::add));
    try {
      await("the manager's word on who is primary", () -> !words.isEmpty());
      Move there = move(home, "");
      moves.add(there);
      moves.add(move(there.to(), home));
    } finally {
      primary.close();
      events.close();
    }
    print(moves);
    if (json) {
      out.println(Json.write(json(moves)));
    }
    return ExitCode.DONE;
  }

  /** Returns who is primary; a cluster that is not well is left alone. */
  private String demandHealthy() throws CommandException {
    try {
      ObjectNode status = status();
      String primary = status.path("routing").path("primary").asString("");
      if (!status.path("healthy").asBoolean(false) || primary.isEmpty()) {
        throw new CommandException(
            ExitCode.HELD,
            "cluster " + cluster + " is not healthy, so it is left alone; see regent status");
      }
      return primary;
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "no manager of cluster " + cluster + " answers at " + socket + ": " + e.getMessage());
    }
  }

  private ObjectNode status() throws IOException {
    DaemonClient.Answer answer = client.run("status", "\"json\":true");
    return answer.out().isEmpty()
        ? Json.object()
        : Json.read(answer.out().getFirst(), ObjectNode.class);
  }

  private void hear(String line) {
    long now = System.nanoTime();
    ObjectNode word = Json.read(line, ObjectNode.class);
    boolean open = word.path("writes").asString("").equals("open");
    words.add(new Word(now, word.path("epoch").asLong(0), open, word.path("primary").asString("")));
  }

  private Move move(String from, String to) throws IOException, CommandException {
    int before = words.size();
    long epoch = words.getLast().epoch();
    told.clear();
    Moments began = Moments.now();
    out.println("switchover from " + from + (to.isEmpty() ? "" : " to " + to) + " ...");
    DaemonClient.Answer answer =
        client.run("switchover", to.isEmpty() ? "" : "\"to\":\"" + to + "\"");
    if (answer.exit() != 0) {
      throw new CommandException(
          answer.exit() < 0 ? ExitCode.UNREACHABLE : answer.exit(),
          "the switchover from " + from + " was not carried out:\n" + answer.text());
    }
    await("the word of a new primary", () -> opened(before, epoch).isPresent());
    Word opened = opened(before, epoch).orElseThrow();
    Word closed =
        words.subList(before, words.size()).stream()
            .filter(w -> !w.open())
            .findFirst()
            .orElse(opened);
    boolean healthy = Waiting.until(HEALTHY_WITHIN, LOOK_EVERY, this::settled);
    long ended = System.nanoTime();
    if (!healthy) {
      throw new CommandException(
          ExitCode.FAILED,
          opened.primary() + " is primary, and the cluster is not healthy; see regent status");
    }
    Written.Gap pause = new Written.Gap(closed.nanos(), opened.nanos());
    Turnover change =
        new Turnover(began.millis(), began.nanos(), OptionalLong.empty(), ended, told);
    return new Move(
        from,
        opened.primary(),
        pause.millis(),
        (ended - began.nanos()) / 1e6,
        Phases.of(change, pause));
  }

  private boolean settled() throws IOException {
    ObjectNode status = status();
    return status.path("healthy").asBoolean(false) && status.path("plan").isNull();
  }

  private Optional<Word> opened(int before, long epoch) {
    return words.subList(before, words.size()).stream()
        .filter(w -> w.open() && w.epoch() > epoch)
        .findFirst();
  }

  private void await(String what, Waiting.Condition condition)
      throws IOException, CommandException {
    if (!Waiting.until(TOLD_WITHIN, LOOK_EVERY, condition)) {
      throw new CommandException(ExitCode.FAILED, "waited in vain for " + what);
    }
  }

  private void print(List<Move> moves) {
    out.println();
    out.print(
        TextTable.framed(
            List.of("from", "to", "writes paused, ms", "healthy again, ms"),
            moves.stream()
                .map(m ->
                    List.of(
                        m.from(),
                        m.to(),
                        Figures.number(m.pauseMillis()),
                        Figures.number(m.healthyMillis())))
                .toList()));
    List<List<String>> phases = new ArrayList<>();
    moves.forEach(m ->
        m.phases()
            .ifPresent(p ->
                p.phases()
                    .forEach(
                        s -> phases.add(List.of(m.to(), s.name(), Figures.number(s.millis()))))));
    out.print(TextTable.framed(List.of("to", "phase", "ms"), phases));
    out.println("The role is where it was.");
  }

  private ObjectNode json(List<Move> moves) {
    ObjectNode node = Json.object();
    node.put("cluster", cluster);
    node.put("held", true);
    node.putArray("moves");
    for (Move move : moves) {
      ObjectNode one = Json.object();
      one.put("from", move.from());
      one.put("to", move.to());
      one.put("pause_ms", Figures.rounded(move.pauseMillis()));
      one.put("healthy_ms", Figures.rounded(move.healthyMillis()));
      ObjectNode phases = Json.object();
      move.phases()
          .ifPresent(
              p -> p.phases().forEach(s -> phases.put(s.name(), Figures.rounded(s.millis()))));
      one.set("phases", phases);
      node.withArray("moves").add(one);
    }
    return node;
  }
}
