package dev.regent.lab.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.model.GtidPosition;
import dev.regent.core.plan.Evidence.Objections;
import dev.regent.core.plan.Evidence.Position;
import dev.regent.core.plan.Freezing.CheckFrozen;
import dev.regent.core.plan.Freezing.CheckPrimary;
import dev.regent.core.plan.Freezing.Freeze;
import dev.regent.core.plan.Freezing.Unfreeze;
import dev.regent.core.plan.Receiving.Drain;
import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.cluster.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("real")
class FreezeTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @RegisterExtension final ClusterExtension lab = ClusterExtension.with(LabOptions.of(2));

  private LabServer primary;
  private Hands hands;

  @BeforeEach
  void takeHold() {
    primary = lab.server(1);
    hands = Hands.on(lab.cluster());
  }

  @AfterEach
  void letGo() {
    hands.close();
  }

  /**
   * One of the writers has all rights: its statement that waits for the lock would succeed after
   * the release. It comes only once; what such a one writes to a frozen server is {@link
   * CheckFrozen}'s to find.
   */
  @Test
  void underLoadTheReplicaThatReachesThePositionHasEveryAcknowledgedRow() {
    try (Writers writers = new Writers(primary)) {
      writers.start(lab.cluster().accounts().app(), 3, true);
      writers.start(lab.cluster().accounts().regent(), 1, false);
      await().until(() -> writers.acknowledged().size() > 100);

      GtidPosition frozen =
          ((Position) hands.done(new Freeze(Hands.id(primary), LIMIT))).position();
      Set<Integer> acknowledged = writers.acknowledged();
      writers.stop();

      hands.done(new Drain(Hands.id(lab.server(2)), "", frozen, Hands.LIMIT));
      assertThat(ids(lab.server(2))).containsAll(acknowledged);
    }
  }

  @Test
  void frozenServerStaysWhereItIsUntilItIsOpened() {
    primary.execute("SET GLOBAL event_scheduler=ON");
    try (Writers writers = new Writers(primary)) {
      writers.start(lab.cluster().accounts().app(), 2, true);
      await().until(() -> writers.acknowledged().size() > 20);

      Position frozen = (Position) hands.done(new Freeze(Hands.id(primary), LIMIT));

      await().until(() -> writers.refused() > 10);
      assertThat(hands.found(new CheckFrozen(Hands.id(primary), frozen.position()))).isTrue();
      assertThat(primary.value("SELECT @@event_scheduler")).isEqualTo("OFF");
      GtidPosition more = GtidPosition.parse("0-1-1000000");
      assertThat(hands.failed(new Unfreeze(Hands.id(primary), true, more, false)))
          .contains("instead of 0-1-1000000");
      assertThat(hands.failed(new Unfreeze(Hands.id(primary), true, frozen.position(), true)))
          .contains("no acknowledgement");
      assertThat(hands.found(new CheckFrozen(Hands.id(primary), frozen.position()))).isTrue();
      hands.done(new Unfreeze(Hands.id(primary), true, frozen.position(), false));
      int before = writers.acknowledged().size();
      await().until(() -> writers.acknowledged().size() > before);
      assertThat(hands.failed(new CheckFrozen(Hands.id(primary), frozen.position())))
          .contains("takes writes again");
      assertThat(primary.value("SELECT @@event_scheduler")).isEqualTo("ON");
    }
  }

  @Test
  void tableLockOfSomebodyElseIsNamedAndMakesTheFreezeUndoItself() throws SQLException {
    primary.execute("SET GLOBAL event_scheduler=ON");
    try (Connection holder = primary.connect(lab.cluster().accounts().regent())) {
      Sql.execute(holder, "LOCK TABLES shop.orders WRITE");
      assertThat(objections()).anySatisfy(o -> assertThat(o).contains("shop.orders"));
      long begun = System.nanoTime();

      assertThat(hands.failed(new Freeze(Hands.id(primary), Duration.ofSeconds(2))))
          .startsWith("undone");

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
      // Who held the lock was not harmed, nobody waits, and all is as it was.
      Sql.execute(holder, "INSERT INTO shop.orders VALUES (1, 1, 1, 'x')", "UNLOCK TABLES");
      assertThat(primary.value("SELECT @@read_only")).isEqualTo("0");
      assertThat(primary.value("SELECT @@event_scheduler")).isEqualTo("ON");
      Orders.write(primary, 2, 3);
    }
  }

  @Test
  void longTransactionIsNamed() throws SQLException {
    assertThat(objections()).isEmpty();
    try (Connection app = primary.connect(lab.cluster().accounts().app())) {
      app.setAutoCommit(false);
      Sql.execute(app, "INSERT INTO shop.orders VALUES (1, 1, 1, 'x')");
      await().until(() -> !objections().isEmpty());
      assertThat(objections().getFirst()).contains("of app has a transaction open");
      app.rollback();
    }
    assertThat(objections()).isEmpty();
  }

  private List<String> objections() {
    CheckPrimary check = new CheckPrimary(Hands.id(primary), Duration.ofSeconds(1));
    return ((Objections) hands.done(check)).reasons();
  }

  private static Set<Integer> ids(LabServer server) {
    return server.rows("SELECT id FROM shop.orders").stream()
        .map(row -> Integer.valueOf(row.getOrDefault("id", "")))
        .collect(Collectors.toSet());
  }

  /** Each writes one row after the other and remembers what the server has confirmed. */
  private static final class Writers implements AutoCloseable {
    private final LabServer server;
    private final Set<Integer> confirmed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger(1000);
    private final AtomicInteger refusals = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Writers(LabServer server) {
      this.server = server;
    }

    void start(Account account, int count, boolean again) {
      for (int i = 0; i < count; i++) {
        threads.add(Thread.ofVirtual().name("writer").start(() -> run(account, again)));
      }
    }

    Set<Integer> acknowledged() {
      return Set.copyOf(confirmed);
    }

    int refused() {
      return refusals.get();
    }

    private void run(Account account, boolean again) {
      do {
        try (Connection connection = server.connect(account)) {
          while (!stopped) {
            write(connection);
          }
        } catch (SQLException e) {
          refusals.incrementAndGet();
        }
      } while (again && !stopped);
    }

    private void write(Connection connection) throws SQLException {
      int id = next.incrementAndGet();
      Sql.execute(connection, "INSERT INTO shop.orders VALUES (" + id + ", 1, 1, 'x')");
      confirmed.add(id);
    }

    void stop() {
      stopped = true;
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void close() {
      stop();
    }
  }
}
