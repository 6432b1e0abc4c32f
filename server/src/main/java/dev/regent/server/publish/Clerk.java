package dev.regent.server.publish;

import dev.regent.core.control.Command;
import dev.regent.core.control.Picture;
import dev.regent.core.control.Reply;
import dev.regent.core.model.Moment;
import dev.regent.core.model.ServerId;
import dev.regent.server.render.ExplainText;
import dev.regent.server.render.Page;
import dev.regent.server.render.StatusJson;
import dev.regent.server.render.StatusText;
import dev.regent.server.render.Told;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;

/** Knows every command of the socket: shows what lies on the desk, passes orders on. */
public final class Clerk implements Service {
  static final int DONE = 0;
  static final int INTERNAL = 1;
  static final int MISTAKE = 2;
  static final int HELD = 3;
  static final int FAILED = 4;

  private static final int EVENTS_IN_STATUS = 5;
  private static final int EVENTS_LISTED = 20;

  private final Desk desk;
  private final OrderDesk orders;
  private final Supplier<Moment> clock;
  private final ZoneId zone;

  public Clerk(Desk desk, Orders orders, Supplier<Moment> clock, ZoneId zone) {
    this.desk = desk;
    this.orders = new OrderDesk(orders, desk.events());
    this.clock = clock;
    this.zone = zone;
  }

  @Override
  public OptionalInt serve(Request request, Answer answer) throws IOException, Request.Mistake {
    return switch (request.command()) {
      case "status" -> status(request.only("json", "check"), answer);
      case "explain" -> explain(request.only(), answer);
      case "events" -> events(request.only("last", "follow", "json"), answer);
      case "subscribe" -> subscribe(request.only("to"), answer);
      case "maintenance" -> maintenance(request.only("do", "server", "reason"), answer);
      default -> orders.carryOut(order(request), answer);
    };
  }

  private Command order(Request request) throws Request.Mistake {
    String by = request.user();
    return switch (request.command()) {
      case "plan" -> plan(request.only("what", "to", "force"));
      case "failover" -> {
        request.only("to", "force", "dryRun");
        yield new Command.FailOver(
            by, server(request, "to"), request.flag("force"), request.flag("dryRun"));
      }
      case "switchover" -> {
        request.only("to", "force", "dryRun");
        yield new Command.SwitchOver(
            by, server(request, "to"), request.flag("force"), request.flag("dryRun"));
      }
      case "rejoin" -> {
        request.only("server", "dryRun");
        yield new Command.Rejoin(by, required(request), request.flag("dryRun"));
      }
      case "pause" ->
          new Command.PauseCluster(by, request.only("reason").text("reason").orElse(""));
      case "resume" -> {
        request.only();
        yield new Command.ResumeCluster(by);
      }
      default -> throw new Request.Mistake("unknown command '" + request.command() + "'");
    };
  }

  private Command plan(Request request) throws Request.Mistake {
    Optional<ServerId> to = server(request, "to");
    boolean force = request.flag("force");
    String what = request.text("what").orElse("");
    return switch (what) {
      case "failover" -> new Command.FailOver(request.user(), to, force, true);
      case "switchover" -> new Command.SwitchOver(request.user(), to, force, true);
      default -> throw new Request.Mistake("plan what: failover or switchover? Not '" + what + "'");
    };
  }

  private OptionalInt maintenance(Request request, Answer answer)
      throws IOException, Request.Mistake {
    String by = request.user();
    String what = request.text("do").orElse("");
    return switch (what) {
      case "list" -> listMaintenance(answer);
      case "begin" ->
          orders.carryOut(
              new Command.BeginMaintenance(
                  by, required(request), request.text("reason").orElse("")),
              answer);
      case "end" -> orders.carryOut(new Command.EndMaintenance(by, required(request)), answer);
      default -> throw new Request.Mistake("maintenance: begin, end or list? Not '" + what + "'");
    };
  }

  private OptionalInt listMaintenance(Answer answer) throws IOException {
    Optional<Picture> picture = desk.picture();
    if (picture.isEmpty()) {
      return nothingSeen(answer, INTERNAL);
    }
    var maintenance = picture.get().snapshot().record().maintenance();
    if (maintenance.isEmpty()) {
      answer.out("no server is in maintenance");
    }
    for (var entry : maintenance.entrySet()) {
      answer.out(
          entry.getKey()
              + "  by "
              + entry.getValue().by()
              + " since "
              + page(80, false).dateTime(entry.getValue().sinceMillis())
              + (entry.getValue().reason().isEmpty() ? "" : ": " + entry.getValue().reason()));
    }
    return OptionalInt.of(DONE);
  }

  /** A server of this cluster, if one is named. */
  private Optional<ServerId> server(Request request, String argument) throws Request.Mistake {
    Optional<ServerId> server = request.text(argument).filter(s -> !s.isBlank()).map(ServerId::new);
    if (server.isPresent() && desk.spec().find(server.get()).isEmpty()) {
      throw new Request.Mistake(
          "cluster "
              + desk.spec().name()
              + " has no server "
              + server.get()
              + "; it has "
              + String.join(", ", desk.spec().servers().stream().map(s -> s.id().name()).toList()));
    }
    return server;
  }

  private ServerId required(Request request) throws Request.Mistake {
    Optional<ServerId> server = server(request, "server");
    if (server.isEmpty()) {
      throw new Request.Mistake("name the server");
    }
    return server.get();
  }

  private OptionalInt status(Request request, Answer answer) throws IOException, Request.Mistake {
    boolean check = request.flag("check");
    Optional<Picture> picture = desk.picture();
    if (picture.isEmpty()) {
      return nothingSeen(answer, check ? HELD : DONE);
    }
    Moment now = clock.get();
    List<Told> events = desk.events().latest(EVENTS_IN_STATUS);
    if (request.flag("json")) {
      answer.out(StatusJson.render(picture.get(), events, now));
    } else {
      say(answer, StatusText.render(picture.get(), events, page(request)));
    }
    return OptionalInt.of(check && !StatusText.healthy(picture.get(), now) ? HELD : DONE);
  }

  private OptionalInt explain(Request request, Answer answer) throws IOException {
    Optional<Picture> picture = desk.picture();
    if (picture.isEmpty()) {
      return nothingSeen(answer, DONE);
    }
    List<Told> events = desk.events().latest(Integer.MAX_VALUE);
    say(answer, ExplainText.render(picture.get(), events, page(request)));
    return OptionalInt.of(DONE);
  }

  private OptionalInt nothingSeen(Answer answer, int exit) throws IOException {
    answer.err(
        "regent: the daemon of cluster "
            + desk.spec().name()
            + " has just started and has seen no server yet; ask again in a second");
    return OptionalInt.of(exit);
  }

  private OptionalInt events(Request request, Answer answer) throws IOException, Request.Mistake {
    int last = request.number("last").orElse(EVENTS_LISTED);
    boolean json = request.flag("json");
    Page page = page(request);
    Function<Told, String> render = json ? Told::json : e -> e.line(page);
    if (request.flag("follow")) {
      // A stream waits for nobody, and what was remembered may be more than a socket has room for.
      Topic.Backlog<Told> backlog = desk.events().backlog(last);
      say(answer, backlog.values().stream().map(render).toList());
      desk.events().subscribeAfter(backlog, new Rendered<>(answer.stream(), render));
      return OptionalInt.empty();
    }
    say(answer, desk.events().latest(last).stream().map(render).toList());
    return OptionalInt.of(DONE);
  }

  private OptionalInt subscribe(Request request, Answer answer)
      throws IOException, Request.Mistake {
    String to = request.text("to").orElse("");
    switch (to) {
      case "primary" -> desk.route().subscribe(1, answer.stream());
      case "events" -> desk.events().subscribe(0, new Rendered<>(answer.stream(), Told::json));
      default ->
          throw new Request.Mistake("subscribe to what: primary or events? Not '" + to + "'");
    }
    return OptionalInt.empty();
  }

  private static void say(Answer answer, List<String> lines) throws IOException {
    for (String line : lines) {
      answer.out(line);
    }
  }

  private Page page(Request request) {
    return page(request.columns(), request.color());
  }

  private Page page(int columns, boolean color) {
    return new Page(columns, color, zone, clock.get());
  }

  @Override
  public void sweep() {
    desk.sweep();
  }

  @Override
  public void close() {
    desk.close();
  }

  static int exit(Reply.Result result) {
    return switch (result) {
      case DONE, PLANNED -> DONE;
      case HELD -> HELD;
      case FAILED -> FAILED;
    };
  }

  /** A sink for values in front of one for their lines. */
  private record Rendered<T>(Topic.Sink<String> lines, Function<T, String> render)
      implements Topic.Sink<T> {
    @Override
    public boolean offer(T value) {
      return lines.offer(render.apply(value));
    }

    @Override
    public boolean alive() {
      return lines.alive();
    }

    @Override
    public void close() {
      lines.close();
    }
  }
}
