package dev.regent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What somebody sees who starts Regent, as a process, with a configuration that has mistakes: all
 * of them, exit code 2, and nothing else.
 */
final class ConfigMistakesTest {
  private static final String RIGHT =
      """
      [cluster]
      name = "shop"
      [[server]]
      name = "db1"
      address = "127.0.0.1:1"
      [[server]]
      name = "db2"
      address = "127.0.0.1:2"
      [credentials]
      admin_user = "regent"
      admin_password = "hunter2"
      replication_user = "repl"
      replication_password = "hunter2"
      [daemon]
      state_dir = "state"
      run_dir = "run"
      """;

  private static final String LISTENERS =
      """
      [[listener]]
      port = 3999
      """;

  @TempDir private Path home;

  /** What a process left behind. */
  private record Ran(int exit, List<String> out, List<String> err) {}

  @ParameterizedTest
  @ValueSource(strings = {"run", "config check"})
  void allMistakesAreToldAtOnceWithTheirLines(String command) throws Exception {
    write(
        "regent.toml",
        "rw-------",
        RIGHT
                .replace("name = \"db2\"", "name = \"db1\"")
                .replace("127.0.0.1:2", "127.0.0.1:1")
                .replace("admin_password =", "admin_passwort =")
                .replace(
                    "replication_password = \"hunter2\"", "replication_password_file = \"gone\"")
            + """
            [detect]
            silence = "3 seconds"
            interval = 250
            [failovr]
            """);
    Ran ran = refused(command);
    String file = file().toString();
    assertThat(ran.err())
        .containsExactly(
            file + ": line 7: [[server]] name \"db1\" is taken since line 4; name it otherwise",
            file
                + ": line 8: [[server]] address \"127.0.0.1:1\" is taken since line 5;"
                + " every server has an address of its own",
            file
                + ": line 9: [credentials] admin_password is missing; add admin_password_file ="
                + " \"FILE\", admin_password_env = \"VARIABLE\" or admin_password = \"...\"",
            file
                + ": line 11: [credentials] has no key admin_passwort; did you mean"
                + " admin_password?",
            file
                + ": line 13: [credentials] replication_password_file "
                + home.resolve("gone")
                + " does not exist; create it with mode 600, or name another",
            file
                + ": line 18: [detect] silence must be a whole number with a unit (ms, s, m, h, d)"
                + " in quotes, not \"3 seconds\"; write silence = \"3s\"",
            file
                + ": line 19: [detect] interval must be a whole number with a unit (ms, s, m, h,"
                + " d) in quotes, not 250; write interval = \"250ms\"",
            file + ": line 20: there is no section [failovr]; did you mean [failover]?",
            "8 mistakes; nothing was started");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "config check"})
  void passwordThatOthersMayReadIsRefused(String command) throws Exception {
    write("regent.toml", "rw-r--r--", RIGHT);
    assertThat(refused(command).err())
        .containsExactly(
            file()
                + ": line 11: [credentials] admin_password stands in a file that others may read;"
                + " chmod 600 "
                + file()
                + ", or move the password to a file of its own (admin_password_file)",
            "1 mistake; nothing was started");
  }

  @Test
  void secretsThatCannotBeHadAreNamedAndNeverShown() throws Exception {
    write("open", "rw-r--r--", "hunter2\n");
    Files.createDirectory(home.resolve("folder"));
    write(
        "regent.toml",
        "rw-------",
        RIGHT
                .replace("admin_password = \"hunter2\"", "admin_password_file = \"open\"")
                .replace(
                    "replication_password = \"hunter2\"", "replication_password_file = \"folder\"")
            + """
            [tls]
            key_store = "missing.p12"
            key_store_password_env = "NOBODY_SETS_THIS"
            """);
    Ran ran = refused("run");
    assertThat(ran.err())
        .anyMatch(l -> l.contains("open may be read by others; chmod 600 "))
        .anyMatch(l -> l.contains("folder cannot be read (IOException); make it a file that"))
        .anyMatch(l -> l.contains("names NOBODY_SETS_THIS, which is not set"))
        .anyMatch(l -> l.contains("missing.p12 cannot be read; name an existing file"))
        .noneMatch(l -> l.contains("hunter2"));
    assertThat(ran.err().getLast()).isEqualTo("4 mistakes; nothing was started");
  }

  @Test
  void fileThatIsNotThereSaysHowToBegin() throws Exception {
    assertThat(refused("run").err())
        .containsExactly(
            file()
                + ": "
                + file()
                + " does not exist; begin with: regent config example > "
                + file(),
            "1 mistake; nothing was started");
  }

  @Test
  void rightConfigurationIsCheckedWithoutLeavingATrace() throws Exception {
    write("regent.toml", "rw-------", RIGHT);
    List<Path> before = everything();
    Ran ran = regent("config", "check", "-c", file().toString());
    assertThat(ran.exit()).as(ran.err().toString()).isZero();
    assertThat(ran.out())
        .containsExactly(file() + ": no mistake; cluster shop, 2 servers, profile available");
    assertThat(everything()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "config check"})
  void clustersThatCannotShareADaemonAreToldTogetherWithOtherMistakes(String command)
      throws Exception {
    write("regent.toml", "rw-------", RIGHT + LISTENERS);
    write("second.toml", "rw-------", RIGHT.replace("127.0.0.1:1", "127.0.0.1:3") + LISTENERS);
    write("third.toml", "rw-------", RIGHT.replace("[cluster]", "[clutser]"));
    String second = home.resolve("second.toml").toString();
    Ran ran = refused(command, second, home.resolve("third.toml").toString());
    String too = " is in " + file() + " too; ";
    assertThat(ran.err())
        .anyMatch(l -> l.startsWith(home.resolve("third.toml") + ": line 1: "))
        .contains(
            second + ": cluster shop" + too + "give one another name",
            second + ": server 127.0.0.1:2" + too + "one server belongs to one cluster",
            second + ": state_dir " + home.resolve("state") + too + "give each a folder of its own",
            second + ": port 127.0.0.1:3999" + too + "give each listener a port of its own");
    assertThat(ran.err().getLast()).endsWith("mistakes; nothing was started");
  }

  @Test
  void severalRightConfigurationsAreCheckedTogether() throws Exception {
    write("regent.toml", "rw-------", RIGHT);
    write(
        "second.toml",
        "rw-------",
        RIGHT
            .replace("shop", "blog")
            .replace("127.0.0.1:", "127.0.0.1:1")
            .replace("\"state\"", "\"other\""));
    Path second = home.resolve("second.toml");
    Ran ran = regent("config", "check", "-c", file().toString(), "-c", second.toString());
    assertThat(ran.exit()).as(ran.err().toString()).isZero();
    assertThat(ran.out())
        .containsExactly(
            file() + ": no mistake; cluster shop, 2 servers, profile available",
            second + ": no mistake; cluster blog, 2 servers, profile available");
  }

  private Path file() {
    return home.resolve("regent.toml");
  }

  private void write(String name, String permissions, String text) throws IOException {
    Path path = home.resolve(name);
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  /** Runs a command that finds mistakes: exit code 2, no output, and no file made or changed. */
  private Ran refused(String command, String... besides) throws IOException, InterruptedException {
    List<Path> before = everything();
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("-c", file().toString()));
    for (String other : besides) {
      words.addAll(List.of("-c", other));
    }
    Ran ran = regent(words.toArray(String[]::new));
    assertThat(ran.exit()).as(ran.err().toString()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(everything()).isEqualTo(before);
    return ran;
  }

  private List<Path> everything() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.sorted().toList();
    }
  }

  /** As the launcher starts it, in a home of its own. */
  private Ran regent(String... words) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Duser.home=" + home,
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder.command().addAll(List.of(words));
    builder.environment().put("XDG_STATE_HOME", home.resolve("xdg").toString());
    builder.environment().put("XDG_RUNTIME_DIR", home.resolve("xdg").toString());
    // Little enough for a pipe to hold, so neither stream waits for the other.
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(
        process.exitValue(), lines(process.getInputStream()), lines(process.getErrorStream()));
  }

  private static List<String> lines(java.io.InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
  }
}
