package dev.regent.server.maxadmin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of {@code maxadmin} 1.2. The server asks {@code USER}, then {@code PASSWORD}, and says
 * {@code OK----} or {@code FAILED}; then one command per message is answered with its text and
 * {@code OK}. Nothing ends a message but that its sender waits for the answer; so what one read
 * returns is one message.
 */
final class AdminSession {
  private static final Logger LOG = LoggerFactory.getLogger(AdminSession.class);

  /** No command comes near it. */
  private static final int MESSAGE_BYTES_MAX = 4096;

  /**
   * Both prompts together; an old client may wait for a person at a keyboard before it connects.
   */
  private static final Duration LOGIN_DEADLINE = Duration.ofSeconds(10);

  /** A client that reads nothing for so long is given up. */
  private static final Duration WRITE_DEADLINE = Duration.ofSeconds(30);

  /** A session that somebody forgot. */
  private static final Duration IDLE_MAX = Duration.ofMinutes(30);

  /** With the bound on sessions it leaves a guesser a few tries per second. */
  private static final Duration REFUSAL_PAUSE = Duration.ofMillis(500);

  private final Socket socket;
  private final AdminSettings settings;
  private final AdminDesk desk;
  private final AdminSessions sessions;
  private final ScheduledExecutorService deadlines;

  AdminSession(
      Socket socket,
      AdminSettings settings,
      AdminDesk desk,
      AdminSessions sessions,
      ScheduledExecutorService deadlines) {
    this.socket = socket;
    this.settings = settings;
    this.desk = desk;
    this.sessions = sessions;
    this.deadlines = deadlines;
  }

  void run() {
    try (socket) {
      socket.setKeepAlive(true);
      socket.setTcpNoDelay(true);
      if (loggedIn()) {
        talk();
      }
    } catch (IOException e) {
      LOG.debug("a maxadmin session is over: {}", e.toString());
    } catch (RuntimeException e) {
      LOG.error("a maxadmin session failed", e);
    }
  }

  private boolean loggedIn() throws IOException {
    try (Deadline _ = new Deadline(LOGIN_DEADLINE)) {
      send("USER");
      Optional<String> user = receive();
      if (user.isEmpty()) {
        return false;
      }
      send("PASSWORD");
      Optional<String> password = receive();
      // Both, always: how long it takes must not tell which of them was right.
      boolean rightUser = equal(user.get(), settings.user());
      boolean rightPassword = equal(password.orElse(""), settings.password());
      boolean known = rightUser && rightPassword;
      if (!known) {
        LOG.warn("maxadmin from {}: wrong user or password", client());
        LockSupport.parkNanos(REFUSAL_PAUSE.toNanos());
      }
      send(known ? "OK----" : "FAILED");
      return known;
    }
  }

  /** In constant time, whatever the lengths: equal digests are compared. */
  private static boolean equal(String one, String other) {
    return MessageDigest.isEqual(digest(one), digest(other));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void talk() throws IOException {
    AdminSessions.Open open = sessions.begin(client(), System.currentTimeMillis());
    try {
      socket.setSoTimeout((int) IDLE_MAX.toMillis());
      Optional<String> command = receive();
      while (command.isPresent()) {
        String text = desk.answer(command.get(), settings.user() + " by maxadmin").text();
        try (Deadline _ = new Deadline(WRITE_DEADLINE)) {
          send(text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + "OK");
        }
        command = receive();
      }
    } finally {
      sessions.end(open);
    }
  }

  private String client() {
    return socket.getInetAddress().getHostAddress();
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  /** The next message without its line end; empty if there is none. */
  private Optional<String> receive() throws IOException {
    byte[] buffer = new byte[MESSAGE_BYTES_MAX];
    InputStream in = socket.getInputStream();
    int length = in.read(buffer);
    while (length > 0 && length < buffer.length && in.available() > 0) {
      int more = in.read(buffer, length, buffer.length - length);
      if (more < 0) {
        break;
      }
      length += more;
    }
    if (length == buffer.length) {
      throw new IOException("a message of more than " + MESSAGE_BYTES_MAX + " bytes");
    }
    return length < 0
        ? Optional.empty()
        : Optional.of(new String(buffer, 0, length, UTF_8).replaceAll("[\\r\\n\\x00]+$", ""));
  }

  /** Closes the socket, and so ends every wait on it, unless it is over in time. */
  private final class Deadline implements AutoCloseable {
    private final Future<?> alarm;

    Deadline(Duration time) {
      alarm =
          deadlines.schedule(
              () -> {
                socket.close();
                return null;
              },
              time.toMillis(),
              TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
      alarm.cancel(false);
    }
  }
}
