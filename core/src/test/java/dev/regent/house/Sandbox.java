package dev.regent.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A source folder with the real launcher, where Maven and Java are scripts that say what they were
 * asked.
 */
final class Sandbox {
  private static final long SECONDS_MAX = 30;

  private static final List<String> LAUNCHERS =
      List.of(
          "regent", "mariadb-repmgr", "maxadmin", "test", ".build/find-jdk.sh", ".build/build.sh");

  private final Path folder;

  /** What a command printed on both streams, and how it ended. */
  record Ended(int exitCode, String output) {}

  Sandbox(Path folder) throws IOException {
    this.folder = folder.toRealPath();
    Path root = Source.root();
    for (String file : LAUNCHERS) {
      Files.createDirectories(home().resolve(file).getParent());
      Files.copy(root.resolve(file), home().resolve(file));
    }
    for (String module : List.of("core", "proxy", "sim", "server", "cli", "lab", "bench")) {
      write(module + "/pom.xml", "");
      write(module + "/src/main/Some.java", "");
    }
    write("pom.xml", "");
    script(
        home().resolve("mvnw"),
        """
        echo "maven $*" >>maven.log
        echo "[INFO] Building Regent core 1.0   [1/2]"
        [[ ! -e broken ]] || { echo "[ERROR] it is broken"; exit 1; }
        for module in sim cli lab bench; do
          mkdir -p $module/target
          echo lib/a.jar:lib/b.jar >$module/target/classpath.txt
        done
        echo "[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 0.1 s -- in A"
        echo "[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 1"
        echo "[INFO] Tests run: 10, Failures: 2, Errors: 1, Skipped: 0"
        """);
    touchSources(Instant.now().minusSeconds(60));
  }

  Path home() {
    return folder.resolve("home");
  }

  /** A JDK whose java prints its arguments and ends with 7. */
  Path jdk(String name, String version) throws IOException {
    Path jdk = folder.resolve(name);
    script(
        jdk.resolve("bin/java"),
        """
        [[ $* != *AOTCacheOutput* ]] || exit 0
        echo "java $$ $*"
        [[ -z ${REGENT_MAXADMIN_PASSWORD:-} ]] || echo "password $REGENT_MAXADMIN_PASSWORD"
        [[ $* != *logins=/proc/self/fd/3* ]] || cat <&3
        exit 7
        """);
    script(jdk.resolve("bin/javac"), "");
    Files.writeString(jdk.resolve("release"), "X=\"1\"\nJAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  Ended regent(Map<String, String> environment, String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = home().resolve("regent").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return run(environment, command);
  }

  /** Runs bash with the JDK finder loaded. */
  Ended finder(Map<String, String> environment, String script) throws Exception {
    return run(environment, "bash", "-c", ". '" + home() + "/.build/find-jdk.sh'; " + script);
  }

  Ended run(Map<String, String> environment, String... command) throws Exception {
    Path output = folder.resolve("output");
    var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
    builder.redirectOutput(output.toFile());
    for (String name :
        List.of("JAVA_HOME", "REGENT_JAVA_HOME", "REGENT_JAVA_OPTS", "REGENT_NO_BUILD")) {
      builder.environment().remove(name);
    }
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(
          String.join(" ", command) + " runs for " + SECONDS_MAX + " s");
    }
    return new Ended(process.exitValue(), Files.readString(output));
  }

  long builds() throws IOException {
    Path log = home().resolve("maven.log");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  void touch(String path) throws IOException {
    Files.setLastModifiedTime(home().resolve(path), FileTime.from(Instant.now().plusSeconds(1)));
  }

  void write(String path, String text) throws IOException {
    Path file = home().resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void touchSources(Instant time) throws IOException {
    try (var files = Files.walk(home())) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(time));
      }
    }
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/usr/bin/env bash\n" + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
