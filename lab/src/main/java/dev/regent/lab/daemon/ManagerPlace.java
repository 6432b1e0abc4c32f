package dev.regent.lab.daemon;

import dev.regent.lab.machine.Await;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the daemon that manages a lab cluster has its files: in the cluster's own folder, with
 * which they disappear. So a later cluster of the same name does not inherit what this one's
 * manager remembered.
 */
public record ManagerPlace(Path folder, String cluster) {
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(20);

  /** Of the cluster with this folder and name. */
  public static ManagerPlace in(Path clusterFolder, String cluster) {
    return new ManagerPlace(clusterFolder.resolve("manager"), cluster);
  }

  public Path config() {
    return folder.resolve("regent.toml");
  }

  Path state() {
    return folder.resolve("state");
  }

  Path run() {
    return folder.resolve("run");
  }

  public Path socket() {
    return run().resolve(cluster + ".sock");
  }

  Path audit() {
    return state().resolve("audit.jsonl");
  }

  Path log() {
    return folder.resolve("regent.log");
  }

  /** Ends the daemon that runs with our configuration, if there is one; true if there was. */
  public boolean stop() {
    Optional<ProcessHandle> daemon = daemon();
    daemon.ifPresent(ProcessHandle::destroy);
    if (daemon.isPresent() && !Await.holdsWithin(STOPPED_WITHIN, () -> daemon().isEmpty())) {
      daemon().ifPresent(ProcessHandle::destroyForcibly);
    }
    return daemon.isPresent();
  }

  /** The kernel says whether somebody holds the daemon's lock file; who it is stands in it. */
  private Optional<ProcessHandle> daemon() {
    Path file = run().resolve(cluster + ".lock");
    try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return lock.tryLock() == null
          ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      // Nobody was ever there.
      return Optional.empty();
    }
  }
}
