package dev.regent.lab.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.plan.Evidence.Position;
import dev.regent.core.plan.Freezing.CheckPrimary;
import dev.regent.core.plan.Freezing.Freeze;
import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.LabServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The connection of the look before a freeze is the freeze's second one. */
@Tag("real")
class SpareTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static final String OURS =
      "FROM information_schema.PROCESSLIST WHERE USER='regent' AND ID<>CONNECTION_ID()";

  @RegisterExtension final ClusterExtension lab = ClusterExtension.with(LabOptions.of(1));

  private LabServer primary;
  private Hands hands;

  @BeforeEach
  void takeHold() {
    primary = lab.server(1);
    hands = Hands.on(lab.cluster());
    // The control session is there from now on.
    freeze();
  }

  @AfterEach
  void letGo() {
    hands.close();
  }

  @Test
  void freezeLogsInNoMore() {
    look();
    int before = logins();
    freeze();
    // The one that asks.
    assertThat(logins() - before).isEqualTo(1);
  }

  @Test
  void freezeAfterItWasLostLogsInAnew() {
    look();
    primary.execute("KILL HARD CONNECTION " + newest());
    int before = logins();
    freeze();
    assertThat(logins() - before).isEqualTo(2);
  }

  @Test
  void isClosedIfNobodyTakesIt() {
    int before = ours();
    look();
    assertThat(ours()).isEqualTo(before + 1);
    await().atMost(Duration.ofSeconds(60)).until(() -> ours() == before);
  }

  private void look() {
    hands.done(new CheckPrimary(Hands.id(primary), Duration.ofSeconds(1)));
  }

  private void freeze() {
    assertThat(hands.done(new Freeze(Hands.id(primary), LIMIT))).isInstanceOf(Position.class);
  }

  private int logins() {
    Map<String, String> row = primary.rows("SHOW GLOBAL STATUS LIKE 'Connections'").getFirst();
    return Integer.parseInt(row.getOrDefault("Value", ""));
  }

  private int ours() {
    return Integer.parseInt(primary.value("SELECT COUNT(*) " + OURS));
  }

  private String newest() {
    return primary.value("SELECT MAX(ID) " + OURS);
  }
}
