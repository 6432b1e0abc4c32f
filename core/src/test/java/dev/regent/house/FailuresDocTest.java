package dev.regent.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.analyze.Diagnosis;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** FAILURES.md and the sealed diagnoses say the same, and the tests it names exist. */
class FailuresDocTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|.*\\|([^|\n]+)\\|$");

  /** Behind a table of other people's scenarios: {@code `Class`} or {@code `Class.method`}. */
  private static final Pattern OTHERS_TEST = Pattern.compile("`([A-Z]\\w+Test)(?:\\.(\\w+))?`");

  private static final String OTHERS = "\n## Scenarios of others\n";

  /** A class, a class with a method, or one more method of the class named before it. */
  private static final Pattern NAME = Pattern.compile("`(?:([A-Z]\\w*)\\.?)?(\\w*)`");

  /** One row: its diagnosis and the cell with its tests. */
  private record Row(String diagnosis, String tests) {
    /** Italics say that a test uses real servers; {@code at} is where its name stands. */
    String module(int at) {
      boolean italic = tests.substring(0, at).chars().filter(c -> c == '*').count() % 2 == 1;
      return italic ? "lab" : "core";
    }
  }

  private static List<Row> rows(String page) {
    return ROW.matcher(page).results().map(r -> new Row(r.group(1), r.group(2))).toList();
  }

  private static String page() throws IOException {
    return Source.ofRepository().stream()
        .filter(s -> s.path().equals("FAILURES.md"))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private static List<Row> rows() throws IOException {
    String page = page();
    return rows(page.substring(0, page.indexOf("\n## Drills\n")));
  }

  /** The records among the permitted subclasses; interfaces between them only group. */
  private static Stream<String> cases(Class<?> sealed) {
    return sealed.isSealed()
        ? Stream.of(sealed.getPermittedSubclasses()).flatMap(FailuresDocTest::cases).distinct()
        : Stream.of(sealed.getSimpleName());
  }

  /** What a row says of tests that is not so. */
  private static List<String> complaints(Row row, List<Source> tests) {
    List<String> complaints = new ArrayList<>();
    String type = "";
    Matcher name = NAME.matcher(row.tests());
    while (name.find()) {
      type = name.group(1) == null ? type : name.group(1);
      String file = type + ".java";
      String method = name.group(2);
      String module = row.module(name.start());
      boolean found =
          tests.stream()
              .filter(s -> s.module().equals(module) && s.fileName().equals(file))
              .anyMatch(s -> method.isEmpty() || s.code().contains(" void " + method + "("));
      if (!found) {
        complaints.add(row.diagnosis() + ": there is no " + name.group() + " in " + module);
      }
    }
    if (type.isEmpty()) {
      complaints.add(row.diagnosis() + " names no test");
    }
    return complaints;
  }

  @Test
  void everyDiagnosisHasItsRow() throws IOException {
    assertThat(rows())
        .extracting(Row::diagnosis)
        .containsExactlyInAnyOrderElementsOf(cases(Diagnosis.class).toList());
  }

  @Test
  void everyNamedTestExists() throws IOException {
    List<Source> tests =
        Source.ofRepository().stream().filter(s -> s.isJava() && !s.isMain()).toList();
    assertThat(rows().stream().flatMap(row -> complaints(row, tests).stream())).isEmpty();
  }

  @Test
  void everyTestThatStandsForAScenarioOfOthersExists() throws IOException {
    List<Source> tests =
        Source.ofRepository().stream().filter(s -> s.isJava() && !s.isMain()).toList();
    String page = page();
    List<String> missing =
        OTHERS_TEST
            .matcher(page.substring(page.indexOf(OTHERS)))
            .results()
            .filter(m ->
                tests.stream()
                    .noneMatch(t ->
                        t.fileName().equals(m.group(1) + ".java")
                            && (m.group(2) == null
                                || t.code().contains(" void " + m.group(2) + "("))))
            .map(m -> m.group())
            .toList();
    assertThat(missing).isEmpty();
  }

  @Test
  void missingTestIsFound() {
    List<Source> tests =
        List.of(
            Source.of("core/src/test/java/a/ATest.java", "class ATest { void here() {} }"),
            Source.of("lab/src/test/java/a/BTest.java", "class BTest {}"));
    String page =
        """
        | `One` | x | y | `ATest.here` |
        | `Two` | x | y | *`BTest`, nine points* |
        | `Three` | x | y | *`ATest`* |
        | `Four` | x | y | `ATest.here`, `there` |
        | `Five` | x | y | none |
        | `Six` | x | y | `ATest`, *`BTest`* |
        """;
    assertThat(rows(page).stream().flatMap(row -> complaints(row, tests).stream()))
        .containsExactly(
            "Three: there is no `ATest` in lab",
            "Four: there is no `there` in core",
            "Five names no test");
  }
}
