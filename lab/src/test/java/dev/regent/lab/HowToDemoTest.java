package dev.regent.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./regent demo --howto}, as somebody types it. */
@Tag("real")
class HowToDemoTest {
  @TempDir Path state;

  @Test
  void showsTheHowToToItsEnd() throws Exception {
    Terminal.Ran demo = new Terminal(state).regent("demo --howto --json");

    assertThat(demo.exit()).as(demo.said()).isZero();
    assertThat(demo.said())
        .contains("failover.sh was called with: --event=master_down --initiator=127.0.0.1:")
        .contains("$ maxadmin -pmariadb -P ")
        .containsSubsequence(
            "2. server3# service mysql stop",
            "Master, Running",
            "Down",
            "3. server3 is started again",
            "Slave, Running",
            "All of it held.")
        .containsPattern("\"moved_ms\":\\d+,\"rejoined_ms\":\\d+,\"script_calls\":1,\"held\":true");
  }
}
