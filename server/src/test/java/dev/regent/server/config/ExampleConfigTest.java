package dev.regent.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExampleConfigTest {
  private static final Pattern SECTION = Pattern.compile("(?m)^\\[+\\w+]+$");
  private static final Pattern KEY = Pattern.compile("(?m)^(?:# )?([a-z_0-9]+) = ");

  /** A threshold that shows its default; not one that names a file or is given elsewhere. */
  private static final Pattern DEFAULT =
      Pattern.compile(
          "(?m)^# ((?!ca|key_store|tls_ca|replication_|admin_|fence|pre_|post_|semi_|write_probe_t"
              + "|events|port|address|user|password|timeout|dialect|credentials|strict_|max_repl)"
              + "[a-z_]+ = (?!\"/).*)$");

  @TempDir Path temp;

  @Test
  void theExampleIsTheFileInTheRepository() throws Exception {
    assertThat(ExampleConfig.text())
        .isEqualTo(Files.readString(Path.of("..", "regent.example.toml")));
  }

  @Test
  void theExampleLoads() {
    Config config = new Desktop(temp).loaded(ExampleConfig.text());
    assertThat(config.spec().servers()).hasSize(3);
  }

  @Test
  void theExampleNamesEveryKeyInItsSection() {
    Known known = ConfigLoader.keys();
    List<String> names =
        SECTION.matcher(ExampleConfig.text()).results().map(MatchResult::group).toList();
    assertThat(new TreeSet<>(names)).isEqualTo(new TreeSet<>(known.sections()));
    for (String section : known.sections()) {
      assertThat(keysOf(section)).as(section).isEqualTo(new TreeSet<>(known.of(section)));
    }
  }

  private static Set<String> keysOf(String section) {
    Set<String> keys = new TreeSet<>();
    String[] parts = ExampleConfig.text().split("(?m)(?=^\\[+\\w+]+$)");
    for (String part : parts) {
      if (part.startsWith(section + "\n")) {
        KEY.matcher(part).results().forEach(m -> keys.add(m.group(1)));
      }
    }
    return keys;
  }

  @Test
  void theExampleShowsTheRealDefaults() {
    Desktop desktop = new Desktop(temp);
    Config standard = desktop.loaded(ExampleConfig.text());
    String shown = DEFAULT.matcher(ExampleConfig.text()).replaceAll("$1");
    assertThat(DEFAULT.matcher(ExampleConfig.text()).results()).hasSizeGreaterThan(25);
    Config same = desktop.loaded(shown.replace("zone = \"berlin\"", ""));
    assertThat(same.spec()).isEqualTo(standard.spec());
    assertThat(same.tls()).isEqualTo(standard.tls());
    assertThat(same.sourceTls()).isEqualTo(standard.sourceTls());
    assertThat(same.writeProbe()).isEqualTo(standard.writeProbe());
  }
}
