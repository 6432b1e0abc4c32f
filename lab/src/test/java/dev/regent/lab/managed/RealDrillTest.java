package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.Terminal;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code regent drill switchover -c FILE}: on a cluster that is somebody's. */
@Tag("real")
class RealDrillTest {
  @TempDir private Path state;

  @Test
  void movesTheRoleThereAndBackForWhoNamesTheCluster() throws Exception {
    try (Managed managed = Managed.start(3, "safe")) {
      managed.safeNow();
      String drill = "drill switchover --json -c " + managed.daemon().config();

      Terminal.Ran unconfirmed = regent(drill);
      Terminal.Ran another = regent(drill + " --confirm shop");
      Terminal.Ran killing = regent(drill.replace("switchover", "kill") + " --confirm test");

      assertThat(unconfirmed.exit()).isEqualTo(3);
      assertThat(unconfirmed.said()).contains("--confirm test");
      assertThat(another.exit()).isEqualTo(3);
      assertThat(killing.exit()).isEqualTo(2);
      assertThat(managed.feed().epoch()).isEqualTo(1);

      Terminal.Ran done = regent(drill + " --confirm test");

      assertThat(done.exit()).as(done.said()).isZero();
      assertThat(done.said()).contains("The role is where it was.").contains("\"pause_ms\":");
      assertThat(managed.feed().epoch()).isEqualTo(3);
      managed.primaryIs(1);
    }
  }

  @Test
  void leavesAClusterAloneThatIsNotWell() throws Exception {
    try (Managed managed = Managed.start(3, "available")) {
      managed.follows(2, 1);
      managed.server(2).kill();
      managed.diagnosed("ReplicaUnreachable");

      Terminal.Ran refused =
          regent("drill switchover -c " + managed.daemon().config() + " --confirm test");

      assertThat(refused.exit()).isEqualTo(3);
      assertThat(refused.said()).contains("not healthy");
      managed.daemon().stop();
      Terminal.Ran gone =
          regent("drill switchover -c " + managed.daemon().config() + " --confirm test");
      assertThat(gone.exit()).isEqualTo(1);
    }
  }

  private Terminal.Ran regent(String words) throws Exception {
    return new Terminal(state).regent(words);
  }
}
