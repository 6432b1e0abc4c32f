package dev.regent.core.story;

import static dev.regent.core.toy.World.DB1;
import static dev.regent.core.toy.World.DB2;
import static dev.regent.core.toy.World.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerId;
import dev.regent.core.toy.Specs;
import dev.regent.core.toy.World;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whom a dead primary is replaced by: the cases that orchestrator tells apart when it suggests a
 * replacement, in our words. Its rule that a distant server may be forbidden is {@code NEVER} here.
 */
class CandidateTableTest {
  private static final Consumer<World> NOTHING = world -> {};

  /** Four servers, db1 dies, and this one gets the role. */
  record Row(String name, ClusterSpec spec, Consumer<World> before, ServerId winner) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static ClusterSpec four() {
    ClusterSpec spec = Specs.of(Profile.ASYNC, 4);
    for (ClusterSpec.Server server : spec.servers()) {
      spec = Specs.placed(spec, server.id(), "here", 0);
    }
    return spec;
  }

  private static ClusterSpec preferring(ClusterSpec spec, ServerId server, Preference preference) {
    return Specs.preferring(spec, server, preference);
  }

  static Stream<Row> rows() {
    ServerId db4 = new ServerId("db4");
    ClusterSpec apart = Specs.placed(four(), DB2, "there", 0);
    return Stream.of(
        new Row("all alike: the configured order", four(), NOTHING, DB2),
        new Row("one is preferred", preferring(four(), DB3, Preference.PREFER), NOTHING, DB3),
        new Row("one is in the primary's zone", apart, NOTHING, DB3),
        new Row(
            "the preferred one is in another zone",
            preferring(apart, DB2, Preference.PREFER),
            NOTHING,
            DB2),
        new Row(
            "two are preferred, one in the primary's zone",
            preferring(preferring(apart, DB2, Preference.PREFER), db4, Preference.PREFER),
            NOTHING,
            db4),
        new Row("one has priority", Specs.placed(four(), db4, "here", 5), NOTHING, db4),
        new Row("one shall never be", preferring(four(), DB2, Preference.NEVER), NOTHING, DB3),
        new Row("one logs nothing", four(), w -> w.server(DB2).logsUpdates = false, DB3),
        new Row("one logs statements", four(), w -> w.server(DB2).format = "STATEMENT", DB3),
        new Row("one is older", four(), w -> w.server(DB2).version = "10.6.3-MariaDB", DB3),
        new Row("one is newer", four(), w -> w.server(DB2).version = "11.8.2-MariaDB", DB2),
        new Row("one is delayed", four(), w -> w.server(DB2).delay(Duration.ofHours(1)), DB3),
        new Row("one does not apply", four(), w -> w.server(DB2).stop(false, true), DB3),
        new Row(
            "the preferred one logs nothing",
            preferring(four(), DB3, Preference.PREFER),
            w -> w.server(DB3).logsUpdates = false,
            DB2),
        new Row("one has more to apply", four(), w -> w.server(DB2).applyMillis = 40, DB3),
        new Row("one received less", four(), w -> w.cluster().cut(DB1, DB2), DB3));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void getsTheRole(Row row) {
    World world = World.of(row.spec());
    row.before().accept(world);
    world.run(Duration.ofSeconds(1)).cluster().kill(DB1);
    world.cluster().heal();
    world.until("a new primary", () -> world.record().epoch() == 2);
    assertThat(world.primary()).isEqualTo(row.winner());
    assertThat(world.lost()).isEmpty();
  }
}
