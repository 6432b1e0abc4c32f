package dev.regent.lab.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Standing;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting.WriteReign;
import dev.regent.core.plan.Receiving.Follow;
import dev.regent.core.plan.Step;
import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.ServerPlace;
import dev.regent.server.connect.Account;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Tls;
import dev.regent.server.execute.Hooks;
import dev.regent.server.execute.SourceLogin;
import dev.regent.server.execute.StepExecutor;
import dev.regent.server.office.Mandate;
import dev.regent.server.steps.Clients;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A manager's hands on a lab cluster, without its head: the test says which step comes next. */
final class Hands implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);
  static final String CLUSTER = "lab";

  private static final long ANSWER_SECONDS_MAX = 60;

  private final StepExecutor executor;
  private final Queue<String> alarms = new ConcurrentLinkedQueue<>();

  private Hands(Map<ServerId, Dialer> dialers, Accounts accounts, String manager, long number) {
    executor =
        new StepExecutor(
            new Mandate(CLUSTER, manager, number, 1),
            dialers,
            new SourceLogin(account(accounts.repl()), Optional.of(Tls.OFF)),
            Hooks.none(),
            step -> new Outcome.Failed("nobody saves files here"),
            () -> Clients.NONE,
            alarms::add);
  }

  /** The first and only manager of a cluster. */
  static Hands on(LabCluster cluster) {
    return on(cluster, "the-manager", 1);
  }

  static Hands on(LabCluster cluster, String manager, long incarnation) {
    Map<ServerId, Dialer> dialers = new TreeMap<>();
    for (LabServer server : cluster.servers()) {
      dialers.put(id(server), dialer(cluster, server.port()));
    }
    return new Hands(dialers, cluster.accounts(), manager, incarnation);
  }

  /** A manager that reaches one server through another port. */
  static Hands through(
      int port, LabServer server, LabCluster cluster, String manager, long incarnation) {
    Map<ServerId, Dialer> dialers = Map.of(id(server), dialer(cluster, port));
    return new Hands(dialers, cluster.accounts(), manager, incarnation);
  }

  private static Dialer dialer(LabCluster cluster, int port) {
    Endpoint address = new Endpoint(ServerPlace.HOST, port);
    return new Dialer(address, account(cluster.accounts().regent()), Tls.OFF);
  }

  private static Account account(Accounts.Account account) {
    return new Account(account.user(), account.password());
  }

  static ServerId id(LabServer server) {
    return new ServerId(server.name());
  }

  /** Points a server at another one, from its replication position, without semi-sync. */
  static Follow follow(LabServer server, LabServer source, Duration deadline) {
    return follow(server, "", source, deadline);
  }

  static Follow follow(LabServer server, String channel, LabServer source, Duration deadline) {
    return new Follow(
        id(server),
        channel,
        id(source),
        new Endpoint(ServerPlace.HOST, source.port()),
        Duration.ofMillis(500),
        1,
        false,
        false,
        deadline);
  }

  static WriteReign reign(LabServer server, long epoch, Duration deadline) {
    Reign reign = new Reign(epoch, id(server), GtidPosition.EMPTY, 0);
    return new WriteReign(id(server), CLUSTER, reign, false, deadline);
  }

  static WriteReign reign(LabServer server, long epoch, GtidPosition before, boolean acknowledged) {
    Reign reign = new Reign(epoch, id(server), before, 0);
    return new WriteReign(id(server), CLUSTER, reign, acknowledged, LIMIT);
  }

  Outcome run(Step step) {
    return start(step).join();
  }

  CompletableFuture<Outcome> start(Step step) {
    var outcome = new CompletableFuture<Outcome>();
    executor.execute(step, outcome::complete);
    return outcome.orTimeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** The evidence of a step that must succeed. */
  Evidence done(Step step) {
    Outcome outcome = run(step);
    assertThat(outcome).as(step.sentence()).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).evidence();
  }

  Standing standing(Step step) {
    return (Standing) done(step);
  }

  boolean found(Step step) {
    return ((Evidence.Found) done(step)).found();
  }

  /** The reason of a step that must be refused. */
  String failed(Step step) {
    Outcome outcome = run(step);
    assertThat(outcome).as(step.sentence()).isInstanceOf(Outcome.Failed.class);
    return outcome.reason();
  }

  String unknown(Step step) {
    Outcome outcome = run(step);
    assertThat(outcome).as(step.sentence()).isInstanceOf(Outcome.Unknown.class);
    return outcome.reason();
  }

  Queue<String> alarms() {
    return alarms;
  }

  @Override
  public void close() {
    executor.close();
  }
}
