package dev.regent.server.publish;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix domain socket of one cluster's daemon; see the package for what is spoken on it.
 *
 * <p>A lock file beside the socket, held for the daemon's life, tells a live owner from a dead one:
 * the kernel releases it whatever the daemon dies of, and only its holder removes or makes the
 * socket.
 */
public final class CommandSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandSocket.class);

  /** Benches, proxies and dashboards subscribe; operators come and go. */
  static final int CONNECTIONS_MAX = 64;

  /** How long answers under way may take when the daemon stops. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  /** The kernel's limit for the path of a socket ({@code sun_path}) without its final zero. */
  private static final int PATH_BYTES_MAX = 107;

  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  private final Path path;
  private final FileChannel lock;
  private final ServerSocketChannel server;
  private final Service service;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Semaphore free = new Semaphore(CONNECTIONS_MAX);
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("command-deadlines").factory());

  private CommandSocket(Path path, FileChannel lock, ServerSocketChannel server, Service service) {
    this.path = path;
    this.lock = lock;
    this.server = server;
    this.service = service;
    deadlines.setRemoveOnCancelPolicy(true);
  }

  /**
   * Takes the cluster's place in the run folder and serves from now on.
   *
   * @throws IOException another daemon serves this cluster, or the folder cannot be used; the
   *     message is for the operator
   */
  public static CommandSocket open(RunFolder folder, String cluster, Service service)
      throws IOException {
    Path path = folder.socket(cluster);
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
      throw new IOException(
          "the socket path "
              + path
              + " is longer than "
              + PATH_BYTES_MAX
              + " bytes: choose a"
              + " shorter run folder");
    }
    folder.create();
    FileChannel lock = lock(folder, cluster);
    try {
      // We hold the lock, so whoever made this socket is dead.
      Files.deleteIfExists(path);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      CommandSocket socket = new CommandSocket(path, lock, server, service);
      Thread.ofVirtual().name("command-socket").start(socket::accept);
      return socket;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static FileChannel lock(RunFolder folder, String cluster) throws IOException {
    Path file = folder.lock(cluster);
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    if (!locked(channel)) {
      String pid = Files.readString(file).strip();
      channel.close();
      throw new IOException(
          "a daemon with pid "
              + pid
              + " already serves cluster "
              + cluster
              + " at "
              + folder.socket(cluster)
              + ": stop that one first");
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
    return channel;
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // Another daemon in this same process.
    }
  }

  public Path path() {
    return path;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        welcome(server.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("cannot accept on {}: {}", path, e.toString());
        pause();
      }
    }
  }

  private void welcome(SocketChannel channel) {
    if (!free.tryAcquire()) {
      service.sweep();
      if (!free.tryAcquire()) {
        new Connection(channel, service, deadlines, this::ended)
            .refuse(CONNECTIONS_MAX + " connections are open already; close some and try again");
        return;
      }
    }
    Connection connection = new Connection(channel, service, deadlines, this::ended);
    connections.add(connection);
    Thread.ofVirtual().name("command").start(connection);
  }

  private void ended(Connection connection) {
    if (connections.remove(connection)) {
      free.release();
    }
  }

  private static void pause() {
    // Out of file descriptors: accepting at once again would only fill the log.
    LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
  }

  /** Accepts no more, lets answers under way end within a second, and removes the socket. */
  @Override
  public void close() {
    try (lock;
        server) {
      Files.deleteIfExists(path);
      server.close();
      service.close();
      if (!free.tryAcquire(CONNECTIONS_MAX, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.info("{} clients are cut off", connections.size());
        connections.forEach(Connection::close);
      }
    } catch (IOException e) {
      LOG.warn("closing {}: {}", path, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      deadlines.shutdownNow();
    }
  }
}
