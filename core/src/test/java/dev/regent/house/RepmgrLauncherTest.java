package dev.regent.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.house.Sandbox.Ended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM of the sandbox prints its arguments, and then what it was handed over in a pipe. */
class RepmgrLauncherTest {
  @TempDir Path folder;
  private Sandbox sandbox;
  private Map<String, String> environment;

  @BeforeEach
  void givenAJdk() throws Exception {
    sandbox = new Sandbox(folder);
    environment = Map.of("REGENT_JAVA_HOME", sandbox.jdk("jdk", "25.0.3").toString());
    repmgr("-version");
  }

  private Ended repmgr(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(sandbox.home().resolve("mariadb-repmgr") + ""));
    command.addAll(List.of(words));
    return sandbox.run(environment, command.toArray(String[]::new));
  }

  @Test
  void passesWordsAndExitCode() throws Exception {
    Ended ended = repmgr("-hosts", "a,b", "-failover=dead", "two words");
    assertThat(ended.exitCode()).isEqualTo(7);
    assertThat(ended.output())
        .startsWith("java ")
        .hasLineCount(1)
        .contains("repmgr.aot -Xlog:aot=off -cp ")
        .endsWith(" dev.regent.cli.repmgr.Main -hosts a,b -failover=dead two words\n");
  }

  @Test
  void takesPasswordsOffTheCommandLineHoweverTheyAreSpelt() throws Exception {
    Ended ended =
        repmgr("-user", "root:o n;$(e)", "--rpluser=repl:t=wo", "-host", "a", "-failover=dead");
    assertThat(ended.output().lines())
        .satisfiesExactly(
            java ->
                assertThat(java)
                    .endsWith("dev.regent.cli.repmgr.Main -host a -failover=dead")
                    .doesNotContain("root", "repl:"),
            line -> assertThat(line).isEqualTo("user=root:o n;$(e)"),
            line -> assertThat(line).isEqualTo("rpluser=repl:t=wo"),
            line -> assertThat(line).isEmpty());
  }

  @Test
  void filesAreNoSecretAndAFlagIsNoPassword() throws Exception {
    assertThat(repmgr("-user=@admin", "-rpluser", "@repl").output())
        .hasLineCount(1)
        .endsWith("Main -user=@admin -rpluser @repl\n");
    assertThat(repmgr("-user", "-host=a").output()).endsWith("Main -user -host=a\n");
  }
}
