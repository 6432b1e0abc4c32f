package dev.regent.cli.fake;

import dev.regent.cli.client.Surroundings;
import dev.regent.cli.repmgr.Tool;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * What the launcher runs once after a build, so that the JVM writes down all classes as they are
 * after a start: a failover of servers that only pretend, and every class of ours that it did not
 * need. It ends with a refusal, since pretended servers obey and nothing comes of it.
 */
final class Rehearsal {
  private static final List<String> OURS = List.of("regent-core", "regent-server", "regent-cli");

  private Rehearsal() {}

  /** {@code words[0]}: the class path whose classes are wanted. */
  public static void main(String[] words) throws Exception {
    Path state = Files.createTempDirectory("rehearsal");
    try (FakeCluster cluster = FakeCluster.orphaned()) {
      List<String> servers = cluster.ports().stream().map(p -> "127.0.0.1:" + p).toList();
      Tool tool = new Tool(Surroundings.ofProcess());
      for (String act : List.of("-failover=check", "-failover=dead")) {
        tool.run(
            List.of(
                "-host",
                servers.getFirst(),
                "-slaves=" + String.join(",", servers),
                "-user=nobody:nothing",
                "-rpluser=nobody:nothing",
                "-state-dir=" + state,
                act));
      }
      tool.run(List.of("-help"));
    } finally {
      delete(state);
    }
    PrintStream out = System.out;
    out.println(load(words[0]) + " classes");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static long load(String classPath) {
    return Arrays.stream(classPath.split(":", -1))
        .filter(jar -> OURS.stream().anyMatch(jar::contains))
        .mapToLong(Rehearsal::loadAll)
        .sum();
  }

  private static long loadAll(String jar) {
    try (JarFile file = new JarFile(jar)) {
      return file.stream()
          .map(e -> e.getName())
          .filter(n -> n.endsWith(".class") && !n.contains("-info"))
          .filter(n -> isThere(n.substring(0, n.length() - ".class".length()).replace('/', '.')))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(jar + " cannot be read", e);
    }
  }

  private static boolean isThere(String name) {
    try {
      Class.forName(name, false, Rehearsal.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
