package dev.regent.lab.cluster;

import dev.regent.lab.install.DataTemplate;
import dev.regent.lab.install.ServerBinaries;
import dev.regent.lab.install.ServerInstall;
import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import dev.regent.lab.machine.LabRegister;
import dev.regent.lab.machine.Mounts;
import dev.regent.lab.machine.Parallel;
import dev.regent.lab.machine.Ports;
import dev.regent.lab.machine.Reaper;
import dev.regent.lab.machine.ServerProcess;
import dev.regent.lab.net.Host;
import dev.regent.lab.net.Namespaces;
import dev.regent.lab.net.Net;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A primary and its replicas, running. {@code server1} starts as the primary and is the one
 * writable server; all others follow it by GTID.
 *
 * <p>The cluster belongs to this program: {@link #close} stops every server and deletes all files,
 * the end of the program does the same, and should the program be killed, a small shell does it
 * ({@link Reaper}). Only {@link #detach} lets the servers live on.
 */
public final class LabCluster implements AutoCloseable {
  /** The schema that {@code app} may write to, and the table that the ledger writes to. */
  private static final List<String> SCHEMA =
      List.of(
          "CREATE DATABASE shop",
          """
          CREATE TABLE shop.orders (
            id BIGINT PRIMARY KEY, client INT NOT NULL, seq INT NOT NULL,
            payload VARCHAR(200) NOT NULL
          ) ENGINE=InnoDB\
          """);

  private static final int ERASE_ROUNDS_MAX = 20;
  private static final Duration GONE_WITHIN = Duration.ofSeconds(10);

  private final LabOptions options;
  private final ServerInstall install;
  private final Accounts accounts;
  private final Path folder;
  private final Reaper reaper;
  private final Thread hook;

  /** The program is ending, and takes the servers away under whoever still starts them. */
  private volatile boolean ending;

  /** Guarded by this; filled while starting. */
  private final List<LabServer> servers = new ArrayList<>();

  /** Guarded by this. */
  private Optional<Net> net = Optional.empty();

  /** Guarded by this. Once set, nothing is ours any more. */
  private boolean released;

  private LabCluster(LabOptions options, ServerInstall install) {
    this.options = options;
    this.install = install;
    this.accounts = Accounts.random();
    this.folder = LabFolders.chooseData(options.name(), options.servers());
    // Who cleans up is there before there is anything to clean up.
    LabRegister.enter(folder);
    this.reaper = Reaper.watch(folder);
    this.hook =
        Thread.ofPlatform().name("lab-cleanup-" + options.name()).unstarted(this::eraseAtExit);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts a cluster; it is complete and in step when this returns. */
  public static LabCluster start(LabOptions options) {
    eraseAbandoned();
    ServerInstall install = find(options);
    LabCluster cluster = new LabCluster(options, install);
    try {
      LabFolders.createData(cluster.folder);
      cluster.startNet();
      cluster.startServers();
      cluster.startReplication();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      if (cluster.ending) {
        throw new LabException("The program is ending; the servers it started are gone.", e);
      }
      throw e;
    }
  }

  private static ServerInstall find(LabOptions options) {
    return options
        .binary()
        .map(ServerBinaries::at)
        .orElseGet(() -> ServerBinaries.byVersion(options.version()));
  }

  private void startNet() {
    if (options.namespaces()) {
      List<String> names = new ArrayList<>();
      IntStream.rangeClosed(1, options.servers()).forEach(i -> names.add("server" + i));
      names.addAll(List.of(Net.MANAGER, Net.CLIENTS));
      Net made = Net.create(folder.getFileName().toString(), names);
      synchronized (this) {
        net = Optional.of(made);
      }
    }
  }

  private void startServers() {
    Map<String, Host> hosts = new LinkedHashMap<>();
    net().ifPresent(n -> n.hosts().forEach(host -> hosts.put(host.name(), host)));
    Access access = new Access(accounts, tls(hosts.values()));
    ServerMaker maker = new ServerMaker(folder, install, options, access, hosts);
    // Not in parallel: the first one makes what the others only copy.
    DataTemplate.prepare(install);
    List<Integer> ids = IntStream.rangeClosed(1, options.servers()).boxed().toList();
    List<LabServer> made = Parallel.map(ids, maker::make);
    synchronized (this) {
      servers.addAll(made);
    }
  }

  private Optional<TlsFiles> tls(Collection<Host> hosts) {
    if (!options.tls()) {
      return Optional.empty();
    }
    List<String> addresses = new ArrayList<>(List.of(ServerPlace.HOST));
    hosts.forEach(host -> addresses.add(host.address()));
    return Optional.of(TlsFiles.create(folder, addresses));
  }

  private void startReplication() {
    LabServer primary = primary();
    if (options.semiSync()) {
      primary.execute("SET GLOBAL rpl_semi_sync_master_enabled=1");
    }
    primary.execute("SET GLOBAL read_only=0");
    Replication replication = new Replication(options, accounts);
    Parallel.forEach(
        replicas(),
        replica -> replication.point(replica, primary.place().hostAddress(), primary.port()));
    Parallel.forEach(replicas(), Replication::awaitRunning);
    primary.execute(SCHEMA.toArray(String[]::new));
    Parallel.forEach(replicas(), replica -> Replication.awaitCaughtUp(replica, primary));
  }

  public synchronized List<LabServer> servers() {
    return List.copyOf(servers);
  }

  /** The network between its parties, if the cluster lives in namespaces. */
  public synchronized Optional<Net> net() {
    return net;
  }

  /** By name, "server2". */
  public LabServer server(String name) {
    return servers().stream()
        .filter(server -> server.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new LabException("No server \"%s\" in lab %s".formatted(name, options.name())));
  }

  /** By number, from 1. */
  public LabServer server(int number) {
    return server("server" + number);
  }

  /** The server that was the primary at the start: server1. */
  public LabServer primary() {
    return server(1);
  }

  /** All but {@link #primary}. */
  public List<LabServer> replicas() {
    List<LabServer> all = servers();
    return all.subList(1, all.size());
  }

  public Accounts accounts() {
    return accounts;
  }

  public LabOptions options() {
    return options;
  }

  public ServerInstall install() {
    return install;
  }

  /** Everything of this cluster lies in here. */
  public Path folder() {
    return folder;
  }

  /** Makes a server follow whoever answers at this address, and waits until it does. */
  public void follow(LabServer replica, String host, int port) {
    new Replication(options, accounts).point(replica, host, port);
    Replication.awaitRunning(replica);
  }

  /** Waits until the replica has applied everything that {@code from} has now. */
  public void awaitCaughtUp(LabServer replica, LabServer from) {
    Replication.awaitCaughtUp(replica, from);
  }

  /** Lets the servers live on after this program; whoever has their places looks after them. */
  public synchronized void detach() {
    if (!released) {
      released = true;
      LabRegister.detach(folder);
      reaper.leave();
      removeHook();
    }
  }

  /** Kills every server and deletes all files. Does nothing the second time. */
  @Override
  public synchronized void close() {
    if (!released) {
      released = true;
      erase(folder);
      reaper.leave();
      removeHook();
    }
  }

  /**
   * Kills every server that was started in this folder and whatever runs in the cluster's
   * namespaces, and deletes the folder. For a detached cluster; one's own is closed.
   */
  public static void erase(Path folder) {
    List<Path> servers = serverFolders(folder);
    servers.stream()
        .map(ServerPlace::processIn)
        .flatMap(Optional::stream)
        .forEach(ServerProcess::kill);
    for (Path server : servers) {
      ServerPlace.processIn(server).ifPresent(process -> process.awaitGone(GONE_WITHIN));
      Ports.release(server);
    }
    Namespaces.remove(folder.getFileName().toString());
    Mounts.unmountBelow(folder);
    LabFolders.deleteTree(folder);
    LabRegister.leave(folder);
  }

  /** Removes the labs of programs that were killed together with whoever was to clean up. */
  private static void eraseAbandoned() {
    for (Path abandoned : LabRegister.abandoned()) {
      try {
        erase(abandoned);
      } catch (LabException | UncheckedIOException e) {
        // Its reaper may be at it at this moment; what is left is found the next time.
      }
    }
  }

  private static List<Path> serverFolders(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(path -> path.getFileName().toString().startsWith("server")).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * A start may be under way in another thread, and a server that starts may write faster than we
   * delete. What this misses in the end is left to the reaper.
   */
  private void eraseAtExit() {
    ending = true;
    for (int round = 0; round < ERASE_ROUNDS_MAX && Files.exists(folder); round++) {
      try {
        erase(folder);
      } catch (UncheckedIOException e) {
        // Something was written meanwhile; the next round finds it.
      }
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program is ending: the hook runs, or has run.
    }
  }
}
