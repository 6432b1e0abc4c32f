package dev.regent.cli.repmgr;

import dev.regent.cli.console.Backend;
import dev.regent.cli.console.FactsRow;
import dev.regent.cli.console.Happening;
import dev.regent.cli.console.Order;
import dev.regent.cli.console.Sight;
import dev.regent.cli.console.Sight.Note;
import dev.regent.cli.console.Sight.Server;
import dev.regent.cli.flags.Names;
import dev.regent.cli.flags.Request;
import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.analyze.Words;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Observation.Kind;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.observe.Glance.LastReign;
import dev.regent.server.render.Page.Tone;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The console without a daemon. It looks at the servers once a second and holds nothing on them, so
 * that a script's run beside it finds them free; an act is a run like any other.
 */
final class Interactive implements Backend {
  private static final long LOOK_MILLIS = 1000;
  private static final Duration SETTING = Duration.ofSeconds(5);

  /** A person waits; a run that takes longer is told. */
  private static final Duration OTHER_RUN = Duration.ofSeconds(5);

  private final Request request;
  private final Path folder;
  private final Survey survey;
  private final Names names = new Names();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<Sight> latest = Optional.empty();

  /** Hears of every message; set once, before anything is ordered. */
  private volatile Consumer<Happening> listener = happening -> {};

  Interactive(Request request, Path folder) {
    this.request = request;
    this.folder = folder;
    this.survey = Runner.survey(request, Runner.dialers(request));
  }

  // --- looking

  @Override
  public void watch(Consumer<Happening> listening) {
    listener = listening;
    request.notes().forEach(n -> tell(Severity.NOTICE, n));
    Thread.ofVirtual().name("console-look").start(this::look);
  }

  private void look() {
    try {
      do {
        try {
          Sight sight = sight(survey.of(request.servers(), s -> false));
          changes(sight);
          latest = Optional.of(sight);
          listener.accept(new Happening.Seen(sight));
        } catch (RuntimeException e) {
          listener.accept(new Happening.Lost("internal error: " + e));
        }
      } while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a daemon's events would tell: who changed, and to what. */
  private void changes(Sight now) {
    for (Server server : now.servers()) {
      String words = server.role() + ", " + server.state();
      Optional<String> before =
          latest.flatMap(l -> l.server(server.name())).map(s -> s.role() + ", " + s.state());
      if (before.isEmpty() || !before.get().equals(words)) {
        Severity severity =
            switch (server.tone()) {
              case BAD -> Severity.CRITICAL;
              case WARNING -> Severity.WARNING;
              default -> Severity.NOTICE;
            };
        tell(severity, server.name() + ": " + words);
      }
    }
  }

  private void tell(Severity severity, String words) {
    listener.accept(
        new Happening.Told(new Happening.Line(System.currentTimeMillis(), severity, words)));
  }

  private Optional<Roles.Verdict.Cast> cast(List<Look> looks) {
    for (Request.Act act : List.of(Request.Act.SWITCHOVER, Request.Act.FAILOVER)) {
      Request asked = request.with(act, request.choice());
      if (new Roles(asked, looks, names::same, new TreeSet<>()).judge()
          instanceof Roles.Verdict.Cast cast) {
        return Optional.of(cast);
      }
    }
    return Optional.empty();
  }

  private Sight sight(List<Look> looks) {
    Optional<Roles.Verdict.Cast> cast = cast(looks);
    Optional<Promise> promise = cast.map(c -> Promise.of(c, looks));
    List<Server> servers = new ArrayList<>();
    for (Look look : looks) {
      boolean primary = cast.filter(c -> c.primary().equals(look)).isPresent();
      String name = look.id().name();
      String role = primary ? "primary" : following(look) ? "replica" : "-";
      servers.add(
          look.facts()
              .map(f -> FactsRow.of(name, role, source(look, looks), f))
              .orElseGet(() -> silent(look, role)));
    }
    boolean well =
        cast.filter(c -> c.primary().answers()).isPresent()
            && servers.stream().allMatch(s -> s.tone() == Tone.GOOD);
    return new Sight(
        "mariadb-repmgr",
        "",
        List.of("no daemon: nothing happens by itself"),
        epoch(looks),
        System.currentTimeMillis(),
        well,
        promise
            .map(p ->
                Note.of(p.profile() == Profile.SAFE ? Severity.OK : Severity.WARNING, p.sentence()))
            .orElse(Note.of(Severity.WARNING, "nothing can be promised before a primary is known")),
        cast.map(c -> "followed by " + c.replicas().size()).orElse(""),
        Optional.empty(),
        Optional.empty(),
        servers,
        notes(looks));
  }

  /** Every promotion writes its own into the reign table; 0 before the first. */
  private static long epoch(List<Look> looks) {
    return looks.stream()
        .flatMap(l -> l.glance().stream())
        .flatMap(g -> g.reign().stream())
        .mapToLong(LastReign::epoch)
        .max()
        .orElse(0);
  }

  private Server silent(Look look, String role) {
    String why = Words.words(look.missed().orElse(Kind.TIMEOUT));
    String name = look.id().name();
    return latest
        .flatMap(l -> l.server(name))
        .map(before -> FactsRow.silent(before, role, why, look.detail()))
        .orElseGet(() -> FactsRow.silent(name, role, why, look.detail()));
  }

  private static boolean following(Look look) {
    return look.facts().filter(f -> !f.channels().isEmpty()).isPresent();
  }

  private String source(Look replica, List<Look> looks) {
    for (Channel channel : replica.facts().map(f -> f.channels()).orElse(List.of())) {
      for (Look look : looks) {
        if (channel.source().equals(look.address())
            || names.same(channel.source(), look.address())) {
          return look.id().name();
        }
      }
    }
    return "";
  }

  private static List<Note> notes(List<Look> looks) {
    return Runner.manager(looks).map(m -> List.of(Note.of(Severity.WARNING, m))).orElse(List.of());
  }

  // --- acting

  @Override
  public String refusal(Order order) {
    return switch (order) {
      case Order.Maintenance m -> "Nobody here would remember it: maintenance is for regent run.";
      case Order.Pause p -> "There is nothing to pause: nothing happens here by itself.";
      case Order.Switchover s -> "";
      case Order.Failover f -> "";
      case Order.ReadOnly r -> refusal(r);
    };
  }

  private String refusal(Order.ReadOnly order) {
    boolean primary =
        latest.flatMap(Sight::primary).filter(p -> p.name().equals(order.server())).isPresent();
    return primary
        ? order.server() + " is the primary; to close it in good order is a switchover."
        : "";
  }

  @Override
  public Answer plan(Order order) {
    return order instanceof Order.ReadOnly r ? setting(r, false) : run(order, true, line -> {});
  }

  @Override
  public Answer carryOut(Order order, Consumer<String> progress) {
    if (request.choice().dryRun()) {
      return held("nothing is done: mariadb-repmgr was started with -dry-run");
    }
    return order instanceof Order.ReadOnly r ? setting(r, true) : run(order, false, progress);
  }

  private Answer run(Order order, boolean dry, Consumer<String> progress) {
    Optional<Request> asked =
        switch (order) {
          case Order.Switchover s ->
              Optional.of(request(Request.Act.SWITCHOVER, s.to(), s.force(), dry));
          case Order.Failover f ->
              Optional.of(request(Request.Act.FAILOVER, f.to(), f.force(), dry));
          default -> Optional.empty();
        };
    if (asked.isEmpty()) {
      return new Answer(Answer.Result.HELD, List.of(refusal(order)));
    }
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Request.Place place = request.place();
    // Plans are for the screen alone.
    Request.Place told = dry ? new Request.Place(place.state(), Optional.empty(), false) : place;
    Talk.Sink sink =
        (level, words) -> {
          lines.add(words);
          progress.accept(words);
          if (!dry) {
            tell(level, words);
          }
        };
    try (Talk talk = new Talk(told, sink)) {
      int exit = new Runner(asked.get(), folder, talk, true).run();
      return new Answer(Answer.Result.of(exit), lines);
    } catch (IOException e) {
      return new Answer(Answer.Result.FAILED, List.of(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(Answer.Result.FAILED, List.of("interrupted"));
    }
  }

  /** What the command line asks to be given up is asked for anew, where its price is shown. */
  Request request(Request.Act act, String to, boolean force, boolean dry) {
    Request.Choice choice = request.choice();
    Optional<Endpoint> chosen =
        request.servers().stream().filter(s -> s.toString().equals(to)).findFirst();
    return request.with(
        act,
        new Request.Choice(
            chosen.or(choice::preferred),
            choice.ignored(),
            choice.lagMaxSeconds(),
            choice.equal(),
            force,
            dry || choice.dryRun()));
  }

  // --- read_only

  /** On replicas only, seen as such just before, with no run beside it. */
  private Answer setting(Order.ReadOnly order, boolean act) {
    try {
      List<Look> looks = survey.of(request.servers(), s -> false);
      Optional<String> manager = Runner.manager(looks);
      Optional<Roles.Verdict.Cast> cast = cast(looks);
      if (manager.isPresent() || cast.isEmpty()) {
        return held(manager.orElse("no primary is known, so nobody is known to be a replica"));
      }
      List<Look> meant =
          cast.get().replicas().stream()
              .filter(l -> order.server().isEmpty() || l.id().name().equals(order.server()))
              .toList();
      if (meant.isEmpty()) {
        return held("no replica of " + cast.get().primary().address() + " that answers is meant");
      }
      return act
          ? set(meant, order.on())
          : new Answer(Answer.Result.DONE, planned(meant, order.on()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return held("interrupted");
    }
  }

  private static Answer held(String why) {
    return new Answer(Answer.Result.HELD, List.of(why));
  }

  private static String sql(boolean on) {
    return "SET GLOBAL read_only=" + (on ? 1 : 0);
  }

  private static List<String> planned(List<Look> meant, boolean on) {
    List<String> lines = new ArrayList<>();
    lines.add(on ? "close replicas" : "open replicas for writes");
    meant.forEach(l -> lines.add("  " + l.address() + ": " + sql(on)));
    if (!on) {
      lines.add(
          "What is written there is on that server alone: it may stop its replication, and it is"
              + " lost when the server is made a replica anew.");
    }
    return lines;
  }

  private Answer set(List<Look> meant, boolean on) throws InterruptedException {
    Map<ServerId, Dialer> dialers = Runner.dialers(request);
    List<String> lines = new ArrayList<>();
    boolean failed = false;
    try (RunLock lock = RunLock.take(meant, dialers, Cluster.NAME, OTHER_RUN)) {
      if (lock.waited()) {
        return held("another run was at work; look again");
      }
      for (Look look : meant) {
        Dialer dialer = dialers.get(look.id());
        Deadline deadline = Deadline.after(SETTING);
        if (dialer == null) {
          continue;
        }
        try (Link link = dialer.dial(deadline)) {
          link.run(sql(on), deadline);
          lines.add(look.address() + (on ? " is closed" : " takes writes"));
        } catch (LinkException e) {
          failed = true;
          lines.add(look.address() + ": " + e.getMessage());
        }
      }
    } catch (LinkException e) {
      return new Answer(Answer.Result.FAILED, List.of(String.valueOf(e.getMessage())));
    } catch (RunLock.Busy e) {
      return held(String.valueOf(e.getMessage()));
    }
    lines.forEach(l -> tell(Severity.NOTICE, l));
    return new Answer(failed ? Answer.Result.FAILED : Answer.Result.DONE, lines);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
