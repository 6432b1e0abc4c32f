package dev.regent.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.house.Sandbox.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LauncherTest {
  @TempDir Path folder;
  private Sandbox sandbox;
  private Map<String, String> environment;

  @BeforeEach
  void givenAJdk() throws Exception {
    sandbox = new Sandbox(folder);
    environment = Map.of("REGENT_JAVA_HOME", sandbox.jdk("jdk", "25.0.3").toString());
  }

  @Test
  void buildsOnceAndPassesWordsAndExitCode() throws Exception {
    Ended first = sandbox.regent(environment, "status", "two words");
    Ended second = sandbox.regent(environment, "status");

    assertThat(first.output()).contains("regent: building core [1/2]");
    assertThat(first.output()).endsWith("dev.regent.cli.Main status two words\n");
    assertThat(first.exitCode()).isEqualTo(7);
    assertThat(second.output()).startsWith("java ").hasLineCount(1);
    assertThat(sandbox.builds()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "status, cli",
    "run, cli",
    "lab, lab",
    "demo, lab",
    "drill, lab",
    "bench, bench",
    "sim, sim",
    "'', cli"
  })
  void firstWordChoosesTheModule(String word, String module) throws Exception {
    Ended ended = sandbox.regent(environment, word);

    String target = sandbox.home().resolve(module).resolve("target").toString();
    assertThat(ended.output())
        .contains(
            "-cp "
                + target
                + "/regent-"
                + module
                + ".jar:"
                + target
                + "/lib/a.jar:"
                + target
                + "/lib/b.jar dev.regent."
                + module
                + ".Main "
                + word);
  }

  @ParameterizedTest
  @CsvSource({
    "pom.xml",
    "core/src/main/Some.java",
    "proxy/src/main/Some.java",
    "server/pom.xml",
    "cli/src/main",
    "cli/src/main/Some.java"
  })
  void buildsAgainAfterAChange(String changed) throws Exception {
    sandbox.regent(environment, "status");
    sandbox.touch(changed);
    sandbox.regent(environment, "status");

    assertThat(sandbox.builds()).isEqualTo(2);
  }

  @Test
  void aChangeElsewhereBuildsNothing() throws Exception {
    sandbox.regent(environment, "status");
    sandbox.touch("lab/src/main/Some.java");
    sandbox.regent(environment, "status");

    assertThat(sandbox.builds()).isEqualTo(1);
  }

  @Test
  void theSimulatorNeedsNoDaemon() throws Exception {
    sandbox.regent(environment, "sim");
    sandbox.touch("server/src/main/Some.java");
    sandbox.regent(environment, "sim");
    long afterServer = sandbox.builds();
    sandbox.touch("core/src/main/Some.java");
    sandbox.regent(environment, "sim");

    assertThat(afterServer).isEqualTo(1);
    assertThat(sandbox.builds()).isEqualTo(2);
  }

  @Test
  void aFailedBuildSaysWhyAndRunsNothing() throws Exception {
    sandbox.write("broken", "");
    Ended ended = sandbox.regent(environment, "status");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output())
        .contains("[ERROR] it is broken")
        .contains("target/build.log")
        .doesNotContain("java ");
  }

  @Test
  void noBuildTakesWhatIsThere() throws Exception {
    var noBuild =
        Map.of(
            "REGENT_NO_BUILD", "yes", "REGENT_JAVA_HOME", folder.toRealPath().resolve("jdk") + "");
    Ended without = sandbox.regent(noBuild, "status");
    sandbox.regent(environment, "status");
    sandbox.touch("pom.xml");
    Ended with = sandbox.regent(noBuild, "status");

    assertThat(without.exitCode()).isEqualTo(1);
    assertThat(without.output()).contains("/cli is not built").hasLineCount(1);
    assertThat(with.exitCode()).isEqualTo(7);
    assertThat(sandbox.builds()).isEqualTo(1);
  }

  @Test
  void becomesTheJvmEvenThroughLinks() throws Exception {
    sandbox.regent(environment, "status");
    Path link = Files.createSymbolicLink(folder.resolve("link"), sandbox.home().resolve("regent"));
    Files.createSymbolicLink(folder.resolve("second"), link.getFileName());
    Ended ended = sandbox.run(environment, "bash", "-c", "echo $$; exec ./second status");

    String[] lines = ended.output().split("\n", -1);
    assertThat(lines[1]).startsWith("java " + lines[0] + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "-pmar'i adb",
    "--password=mar'i adb",
    "-p|mar'i adb",
    "--password|mar'i adb",
  })
  void maxadminTakesAPasswordOffTheCommandLine(String password) throws Exception {
    sandbox.regent(environment, "status");
    Path link = Files.createSymbolicLink(folder.resolve("m"), sandbox.home().resolve("maxadmin"));
    List<String> command = new ArrayList<>(List.of(link.toString()));
    command.addAll(List.of(password.split("\\|")));
    command.addAll(List.of("-u", "ann", "show servers"));
    Ended ended = sandbox.run(environment, command.toArray(String[]::new));

    assertThat(ended.output())
        .contains("dev.regent.cli.Main maxadmin -u ann show servers\n")
        .endsWith("\npassword mar'i adb\n");
    assertThat(ended.output().lines().findFirst().orElse("")).doesNotContain("mar'i");
    assertThat(ended.exitCode()).isEqualTo(7);
  }

  /** The JVM would complain on standard output, where a command's answer is read. */
  @Test
  void aCacheThatDoesNotFitIsNoNews() throws Exception {
    assertThat(sandbox.regent(environment, "status").output())
        .containsPattern("-XX:AOTCache=.* -Xlog:aot=off ");
  }

  @Test
  void ownJvmOptionsReplaceOurs() throws Exception {
    var options =
        Map.of(
            "REGENT_JAVA_OPTS", "-Xmx1g -ea", "REGENT_JAVA_HOME", folder.resolve("jdk").toString());
    assertThat(sandbox.regent(options, "run").output()).contains(" -Xmx1g -ea -Dregent.home=");
    assertThat(sandbox.regent(environment, "run").output()).contains(" -XX:+UseSerialGC ");
  }

  @Test
  void testAddsUpWhatSurefireSays() throws Exception {
    Ended ended = sandbox.run(environment, sandbox.home().resolve("test").toString());

    assertThat(ended.exitCode()).isZero();
    assertThat(ended.output()).endsWith("\ntests: 11 passed, 3 failed, 1 skipped\n");
    assertThat(sandbox.regent(environment, "status").output()).startsWith("java ");
  }

  @Test
  void testFailsWithMaven() throws Exception {
    sandbox.write("broken", "");
    Ended ended = sandbox.run(environment, sandbox.home().resolve("test").toString());

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output()).endsWith("\ntests: 0 passed, 0 failed, 0 skipped\n");
  }

  @Test
  void takesTheOldestJdkThatIsNewEnough() throws Exception {
    sandbox.jdk("a-17", "17.0.15");
    sandbox.jdk("b-26", "26-ea");
    Path wanted = sandbox.jdk("c-25", "25");
    Files.delete(sandbox.jdk("d-25", "25").resolve("bin/javac"));
    Ended ended = sandbox.finder(Map.of("PATH", "/nowhere"), placesAre("?-*") + "echo $JDK_HOME");

    assertThat(ended.output()).isEqualTo(wanted + "\n");
  }

  @Test
  void javaHomeAndPathComeBeforeThePlaces() throws Exception {
    String home = sandbox.jdk("home", "26").toString();
    String path = sandbox.jdk("path", "27").toString();
    sandbox.jdk("old", "17");
    String find = placesAre("jdk") + "echo $JDK_HOME";

    var both = Map.of("JAVA_HOME", home, "PATH", path + "/bin:/usr/bin:/bin");
    assertThat(sandbox.finder(both, find).output()).isEqualTo(home + "\n");
    var oldHome = Map.of("JAVA_HOME", folder + "/old", "PATH", path + "/bin:/usr/bin:/bin");
    assertThat(sandbox.finder(oldHome, find).output()).isEqualTo(path + "\n");
  }

  @Test
  void aNamedJdkThatIsTooOldIsAnError() throws Exception {
    var old = Map.of("REGENT_JAVA_HOME", sandbox.jdk("old", "17.0.1").toString());
    Ended ended = sandbox.regent(old, "status");

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output()).contains("/old is not a JDK 25 or newer").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ID=debian;VERSION_ID=13, apt install openjdk-25-jdk-headless",
    "ID=debian, apt install openjdk-25-jdk-headless",
    "ID=debian;VERSION_ID=12;PRETTY_NAME=Debian-12, on Debian-12 unpack one",
    "ID=ubuntu;VERSION_ID=24.04, apt install openjdk-25-jdk-headless",
    "ID=linuxmint;ID_LIKE=\"ubuntu debian\", apt install openjdk-25-jdk-headless",
    "ID=rocky;ID_LIKE=\"rhel centos fedora\", dnf install java-25-openjdk-devel",
    "ID=other, on this system unpack one"
  })
  void withoutAJdkOneSentenceSaysHowToGetOne(String release, String advice) throws Exception {
    Path file = Files.writeString(folder.resolve("os-release"), release.replace(';', '\n'));
    Ended ended = sandbox.finder(Map.of(), "jdk_advice '" + file + "'");

    assertThat(ended.output()).startsWith("regent: needs JDK 25").contains(advice).hasLineCount(1);
  }

  @Test
  void withoutAJdkItEndsWithThatSentence() throws Exception {
    Ended ended = sandbox.finder(Map.of("PATH", "/nowhere"), placesAre("none"));

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output()).startsWith("regent: needs JDK 25").hasLineCount(1);
  }

  /** Lets the finder look into these folders of the sandbox only. */
  private static String placesAre(String glob) {
    return "jdk_places() { JDK_PLACES=(\"$PWD\"/" + glob + "); }; find_jdk || exit 1; ";
  }
}
