package dev.regent.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.scenario.Scenario;
import dev.regent.lab.script.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** FAILURES.md names every drill as it is, and every drill that it names exists. */
class DrillsDocTest {
  private static final String DRILLS = "\n## Drills\n";
  private static final String OTHERS = "\n## Scenarios of others\n";
  private static final Pattern NAME = Pattern.compile("`([a-z][a-z-]+)`");

  private static String page() throws IOException {
    return Files.readString(Path.of("..", "FAILURES.md"));
  }

  private static String between(String page, String from, String to) {
    int at = page.indexOf(from);
    int end = page.indexOf(to, at);
    assertThat(at).as(from.strip()).isNotNegative();
    assertThat(end).as(to.strip()).isGreaterThan(at);
    return page.substring(at, end);
  }

  private static String row(Scenario s) {
    return "| `%s` | %s | %s | %s |"
        .formatted(s.name(), String.join(" ", s.profiles()), s.sentence(), s.expected().outcome());
  }

  @Test
  void everyDrillHasItsRow() throws IOException {
    List<String> rows =
        between(page(), DRILLS, OTHERS).lines().filter(l -> l.startsWith("| `")).toList();
    assertThat(rows)
        .containsExactlyElementsOf(Catalogue.all().stream().map(DrillsDocTest::row).toList());
  }

  /** In the last column: the first ones have the names that others use. */
  @Test
  void everyDrillThatStandsForAScenarioOfOthersExists() throws IOException {
    String page = page();
    Set<String> drills = Catalogue.all().stream().map(Scenario::name).collect(Collectors.toSet());
    List<String> named =
        page.substring(page.indexOf(OTHERS))
            .lines()
            .filter(l -> l.startsWith("| ") && !l.startsWith("| theirs"))
            .map(l -> l.substring(l.lastIndexOf('|', l.length() - 2)))
            .flatMap(l -> NAME.matcher(l).results().map(m -> m.group(1)))
            .filter(n -> !Scenario.ALL.contains(n))
            .toList();
    assertThat(named).hasSizeGreaterThan(50);
    assertThat(drills).containsAll(named);
  }
}
