package dev.regent.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Policy;
import dev.regent.server.maxadmin.AdminSettings;
import dev.regent.server.monitor.EventSettings;
import dev.regent.server.monitor.EventSettings.Credentials;
import dev.regent.server.monitor.EventSettings.Dialect;
import dev.regent.server.monitor.MonitorEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventsTest {
  @TempDir Path temp;
  private Path script = Path.of("none");

  @BeforeEach
  void script() {
    script = new Desktop(temp).write("failover.sh", "rwx------", "#!/bin/sh\n");
  }

  private EventSettings read(String section) {
    return new Desktop(temp).loaded(text(section)).events().orElseThrow();
  }

  private List<String> mistakes(String section) {
    return new Desktop(temp).mistakesIn(text(section));
  }

  private String text(String section) {
    return Desktop.SMALLEST + "[events]\n" + section.replace("SCRIPT", script.toString()) + "\n";
  }

  @Test
  void nothingButAScript() {
    assertThat(read("script = \"SCRIPT\""))
        .isEqualTo(
            new EventSettings(
                List.of(script.toString()),
                EnumSet.allOf(MonitorEvent.class),
                Duration.ofSeconds(90),
                Dialect.FIXED,
                Credentials.REFUSED,
                false,
                OptionalLong.empty(),
                List.of()));
    assertThat(new Desktop(temp).loaded(Desktop.SMALLEST).events()).isEmpty();
  }

  @Test
  void everythingCanBeSet() {
    EventSettings events =
        read(
            """
            script = ["SCRIPT", "--e=$EVENT", "$CREDENTIALS"]
            events = ["master_down", "new_master"]
            timeout = "5s"
            dialect = "2.1.3"
            credentials = "arguments"
            strict_1_2 = true
            max_replication_lag = "10s"
            """);
    assertThat(events.script()).containsExactly(script.toString(), "--e=$EVENT", "$CREDENTIALS");
    assertThat(events.events())
        .containsExactly(MonitorEvent.PRIMARY_DOWN, MonitorEvent.NEW_PRIMARY);
    assertThat(events.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(events.dialect()).isEqualTo(Dialect.BRACKETS);
    assertThat(events.credentials()).isEqualTo(Credentials.ARGUMENTS);
    assertThat(events.strict()).isTrue();
    assertThat(events.lagMaxSeconds()).hasValue(10);
  }

  /** What stands in a maxscale.cnf can be copied. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "master_down;                          master_down",
        "'master_down,SLAVE_UP';               master_down slave_up",
        "'master_down | new_master lost_ndb '; master_down new_master lost_ndb",
      })
  void eventsAsMaxScaleWroteThem(String line, String words) {
    assertThat(read("script = \"SCRIPT\"\nevents = \"" + line + "\"").events())
        .extracting(MonitorEvent::word)
        .containsExactly(words.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "SCRIPT -a b;            -a|b",
        "SCRIPT 'a b' \"c d\"e;  a b|c de",
        "SCRIPT a\\ b '' \\';    a b||'",
      })
  void scriptAsMaxScaleSplitIt(String line, String words) {
    String toml = line.replace("\\", "\\\\").replace("\"", "\\\"");
    assertThat(read("script = \"" + toml + "\"").script().stream().skip(1))
        .containsExactly(words.split("\\|", -1));
  }

  @Test
  void allMistakesAtOnce() {
    assertThat(
            mistakes(
                """
                script = ["nowhere/failover.sh", "$EVENT"]
                events = ["master_dwon", "weather"]
                timeout = "0s"
                dialect = "1.4"
                credentials = "yes"
                """))
        .satisfiesExactly(
            m -> assertThat(m).contains("depends on a search path"),
            m -> assertThat(m).contains("has $EVENT, but dialect \"1.2\" knows no placeholders"),
            m -> assertThat(m).contains("no event \"master_dwon\"; did you mean master_down?"),
            m -> assertThat(m).contains("no event \"weather\"; there are master_down, master_up"),
            m -> assertThat(m).contains("[events] timeout is 0s"),
            m -> assertThat(m).contains("must be one of \"1.2\", \"1.3\", \"2.1.3\", not \"1.4\""),
            m -> assertThat(m).contains("credentials must be one of \"refused\""));
  }

  @Test
  void settingsWithoutAScript() {
    assertThat(mistakes("events = \"master_down\"\nstrict_1_2 = true"))
        .satisfiesExactly(
            m -> assertThat(m).contains("events has no script"),
            m -> assertThat(m).contains("strict_1_2 has no script"));
  }

  @Test
  void scriptThatCannotBeRun() {
    assertThat(mistakes("script = \"/nowhere/failover.sh\""))
        .singleElement()
        .asString()
        .contains("which is no program that can be run");
    assertThat(mistakes("script = \"SCRIPT 'open\""))
        .singleElement()
        .asString()
        .contains("has a quote that does not end");
  }

  @Test
  void scriptThatIsToFailOver() {
    String act = "failover = \"script\"\n";
    Desktop desktop = new Desktop(temp);
    assertThat(
            desktop.loaded(text("script = \"SCRIPT\"\n" + act)).spec().policy().failover().actor())
        .isEqualTo(Policy.Actor.SCRIPT);
    assertThat(mistakes(act)).singleElement().asString().contains("has no script");
    assertThat(mistakes("script = \"SCRIPT\"\nevents = \"slave_down\"\n" + act))
        .singleElement()
        .asString()
        .contains("leave out master_down");
    String safe =
        text("script = \"SCRIPT\"\n" + act)
            .replace("name = \"shop\"", "name = \"shop\"\nprofile = \"safe\"")
            .replace(
                "[credentials]",
                "[[server]]\nname = \"db3\"\naddress = \"db3:3306\"\n[credentials]");
    assertThat(desktop.mistakesIn(safe))
        .singleElement()
        .asString()
        .contains("contradicts profile \"safe\"");
  }

  @Test
  void portForOldClients() {
    Desktop desktop = new Desktop(temp);
    assertThat(desktop.loaded(Desktop.SMALLEST).maxadmin()).isEmpty();
    assertThat(desktop.loaded(Desktop.SMALLEST + "[maxadmin]\npassword = \"mariadb\"\n").maxadmin())
        .contains(new AdminSettings("127.0.0.1", 6603, "admin", "mariadb"));
    assertThat(desktop.mistakesIn(Desktop.SMALLEST + "[maxadmin]\nport = 6603\n"))
        .singleElement()
        .asString()
        .contains("[maxadmin] password is missing");
    assertThat(desktop.mistakesIn(Desktop.SMALLEST + "[maxadmin]\nuser = \"ann\"\n"))
        .singleElement()
        .asString()
        .contains("user has no port");
    Path open =
        desktop.write(
            "open.toml", "rw-r--r--", Desktop.SMALLEST + "[maxadmin]\npassword = \"mariadb\"\n");
    assertThat(Desktop.mistakes(ConfigLoader.load(open, Desktop.surroundings())))
        .anyMatch(m -> m.contains("stands in a file that others may read"));
  }

  @Test
  void passwordsAmongTheArgumentsAreRefusedUnlessAllowed() {
    String line = "script = \"SCRIPT $CREDENTIALS\"\ndialect = \"1.3\"\n";
    assertThat(mistakes(line)).singleElement().asString().contains("credentials = \"environment\"");
    assertThat(mistakes(line + "credentials = \"environment\"")).hasSize(1);
    assertThat(read(line + "credentials = \"arguments\"").script()).contains("$CREDENTIALS");
  }

  @Test
  void variablesWithPasswordsAreWithheldFromTheScript() {
    String text =
        text("script = \"SCRIPT\"")
            .replace("admin_password = \"hunter2\"", "admin_password_env = \"REGENT_PW\"");
    assertThat(new Desktop(temp).loaded(text).events().orElseThrow().withheld())
        .containsExactly("REGENT_PW");
  }

  /** What the example shows is what holds without it. */
  @Test
  void theExampleShowsTheRealDefaults() {
    String[] parts = ExampleConfig.text().split("(?m)(?=^\\[+\\w+]+$)");
    String shown =
        java.util.Arrays.stream(parts)
            .filter(p -> p.startsWith("[events]\n"))
            .findFirst()
            .orElseThrow();
    String lines =
        shown
            .replaceAll("(?m)^# ([a-z_0-9]+ = )", "$1")
            .replace("/usr/local/bin/failover.sh", script.toString())
            .replaceAll("(?m)^(events|max_replication_lag) = .*$", "");
    assertThat(new Desktop(temp).loaded(Desktop.SMALLEST + lines).events())
        .contains(read("script = \"SCRIPT\""));
  }
}
