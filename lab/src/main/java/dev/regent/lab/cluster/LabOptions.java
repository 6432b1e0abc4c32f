package dev.regent.lab.cluster;

import dev.regent.lab.install.ServerBinaries;
import dev.regent.lab.machine.LabException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a cluster is to be like.
 *
 * @param name part of folder names, for people who look around
 * @param servers how many; server1 becomes the primary
 * @param version of MariaDB, e.g. "11.4" or "10.11"; not used when {@code binary} is given
 * @param binary a mariadbd of the system instead of the published one
 * @param parallelThreads {@code slave_parallel_threads} of each server
 * @param semiSync AFTER_SYNC with an endless timeout on the primary, and every replica a member
 * @param heartbeat between primary and replicas; empty: the server's default, half its timeout
 * @param tls servers offer TLS with certificates made for this cluster, and replication uses it
 * @param namespaces every server, the manager and the clients in a network namespace of its own,
 *     with a {@link dev.regent.lab.net.Net} between them; needs root
 * @param diskMebibytes each server's data on a small disk of its own, in memory; needs root
 * @param config further lines of every server's configuration file, in force over ours
 */
public record LabOptions(
    String name,
    int servers,
    String version,
    Optional<Path> binary,
    int parallelThreads,
    boolean semiSync,
    Optional<Duration> heartbeat,
    boolean tls,
    boolean namespaces,
    OptionalInt diskMebibytes,
    List<String> config) {

  /** More than this is no use on one machine, and surely a slip. */
  private static final int SERVERS_MAX = 20;

  /** A new server's files, with its first binary log. */
  private static final int DISK_MEBIBYTES_MIN = 48;

  public LabOptions {
    if (servers < 1 || servers > SERVERS_MAX) {
      throw new LabException("servers is %d, not 1 to %d".formatted(servers, SERVERS_MAX));
    }
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,30}")) {
      throw new LabException(
          "name \"%s\": use up to 31 letters, digits, _ and -, a letter or digit first"
              .formatted(name));
    }
    if (parallelThreads < 0) {
      throw new LabException("parallelThreads is " + parallelThreads);
    }
    if (diskMebibytes.isPresent() && diskMebibytes.getAsInt() < DISK_MEBIBYTES_MIN) {
      throw new LabException(
          "a disk of %d MiB is too small: a new server takes %d"
              .formatted(diskMebibytes.getAsInt(), DISK_MEBIBYTES_MIN));
    }
    config = List.copyOf(config);
  }

  public static LabOptions of(int servers) {
    return new LabOptions(
        "test",
        servers,
        ServerBinaries.DEFAULT_VERSION,
        Optional.empty(),
        4,
        false,
        Optional.empty(),
        false,
        false,
        OptionalInt.empty(),
        List.of());
  }

  public LabOptions withName(String value) {
    return new LabOptions(
        value,
        servers,
        version,
        binary,
        parallelThreads,
        semiSync,
        heartbeat,
        tls,
        namespaces,
        diskMebibytes,
        config);
  }

  public LabOptions withVersion(String value) {
    return new LabOptions(
        name,
        servers,
        value,
        binary,
        parallelThreads,
        semiSync,
        heartbeat,
        tls,
        namespaces,
        diskMebibytes,
        config);
  }

  public LabOptions withBinary(Path value) {
    return new LabOptions(
        name,
        servers,
        version,
        Optional.of(value),
        parallelThreads,
        semiSync,
        heartbeat,
        tls,
        namespaces,
        diskMebibytes,
        config);
  }

  public LabOptions withParallelThreads(int value) {
    return new LabOptions(
        name,
        servers,
        version,
        binary,
        value,
        semiSync,
        heartbeat,
        tls,
        namespaces,
        diskMebibytes,
        config);
  }

  public LabOptions withSemiSync() {
    return new LabOptions(
        name,
        servers,
        version,
        binary,
        parallelThreads,
        true,
        heartbeat,
        tls,
        namespaces,
        diskMebibytes,
        config);
  }

  public LabOptions withHeartbeat(Duration value) {
    return new LabOptions(
        name,
        servers,
        version,
        binary,
        parallelThreads,
        semiSync,
        Optional.of(value),
        tls,
        namespaces,
        diskMebibytes,
        config);
  }

  public LabOptions withTls() {
    return new LabOptions(
        name,
        servers,
        version,
        binary,
        parallelThreads,
        semiSync,
        heartbeat,
        true,
        namespaces,
        diskMebibytes,
        config);
  }

  public LabOptions inNamespaces() {
    return new LabOptions(
        name,
        servers,
        version,
        binary,
        parallelThreads,
        semiSync,
        heartbeat,
        tls,
        true,
        diskMebibytes,
        config);
  }

  public LabOptions withDisk(int mebibytes) {
    return new LabOptions(
        name,
        servers,
        version,
        binary,
        parallelThreads,
        semiSync,
        heartbeat,
        tls,
        namespaces,
        OptionalInt.of(mebibytes),
        config);
  }

  /** Adds lines for the configuration file, e.g. {@code "slave_net_timeout=4"}. */
  public LabOptions withConfig(String... lines) {
    List<String> all = new ArrayList<>(config);
    all.addAll(List.of(lines));
    return new LabOptions(
        name,
        servers,
        version,
        binary,
        parallelThreads,
        semiSync,
        heartbeat,
        tls,
        namespaces,
        diskMebibytes,
        all);
  }
}
