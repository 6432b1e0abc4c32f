package dev.regent.server.maxadmin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for clients of {@code maxadmin} 1.2 and gives each a session of its own. */
public final class AdminPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminPort.class);

  /** Operators, and a script or two. */
  static final int SESSIONS_MAX = 16;

  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  private final ServerSocket server;
  private final AdminSettings settings;
  private final AdminDesk desk;
  private final AdminSessions sessions;
  private final Semaphore free = new Semaphore(SESSIONS_MAX);
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("maxadmin-deadlines").factory());

  private AdminPort(
      ServerSocket server, AdminSettings settings, AdminDesk desk, AdminSessions sessions) {
    this.server = server;
    this.settings = settings;
    this.desk = desk;
    this.sessions = sessions;
    deadlines.setRemoveOnCancelPolicy(true);
  }

  /**
   * Serves from now on.
   *
   * @throws IOException the port cannot be had; the message is for the operator
   */
  public static AdminPort open(AdminSettings settings, AdminDesk desk, AdminSessions sessions)
      throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(
          new InetSocketAddress(InetAddress.getByName(settings.address()), settings.port()));
    } catch (IOException e) {
      server.close();
      throw new IOException(
          "[maxadmin] cannot listen at "
              + settings.address()
              + ":"
              + settings.port()
              + ": "
              + e.getMessage()
              + "; choose another port, or stop whoever has it",
          e);
    }
    sessions.listen(settings.address(), server.getLocalPort());
    AdminPort port = new AdminPort(server, settings, desk, sessions);
    Thread.ofVirtual().name("maxadmin-port").start(port::accept);
    return port;
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        welcome(server.accept());
      } catch (SocketException e) {
        if (server.isClosed()) {
          return;
        }
        pause(e);
      } catch (IOException e) {
        pause(e);
      }
    }
  }

  private static void pause(IOException e) {
    LOG.warn("cannot accept a maxadmin session: {}", e.toString());
    // Out of file descriptors: accepting at once again would only fill the log.
    LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
  }

  private void welcome(Socket socket) throws IOException {
    if (!free.tryAcquire()) {
      LOG.warn("a maxadmin session was refused: {} are open", SESSIONS_MAX);
      socket.close();
      return;
    }
    sockets.add(socket);
    AdminSession session = new AdminSession(socket, settings, desk, sessions, deadlines);
    Thread.ofVirtual()
        .name("maxadmin-session")
        .start(() -> {
          try {
            session.run();
          } finally {
            sockets.remove(socket);
            free.release();
          }
        });
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    deadlines.shutdownNow();
  }
}
