package dev.regent.cli.repmgr;

import dev.regent.cli.client.ExitCode;
import dev.regent.cli.flags.Request;
import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Command;
import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.core.control.Picture;
import dev.regent.core.control.Reply;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Outcome;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Tls;
import dev.regent.server.daemon.OneAct;
import dev.regent.server.execute.SourceLogin;
import dev.regent.server.office.Mandate;
import dev.regent.server.store.LocalStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Drives the controller through the one act, and turns its answer into an exit code. */
final class Manager {
  /** Witnesses with the server's own heartbeats need twice their period of silence, a minute. */
  private static final Duration VERDICT_MAX = Duration.ofSeconds(90);

  private static final Duration ORDER_MAX = Duration.ofMinutes(5);
  private static final Duration COMMAND_MAX = Duration.ofSeconds(5);
  private static final Duration TEST_MAX = Duration.ofSeconds(15);

  private final Request request;
  private final Map<ServerId, Dialer> dialers;
  private final long incarnation;
  private final Talk talk;

  /**
   * @param incarnation the highest of any run that took office on these servers
   */
  Manager(Request request, Map<ServerId, Dialer> dialers, long incarnation, Talk talk) {
    this.request = request;
    this.dialers = new LinkedHashMap<>(dialers);
    this.incarnation = incarnation;
    this.talk = talk;
  }

  /** Returns the exit code. */
  int act(Cluster cluster, Roles.Verdict.Cast cast, LocalStore store)
      throws StoreException, InterruptedException {
    store.append(cluster.entries(System.currentTimeMillis()));
    boolean plain = cast.replicas().stream().allMatch(r -> r.there().plain());
    try (OneAct act = begin(cluster.spec(), store, plain)) {
      if (request.act() == Request.Act.FAILOVER) {
        awaitVerdict(act);
      } else {
        act.await(Manager::lookedAtAll, Deadline.after(COMMAND_MAX));
      }
      Optional<Reply> reply = act.order(command(), Deadline.after(ORDER_MAX));
      return reply.isPresent() ? told(reply.get()) : silent();
    }
  }

  /** {@code plain}: replicas receive without encryption, so a new one must be told so as well. */
  OneAct begin(ClusterSpec spec, LocalStore store, boolean plain) {
    Map<ServerId, Endpoint> addresses = new LinkedHashMap<>();
    spec.servers().forEach(s -> addresses.put(s.id(), s.address()));
    long next = Math.max(incarnation, store.state().incarnation()) + 1;
    OneAct.Parts parts =
        new OneAct.Parts(
            spec,
            new Mandate(spec.name(), identity(), next, store.state().epoch()),
            dialers,
            new SourceLogin(
                request.replication().account(), plain ? Optional.of(Tls.OFF) : Optional.empty()),
            new LegacyScripts(addresses, request.scripts(), talk::warn),
            // Only a repair saves them, and repairs are paused.
            step -> new Outcome.Failed("mariadb-repmgr keeps no transactions"));
    return OneAct.begin(store, parts, talk::tell);
  }

  private static String identity() {
    ProcessHandle me = ProcessHandle.current();
    return Cluster.NAME
        + " pid "
        + me.pid()
        + " since "
        + me.info().startInstant().map(Object::toString).orElse("?");
  }

  private Command command() {
    String by = System.getProperty("user.name");
    Request.Choice choice = request.choice();
    return switch (request.act()) {
      case FAILOVER -> new Command.FailOver(by, Optional.empty(), choice.force(), choice.dryRun());
      case SWITCHOVER ->
          new Command.SwitchOver(by, Optional.empty(), choice.force(), choice.dryRun());
    };
  }

  // --- is it dead?

  private static boolean lookedAtAll(Picture picture) {
    return picture.snapshot().servers().stream().noneMatch(v -> v.latest().isEmpty());
  }

  private boolean settled(Picture picture) {
    boolean waiting =
        picture.diagnoses().stream().anyMatch(d -> d instanceof Diagnosis.PrimarySuspected);
    return lookedAtAll(picture)
        && picture.running().isEmpty()
        && (request.choice().force() || (!waiting && (!untested(picture) || mayNotTest())));
  }

  /** A test restarts receiving threads, which changes something. */
  private boolean mayNotTest() {
    return request.choice().dryRun();
  }

  private static boolean untested(Picture picture) {
    return picture.diagnoses().stream().anyMatch(d -> d instanceof Diagnosis.PrimaryUntested);
  }

  /**
   * Waits until the witnesses have spoken. Where only a test can tell whether a silent primary is
   * dead, the pause is lifted for the time of the test: it is the first thing that the core then
   * does, and it does one thing at a time.
   */
  private void awaitVerdict(OneAct act) throws InterruptedException {
    Deadline deadline = Deadline.after(VERDICT_MAX);
    while (!deadline.passed()) {
      Optional<Picture> picture =
          act.await(p -> settled(p) || (untested(p) && p.running().isEmpty()), deadline);
      if (picture.isEmpty() || settled(picture.get())) {
        return;
      }
      talk.debug("asking the replicas to reach the primary");
      act.order(new Command.ResumeCluster(Cluster.NAME), Deadline.after(COMMAND_MAX));
      act.await(p -> p.running().isPresent() || settled(p), Deadline.after(TEST_MAX));
      act.order(
          new Command.PauseCluster(Cluster.NAME, "one act is ordered"),
          Deadline.after(COMMAND_MAX));
      act.await(p -> p.running().isEmpty(), Deadline.after(TEST_MAX));
    }
  }

  // --- the answer

  private int told(Reply reply) {
    return switch (reply.result()) {
      case DONE -> {
        talk.info("done: " + reply.message());
        yield ExitCode.DONE;
      }
      case PLANNED -> {
        talk.info("would " + reply.message());
        reply.lines().forEach(l -> talk.info("  " + l));
        yield ExitCode.DONE;
      }
      case HELD -> {
        talk.error("held: " + reply.message());
        yield ExitCode.HELD;
      }
      case FAILED -> {
        talk.error("failed: " + reply.message());
        yield ExitCode.FAILED;
      }
    };
  }

  private int silent() {
    talk.error(
        "failed: not done within "
            + ORDER_MAX.toMinutes()
            + " minutes; run it again to finish or undo it");
    return ExitCode.FAILED;
  }
}
