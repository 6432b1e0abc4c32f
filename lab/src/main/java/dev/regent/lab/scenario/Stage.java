package dev.regent.lab.scenario;

import dev.regent.core.plan.Decision;
import dev.regent.lab.arena.Arena;
import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.arena.Sentry;
import dev.regent.lab.arena.Waiting;
import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.TableLock;
import dev.regent.lab.daemon.DaemonClient;
import dev.regent.lab.load.Endpoint;
import dev.regent.lab.load.Ledger;
import dev.regent.lab.load.LedgerOptions;
import dev.regent.lab.load.Write;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.net.Host;
import dev.regent.lab.net.Net;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a script acts with. It remembers what the checks must know: when the first blow fell, what
 * was done behind the manager's back, and what did not come as it should.
 */
public final class Stage implements AutoCloseable {
  /** Whatever the manager has to do, this is long for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** What the manager does by itself it has begun by then. */
  private static final Duration BY_ITSELF = Duration.ofSeconds(10);

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final int WRITES = 100;

  /** The exit code of an order that was refused. */
  private static final int REFUSED = 3;

  /** The old primary drops what nobody acknowledged, so that it can follow again. */
  private static final String TRUNCATE = "--init-rpl-role=SLAVE";

  /** Beyond the numbers of all clients that follow the manager's word. */
  public static final int STUBBORN_FIRST = 1_000;

  private static final int STUBBORN_CLIENTS = 2;
  private static final int STUBBORN_RATE = 50;
  private static final Duration STUBBORN_CONNECT = Duration.ofSeconds(1);
  private static final Duration STUBBORN_ANSWER = Duration.ofSeconds(15);

  private final Ground ground;
  private final int round;
  private final int turn;
  private final LabServer primary;
  private final List<LabServer> replicas;
  private final long epoch;
  private final List<String> complaints = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private final List<Ledger> stubborn = new ArrayList<>();
  private final Set<String> opened = new TreeSet<>();
  private final Map<String, Integer> foreign = new TreeMap<>();
  private Optional<Sentry> sentry = Optional.empty();
  private OptionalLong struck = OptionalLong.empty();
  private boolean forced;
  private boolean proxyGone;
  private boolean returned;

  /**
   * @param round of the scenario, from 1: lets a script vary
   * @param turn on this ground, from 1: keeps keys of rows apart
   */
  public Stage(Ground ground, int round, int turn) throws IOException {
    this.ground = ground;
    this.round = round;
    this.turn = turn;
    this.primary = ground.arena().primary();
    this.replicas = ground.arena().others();
    this.epoch = ground.arena().feed().epoch();
  }

  public Arena arena() {
    return ground.arena();
  }

  public boolean safe() {
    return ground.profile().equals(Scenario.SAFE);
  }

  public int round() {
    return round;
  }

  /** Who was primary when the round began. */
  public LabServer primary() {
    return primary;
  }

  /** Who was a replica when the round began. */
  public List<LabServer> replicas() {
    return replicas;
  }

  public LabServer server(String name) {
    return arena().cluster().server(name);
  }

  public long epoch() {
    return epoch;
  }

  // --- blows

  private void strike(long nanos, String what) {
    if (struck.isEmpty()) {
      struck = OptionalLong.of(nanos);
    }
    story.add(what);
  }

  /** For a blow that this stage has no word for: it falls now. */
  public void strike(String what) {
    strike(System.nanoTime(), what);
  }

  /** kill -9. */
  public void kill(LabServer server) throws IOException {
    if (sentry.isEmpty() && server.name().equals(primary.name())) {
      sentry = Optional.of(Sentry.before(server));
    }
    strike(server.kill(), "kill -9 of " + server.name());
  }

  /** SIGTERM, and waits for the end. */
  public void stop(LabServer server) {
    strike(System.nanoTime(), "SIGTERM to " + server.name());
    server.stop();
  }

  public void freeze(LabServer server) {
    strike(server.freeze(), "SIGSTOP to " + server.name());
  }

  public void thaw(LabServer server) {
    server.thaw();
    story.add("SIGCONT to " + server.name());
  }

  /** As its start file should say in this profile: in safe it drops what nobody acknowledged. */
  public void start(LabServer server) {
    if (safe()) {
      startWith(server, TRUNCATE);
    } else {
      startWith(server);
    }
  }

  /** Starts who was primary when the round began, if nobody did yet. */
  public void returnPrimary() {
    if (!returned) {
      returned = true;
      start(primary);
    }
  }

  public void startWith(LabServer server, String... arguments) {
    server.awaitGone();
    Arena.start(server, arguments);
    story.add(server.name() + " starts " + String.join(" ", arguments));
  }

  public void killManager() {
    proxyGone = true;
    strike(System.nanoTime(), "kill -9 of the manager");
    arena().daemon().kill();
  }

  public void startManager() {
    arena().daemon().restart();
    story.add("the manager starts");
  }

  public void freezeManager() {
    strike(System.nanoTime(), "SIGSTOP to the manager");
    arena().daemon().freeze();
  }

  public void thawManager() {
    arena().daemon().thaw();
    story.add("SIGCONT to the manager");
  }

  /** Somebody opens a server that should be closed. */
  public void openBehindTheBack(LabServer server) {
    opened.add(server.name());
    strike(System.nanoTime(), "somebody opens " + server.name() + " for writes");
    server.execute("SET GLOBAL read_only=0");
  }

  /** Somebody with all rights writes a row on a server that should be closed. */
  public void writeBehindTheBack(LabServer server) {
    int number = foreign.merge(server.name(), 1, Integer::sum);
    strike(System.nanoTime(), "somebody writes a row on " + server.name());
    server.execute(
        "INSERT INTO shop.orders (id, client, seq, payload) VALUES (%d, 0, %d, 'only here')"
            .formatted(-1_000 * turn - number, number));
  }

  /** SQL of somebody who is not the manager. */
  public void tamper(LabServer server, String... sql) {
    strike(System.nanoTime(), server.name() + ": " + String.join("; ", sql));
    server.execute(sql);
  }

  /** Nobody reads or changes rows on these servers, their appliers included, in the meantime. */
  public void locked(List<LabServer> servers, Script meanwhile) throws IOException {
    List<TableLock> locks = new ArrayList<>();
    try {
      for (LabServer server : servers) {
        strike(System.nanoTime(), "the tables of " + server.name() + " are locked");
        locks.add(TableLock.take(server, "shop.orders"));
      }
      meanwhile.play(this);
    } finally {
      locks.forEach(TableLock::close);
      story.add("unlocked");
    }
  }

  /**
   * Clients that know only this server and wait for it for long: when it thaws, they are the first
   * to write.
   */
  public void stubbornClients(LabServer server) {
    Accounts.Account app = server.accounts().app();
    Endpoint home = Endpoint.parse(server.address());
    // Rows of earlier rounds keep their keys.
    int first = STUBBORN_FIRST + turn * STUBBORN_CLIENTS;
    LedgerOptions options =
        LedgerOptions.of(app.user(), app.password(), STUBBORN_CLIENTS, STUBBORN_RATE)
            .withFirstClient(first)
            .withTimeouts(STUBBORN_CONNECT, STUBBORN_ANSWER);
    LedgerOptions placed =
        arena().cluster().net().map(net -> options.from(net.clients())).orElse(options);
    stubborn.add(Ledger.start(placed, () -> Optional.of(home)));
  }

  /** The network between the parties, on a ground where they are apart. */
  public Net net() {
    return arena().cluster().net().orElseThrow();
  }

  public Host host(LabServer server) {
    return net().host(server.name());
  }

  /** Nothing goes between this host and those others, or, if none is named, anybody. */
  public void isolate(Host host, Host... others) {
    strike(
        net().isolate(host, others),
        host + " is cut off from " + (others.length == 0 ? "all others" : List.of(others)));
  }

  /** The network is well again. */
  public void heal() {
    net().heal();
    story.add("the network is well");
  }

  /** Strikes when the daemon says that it sends a step which begins like this. */
  public Trap whenSent(String step, Consumer<AuditLine> act) {
    return when(
        l -> l.is("StepsSent") && l.sentences().stream().anyMatch(s -> s.startsWith(step)), act);
  }

  public Trap when(Predicate<AuditLine> told, Consumer<AuditLine> act) {
    return new Trap(ground.events(), told, act);
  }

  // --- waiting for what must come

  /** Another server, or the same in a newer epoch, is named by the manager. */
  public LabServer awaitNewPrimary() throws IOException {
    return awaitPrimaryAfter(epoch);
  }

  /**
   * Like {@link #awaitPrimaryAfter}; where the manager goes on holding, an operator who knows what
   * happened gives the word; where it refuses that too, as the only copy of acknowledged writes
   * would be given up, the operator starts the primary again, as the refusal says.
   */
  public LabServer awaitPrimaryOrForce(long earlier) throws IOException {
    boolean moved =
        Waiting.until(
            BY_ITSELF,
            LOOK_EVERY,
            () -> arena().feed().epoch() > earlier && arena().feed().get().isPresent());
    if (!moved) {
      story.add("the manager holds: " + arena().holds());
      forced = true;
      DaemonClient.Answer answer = order("failover", "\"force\":true");
      story.add("regent failover --force: " + answer.text());
      if (answer.exit() == REFUSED) {
        returnPrimary();
      }
    }
    return awaitPrimaryAfter(earlier);
  }

  public LabServer awaitPrimaryAfter(long earlier) throws IOException {
    LabServer next = arena().awaitChange(earlier);
    story.add(next.name() + " is primary");
    return next;
  }

  /** Clients write: to whoever is primary. */
  public void awaitWrites() throws IOException {
    arena().awaitWrites(WRITES);
  }

  public void awaitSprung(Trap trap, String what) {
    if (!trap.await(PATIENCE)) {
      throw new LabException("The manager never said: " + what);
    }
  }

  /** The manager finds this, by the name of the case. */
  public void awaitDiagnosis(String name) throws IOException {
    await("the diagnosis " + name, () -> arena().diagnoses().contains(name));
    story.add("the manager finds " + name);
  }

  /** The manager refuses to act, for this reason. */
  public void awaitHold(Decision.Reason reason) throws IOException {
    String word = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    await("a hold for " + word, () -> arena().holds().contains(word));
    story.add("the manager holds: " + word);
  }

  /** The manager has seen this replica replicate, and sends readers to it. */
  public void awaitSeenFollowing(LabServer replica) throws IOException {
    await(
        "the manager to see " + replica.name() + " replicate",
        () -> arena().readers().contains(replica.name()));
  }

  /** Nothing is left to do, though somebody may be held out. */
  public void awaitSettled() throws IOException {
    await("the cluster to settle", arena()::isSettled);
  }

  public void awaitHeldOut(LabServer server) throws IOException {
    await(server.name() + " to be held out", () -> arena().isQuarantined(server));
  }

  public void awaitWhole() throws IOException {
    await("the cluster to be whole", arena()::isWhole);
  }

  public void await(String what, Waiting.Condition condition) throws IOException {
    if (!Waiting.until(PATIENCE, LOOK_EVERY, () -> quietly(condition))) {
      throw arena().failed("not within " + PATIENCE.toSeconds() + " s: " + what);
    }
  }

  /** A server that is being closed ends our connection too: that is no answer, so ask again. */
  private static boolean quietly(Waiting.Condition condition) throws IOException {
    try {
      return condition.holds();
    } catch (LabException e) {
      return false;
    }
  }

  /** Looks all the while, not once at the end. */
  public void throughout(Duration time, String what, Waiting.Condition condition)
      throws IOException {
    check(what, !Waiting.until(time, LOOK_EVERY, () -> !condition.holds()));
  }

  /** The role does not move. */
  public boolean unmoved() {
    return arena().feed().epoch() == epoch;
  }

  /** Lets time pass that the fault needs to be one. */
  public void pass(Duration time) {
    Waiting.pass(time);
  }

  public DaemonClient.Answer order(String command, String arguments) throws IOException {
    return arena().daemon().client().run(command, arguments);
  }

  /** Writes down what should have been so. */
  public void check(String what, boolean held) {
    if (!held) {
      complaints.add("SCRIPT: not so: " + what);
    }
  }

  public void say(String what) {
    story.add(what);
  }

  // --- afterwards

  /** When the first blow fell; empty if none has. */
  public OptionalLong struck() {
    return struck;
  }

  /** When the kernel closed the primary's connections, if it was killed. */
  public OptionalLong died() {
    return sentry.map(Sentry::ended).orElse(OptionalLong.empty());
  }

  /** Whether it took an operator's word. */
  public boolean forced() {
    return forced;
  }

  /** Whether the manager was ended, and its proxy with it. */
  public boolean proxyGone() {
    return proxyGone;
  }

  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  public List<String> story() {
    return List.copyOf(story);
  }

  public Set<String> opened() {
    return opened;
  }

  public Map<String, Integer> foreign() {
    return foreign;
  }

  /** What the stubborn clients were told; they stop. */
  public List<Write> stubbornWrites() {
    List<Write> writes = new ArrayList<>();
    stubborn.forEach(l -> writes.addAll(l.stop().writes()));
    stubborn.clear();
    return writes;
  }

  @Override
  public void close() throws IOException {
    stubborn.forEach(Ledger::close);
    if (sentry.isPresent()) {
      sentry.get().close();
    }
  }
}
