package dev.regent.lab.arena;

import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.net.Host;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Holds a connection to a server and notes when the kernel closes it: a killed process is not gone
 * until its memory is, and nobody can know earlier.
 */
public final class Sentry implements AutoCloseable {
  private final Socket socket;
  private final Thread thread;
  private volatile long ended;

  private Sentry(Socket socket) {
    this.socket = socket;
    this.thread = Thread.ofPlatform().daemon().name("sentry").unstarted(this::watch);
  }

  /** The server hangs up by itself on who does not log in, but only after seconds. */
  public static Sentry before(LabServer server) throws IOException {
    Sentry sentry = new Sentry(connect(server));
    sentry.thread.start();
    return sentry;
  }

  /** From the server's own host, whatever happens to its network. */
  private static Socket connect(LabServer server) throws IOException {
    Optional<Host> host = server.place().host();
    Socket socket = host.isPresent() ? host.get().socket() : new Socket();
    socket.connect(new InetSocketAddress(server.place().hostAddress(), server.port()));
    return socket;
  }

  private void watch() {
    try {
      InputStream in = socket.getInputStream();
      byte[] greeting = new byte[1024];
      int count = in.read(greeting);
      while (count >= 0) {
        count = in.read(greeting);
      }
    } catch (IOException e) {
      // A reset is an end like any other.
    }
    ended = System.nanoTime();
  }

  /** When the connection ended, by {@link System#nanoTime}; empty while it has not. */
  public OptionalLong ended() {
    return thread.isAlive() ? OptionalLong.empty() : OptionalLong.of(ended);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
