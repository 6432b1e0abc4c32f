package dev.regent.lab.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Stands on loopback before a server's port, so that one party's path can be cut while all others
 * still reach the server.
 *
 * <p>In {@link Mode#DROP} bytes stop where they are, in both directions, and go on when the mode
 * changes back, as after a network failure that TCP survives; an end or reset of one side is not
 * told to the other either. One thing differs from lost packets: the kernel completes the handshake
 * of a new connection, which is then silent; it looks like a frozen server, not like a vanished
 * host. For that, use a network namespace.
 */
public final class TcpRelay implements AutoCloseable {
  /** A test opens tens; a leak or a loop should be seen. */
  private static final int CONNECTIONS_MAX = 1_000;

  private static final int CHUNK = 16 * 1024;
  private static final int CONNECT_MILLIS = 3_000;
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(2);

  /** A change wakes who waits; this is only a bound. */
  private static final long WAIT_FOR_CHANGE_MILLIS = 60_000;

  /** What happens to bytes and connections. */
  public enum Mode {
    /** Everything goes through. */
    PASS,
    /** Everything stops, in silence. */
    DROP,
    /** Connections are reset, new ones as soon as they are made. */
    RESET
  }

  /** One value, replaced as a whole. */
  private record Behaviour(Mode mode, Duration delay) {}

  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final Thread acceptor;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Semaphore room = new Semaphore(CONNECTIONS_MAX);
  private final Object change = new Object();

  /** Guarded by change. */
  private Behaviour behaviour = new Behaviour(Mode.PASS, Duration.ZERO);

  private TcpRelay(InetSocketAddress target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    this.acceptor = Thread.ofVirtual().name("relay-" + target.getPort()).unstarted(this::accept);
  }

  /** A relay, in mode PASS, to this port on loopback. */
  public static TcpRelay to(int port) throws IOException {
    TcpRelay relay = new TcpRelay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    relay.acceptor.start();
    return relay;
  }

  /** Where clients connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  public void pass() {
    become(new Behaviour(Mode.PASS, Duration.ZERO));
  }

  /** Holds back every byte of every connection until the mode changes. */
  public void drop() {
    become(new Behaviour(Mode.DROP, Duration.ZERO));
  }

  /** Resets every connection, now and until the mode changes. */
  public void reset() {
    become(new Behaviour(Mode.RESET, Duration.ZERO));
    sockets.forEach(TcpRelay::abort);
  }

  /**
   * Passes bytes on after this long. What arrives while a chunk waits is sent together after it, so
   * a byte is late by {@code delay} to twice that.
   */
  public void delay(Duration delay) {
    become(new Behaviour(Mode.PASS, delay));
  }

  private void become(Behaviour next) {
    synchronized (change) {
      behaviour = next;
      change.notifyAll();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (!room.tryAcquire()) {
          abort(client);
          continue;
        }
        sockets.add(client);
        Thread.ofVirtual().name("relay-connection").start(() -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that went away before we took it: the loop's condition tells.
      }
    }
  }

  private void serve(Socket client) {
    try (Socket server = new Socket()) {
      awaitFlow();
      server.connect(target, CONNECT_MILLIS);
      sockets.add(server);
      carry(client, server);
      sockets.remove(server);
    } catch (IOException e) {
      // Nobody listens there, or connections are to be reset: the client is told below.
      abort(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeQuietly(client);
      sockets.remove(client);
      room.release();
    }
  }

  private void carry(Socket client, Socket server) throws IOException, InterruptedException {
    // Once more, now that reset() would find this connection: it may have come just before.
    awaitFlow();
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    Thread back = Thread.ofVirtual().name("relay-back").start(() -> pump(server, client));
    pump(client, server);
    back.join();
  }

  /** Carries bytes one way until that way ends, then tells the other side so. */
  private void pump(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count = read(in, chunk);
      while (count >= 0) {
        awaitFlow();
        out.write(chunk, 0, count);
        count = read(in, chunk);
      }
      awaitFlow();
      to.shutdownOutput();
    } catch (IOException e) {
      abort(from);
      abort(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A reset by one side reaches the other as late as its bytes would. */
  private int read(InputStream in, byte[] chunk) throws IOException, InterruptedException {
    try {
      return in.read(chunk);
    } catch (IOException e) {
      awaitFlow();
      throw e;
    }
  }

  /** Returns when bytes may go on; throws when connections are to be reset. */
  private void awaitFlow() throws IOException, InterruptedException {
    long start = System.nanoTime();
    synchronized (change) {
      while (waitMillis(start) > 0) {
        change.wait(waitMillis(start));
      }
      if (behaviour.mode() == Mode.RESET) {
        throw new IOException("the relay resets connections");
      }
    }
  }

  /** How much longer bytes that came at this moment have to wait, as things are now. */
  private long waitMillis(long start) {
    Duration waited = Duration.ofNanos(System.nanoTime() - start);
    return switch (behaviour.mode()) {
      case DROP -> WAIT_FOR_CHANGE_MILLIS;
      case RESET -> 0;
      case PASS -> behaviour.delay().minus(waited).toMillis();
    };
  }

  /** Sends RST instead of FIN: a close with nothing lingering. */
  private static void abort(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already.
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // Nothing is lost: we wanted it gone.
    }
  }

  /** Ends every connection and stops listening; from then on the port refuses. */
  @Override
  public void close() {
    closeQuietly(listener);
    try {
      // The kernel's socket lives until the thread that accepts on it has left.
      acceptor.join(CLOSED_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    become(new Behaviour(Mode.RESET, Duration.ZERO));
    sockets.forEach(TcpRelay::closeQuietly);
  }
}
