package dev.regent.lab.repmgr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.ClusterExtension;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.repmgr.Tool.Ran;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commits wait without end for a replica: then a failover must reach all of them. */
@Tag("real")
class RepmgrSemiSyncTest {
  @RegisterExtension
  static final ClusterExtension lab = ClusterExtension.with(LabOptions.of(3).withSemiSync());

  @TempDir Path folder;

  @Test
  void aMissingReplicaIsHeldForAndNoWriteIsLostOnceItIsBack() {
    Tool tool = new Tool(lab.cluster(), folder);
    lab.server(1).execute("INSERT INTO shop.orders VALUES (1, 1, 1, 'kept')");
    lab.server(3).kill();
    lab.server(1).kill();
    lab.server(3).awaitGone();
    lab.server(1).awaitGone();
    String[] words = {
      "-host",
      lab.server(1).address(),
      "-slaves",
      Tool.addresses(lab.cluster().servers()),
      "-failover=dead"
    };
    Ran held = tool.run(words);
    assertThat(held.exit()).as(held.out() + held.err()).isEqualTo(3);
    assertThat(held.out()).contains("no acknowledged write is lost if all of");
    assertThat(held.err()).contains("held: ").contains(lab.server(3).address());
    assertThat(lab.server(2).value("SELECT @@read_only")).isEqualTo("1");

    // It starts with its replication stopped, as it is configured; it holds what it received.
    lab.server(3).start().awaitReady();
    Ran done = tool.run(words);
    assertThat(done.exit()).as(done.out() + done.err()).isZero();
    assertThat(done.out()).contains("no acknowledged write is lost: all that could");
    assertThat(lab.cluster().servers().stream().filter(s -> s.isRunning()))
        .filteredOn(s -> s.value("SELECT @@read_only").equals("0"))
        .singleElement()
        .satisfies(s ->
            assertThat(s.value("SELECT payload FROM shop.orders WHERE client=1")).isEqualTo("kept"))
        .satisfies(
            s -> assertThat(s.value("SELECT @@rpl_semi_sync_master_enabled")).isEqualTo("1"));
  }
}
