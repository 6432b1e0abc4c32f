package dev.regent.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of the house, read from the sources of every module.
 *
 * <p>Where a rule hurts readability, break it and say why on the line or above it: {@code // tidy:
 * sleep because the server's own clock has to pass a second}.
 */
class TidyTest {
  private static final List<Source> SOURCES = sources();

  static Stream<Rule> rules() {
    return HouseRules.all().stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void houseKeeps(Rule rule) {
    assertThat(SOURCES.stream().flatMap(source -> rule.complaints(source).stream())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void ruleFindsWhatBreaksIt(Rule rule) {
    assertThat(rule.bad()).isNotEmpty();
    assertThat(rule.bad()).allSatisfy(bad -> assertThat(rule.complaints(bad)).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void ruleLeavesTheRestAlone(Rule rule) {
    assertThat(rule.good()).allSatisfy(good -> assertThat(rule.complaints(good)).isEmpty());
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(packagesWithoutNullMark(SOURCES)).isEmpty();
    assertThat(packagesWithoutNullMark(List.of(java("class A {}"))))
        .containsExactly("dev.regent.lab");
  }

  @Test
  void everyModuleIsRead() {
    assertThat(SOURCES.stream().filter(Source::isMain).map(Source::module))
        .contains("core", "proxy", "sim", "server", "cli", "lab", "bench");
    assertThat(SOURCES.stream().map(Source::path)).contains("regent", "pom.xml", ".ci/run");
  }

  @Test
  void excuseNeedsItsRuleAndItsReason() {
    assertThat(java("// tidy: sleep because the server counts seconds\nx();").excuses("sleep", 2))
        .isTrue();
    assertThat(java("x(); // tidy: sleep because the server counts seconds").excuses("sleep", 1))
        .isTrue();
    assertThat(java("x(); // tidy: sleep because").excuses("sleep", 1)).isFalse();
    assertThat(java("x(); // tidy: sleep because the server counts seconds").excuses("exit", 1))
        .isFalse();
    assertThat(java("// tidy: sleep because the server counts seconds\n\nx();").excuses("sleep", 3))
        .isFalse();
  }

  @Test
  void commentsAndLiteralsAreNotCode() {
    Source source =
        java("a(\"b // \\\" c\"); // d\n/* e\n * f */ g('\"', \"\"\"\n h \\\"\"\" i\n\"\"\"); j");
    assertThat(source.code().replaceAll("[ \n]", "")).isEqualTo("a();g(,);j");
    assertThat(source.code().lines().count()).isEqualTo(source.lines());
  }

  @Test
  void complaintNamesPlaceRuleAndReplacement() {
    Rule sleep = rules().filter(rule -> rule.name().equals("sleep")).findFirst().orElseThrow();
    assertThat(sleep.complaints(java("class A {\n  { Thread.sleep(1); }\n}")))
        .singleElement()
        .asString()
        .startsWith("lab/src/main/java/dev/regent/lab/A.java:2: \"Thread.sleep\": wait for")
        .endsWith("[sleep]");
  }

  private static SortedSet<String> packagesWithoutNullMark(List<Source> sources) {
    var packages = new TreeSet<String>();
    sources.stream().filter(Source::isMain).forEach(source -> packages.add(source.packageName()));
    sources.stream()
        .filter(source -> source.fileName().equals("package-info.java"))
        .filter(source -> source.code().contains("@NullMarked"))
        .forEach(source -> packages.remove(source.packageName()));
    return packages;
  }

  private static Source java(String text) {
    return Source.of("lab/src/main/java/dev/regent/lab/A.java", text);
  }

  private static List<Source> sources() {
    try {
      return Source.ofRepository();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
