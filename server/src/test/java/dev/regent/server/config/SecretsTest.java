package dev.regent.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.regent.server.store.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsTest {
  private static final String INLINE = "admin_password = \"hunter2\"";

  @TempDir Path temp;

  private static String with(String line) {
    return Desktop.SMALLEST.replace(INLINE, line);
  }

  @Test
  void aPasswordComesFromAFileOfItsOwn() {
    Desktop desktop = new Desktop(temp);
    desktop.write("pw", "r--------", "a b \\ \"c\n");
    Config config = desktop.loaded(with("admin_password_file = \"pw\""));
    assertThat(config.admin().password().reveal()).isEqualTo("a b \\ \"c");
  }

  @Test
  void aPasswordComesFromTheEnvironment() {
    Config config = new Desktop(temp).loaded(with("admin_password_env = \"REGENT_PW\""));
    assertThat(config.admin().password().reveal()).isEqualTo("from-environment");
  }

  @Test
  void aVariableThatIsNotSetIsAMistake() {
    assertThat(new Desktop(temp).mistakesIn(with("admin_password_env = \"NO_PW\"")))
        .containsExactly(
            "line 11: [credentials] admin_password_env names NO_PW, which is not set; set it in the"
                + " environment of the daemon, or name another");
  }

  @Test
  void onePasswordIsGivenInOneWay() {
    assertThat(new Desktop(temp).mistakesIn(with(INLINE + "\nadmin_password_env = \"REGENT_PW\"")))
        .containsExactly(
            "line 12: [credentials] admin_password_env is given beside admin_password; keep one of"
                + " the two");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
  void aFileWithAPasswordIsClosedToOthers(String permissions) {
    Desktop desktop = new Desktop(temp);
    Path config = desktop.write("regent.toml", permissions, Desktop.SMALLEST);
    assertThat(Desktop.mistakes(ConfigLoader.load(config, Desktop.surroundings())))
        .containsExactly(
            "line 11: [credentials] admin_password stands in a file that others may read; chmod 600 "
                + config
                + ", or move the password to a file of its own (admin_password_file)");
    Path password = desktop.write("pw", permissions, "x");
    assertThat(desktop.mistakesIn(with("admin_password_file = \"pw\"")))
        .containsExactly(
            "line 11: [credentials] admin_password_file "
                + password
                + " may be read by others; chmod 600 "
                + password);
  }

  @Test
  void aFileWithoutPasswordsMayBeReadByOthers() {
    Desktop desktop = new Desktop(temp);
    String text =
        with("admin_password_env = \"REGENT_PW\"")
            .replace("replication_password = \"hunter3\"", "replication_password_file = \"pw\"");
    desktop.write("pw", "rw-------", "x");
    Path config = desktop.write("regent.toml", "rw-r--r--", text);
    assertThat(ConfigLoader.load(config, Desktop.surroundings()))
        .isInstanceOf(ConfigResult.Ok.class);
  }

  @Test
  void anEmptyOrUnreadablePasswordFileIsAMistake() {
    Desktop desktop = new Desktop(temp);
    desktop.write("pw", "rw-------", "\n");
    assertThat(desktop.mistakesIn(with("admin_password_file = \"pw\"")))
        .containsExactly(
            "line 11: [credentials] admin_password_file "
                + temp.resolve("pw")
                + " is empty; write the password into it");
    assertThat(desktop.mistakesIn(with("admin_password_file = \".\"")))
        .hasSize(1)
        .first()
        .asString()
        .contains("cannot be read", "make it a file that user anna can read");
  }

  @Test
  void whoMayNotReadTheFileIsToldSo() {
    assumeThat(System.getProperty("user.name")).as("root may read everything").isNotEqualTo("root");
    Desktop desktop = new Desktop(temp);
    desktop.write("pw", "---------", "x");
    assertThat(desktop.mistakesIn(with("admin_password_file = \"pw\"")))
        .hasSize(1)
        .first()
        .asString()
        .contains("AccessDenied");
  }

  @Test
  void nothingPrintsAPassword() {
    Desktop desktop = new Desktop(temp);
    desktop.write("key.p12", "rw-------", "");
    Config config =
        desktop.loaded(
            Desktop.SMALLEST
                + "[tls]\nkey_store = \"key.p12\"\nkey_store_password = \"hunter4\"\n");
    for (String text :
        List.of(
            config.toString(),
            config.admin().toString(),
            Json.write(config.admin()),
            String.valueOf(config.admin().password()),
            String.valueOf(config.admin().hashCode()))) {
      assertThat(text).doesNotContain("hunter");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "admin_password = hunter2",
        "admin_password = \"hunter2",
        "admin_password = 'hunter2'x",
        "admin_password = [\"hunter2\"]",
        "admin_password = \"hunter\\2\"",
        "admin_pasword = \"hunter2\"",
        "admin_password_env = \"hunter2\"\nadmin_password = \"hunter2\""
      })
  void noMistakeShowsAPassword(String line) {
    assertThat(new Desktop(temp).mistakesIn(with(line)))
        .isNotEmpty()
        .noneMatch(mistake -> mistake.replace("names hunter2", "").contains("hunter"));
  }
}
