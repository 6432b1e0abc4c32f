package dev.regent.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link ClusterHolder} that runs, and that a test may end in whatever way. */
final class HeldCluster implements AutoCloseable {
  private final Process holder;
  private final BufferedReader said;

  private HeldCluster(Process holder) {
    this.holder = holder;
    this.said =
        new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts one that keeps its servers' data in here; it is not complete when this returns.
   *
   * @param arguments for {@link ClusterHolder}
   */
  static HeldCluster start(Path data, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("-Dregent.lab.data=" + data, ClusterHolder.class.getName()));
    command.addAll(List.of(arguments));
    return new HeldCluster(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next thing it says. */
  String said() throws IOException {
    return String.valueOf(said.readLine());
  }

  /** Waits until the cluster is complete; its folder. */
  Path folder() throws IOException {
    Path folder = Path.of(said());
    assertThat(Leftovers.processesOf(folder)).hasSize(2);
    return folder;
  }

  /** SIGKILL. */
  void kill() {
    holder.destroyForcibly();
    await();
  }

  /** SIGTERM; returns when it has ended. */
  void end() {
    holder.destroy();
    await();
  }

  /** SIGKILL for the shell that watches over it. */
  void killReaper() {
    List<ProcessHandle> reapers =
        holder.children().filter(child -> arguments(child).contains("regent-lab-reaper")).toList();
    assertThat(reapers).hasSize(1);
    reapers.getFirst().destroyForcibly();
    reapers.getFirst().onExit().join();
  }

  private static List<String> arguments(ProcessHandle process) {
    return process.info().arguments().map(List::of).orElse(List.of());
  }

  private void await() {
    try {
      holder.waitFor();
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  @Override
  public void close() {
    kill();
  }
}
