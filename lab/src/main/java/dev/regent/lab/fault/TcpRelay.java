package dev.regent.lab.fault;

import dev.regent.lab.net.Diversion;
import dev.regent.lab.net.Net;
import dev.regent.lab.net.Way;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.LongUnaryOperator;

/**
 * Stands before a server's port, so that one party's path can be disturbed while all others still
 * reach the server: on loopback, where that party must be given another address, or unseen in the
 * way of a lab's network.
 *
 * <p>In {@link Mode#DROP} bytes stop where they are, in both directions, and go on when the mode
 * changes back, as after a network failure that TCP survives; an end or reset of one side is not
 * told to the other either. One thing differs from lost packets: the kernel completes the handshake
 * of a new connection, which is then silent; it looks like a frozen server, not like a vanished
 * host. For that, use a {@link Net}.
 */
public final class TcpRelay implements AutoCloseable {
  /** A test opens tens; a leak or a loop should be seen. */
  private static final int CONNECTIONS_MAX = 1_000;

  private static final int BACKLOG = 128;
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
    /** Half open: what clients send stops; what the server sends goes through. */
    STALL_REQUESTS,
    /** Half open: what the server sends stops; what clients send goes through. */
    STALL_ANSWERS,
    /** Connections are reset, new ones as soon as they are made. */
    RESET
  }

  /** Which way bytes go. */
  private enum Toward {
    SERVER,
    CLIENT
  }

  private interface Dialer {
    /** A socket that is not connected. */
    Socket socket() throws IOException;
  }

  /** One value, replaced as a whole. */
  private record Behaviour(Mode mode, Duration delay) {
    private boolean stops(Toward toward) {
      return switch (mode) {
        case PASS, RESET -> false;
        case DROP -> true;
        case STALL_REQUESTS -> toward == Toward.SERVER;
        case STALL_ANSWERS -> toward == Toward.CLIENT;
      };
    }
  }

  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final Dialer dialer;

  /** Lets connections go past us again. */
  private final Closeable bypass;

  private final Thread acceptor;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Semaphore room = new Semaphore(CONNECTIONS_MAX);
  private final Object change = new Object();

  /** Guarded by change. */
  private Behaviour behaviour = new Behaviour(Mode.PASS, Duration.ZERO);

  private TcpRelay(
      InetSocketAddress target, ServerSocket listener, Dialer dialer, Closeable bypass) {
    this.target = target;
    this.listener = listener;
    this.dialer = dialer;
    this.bypass = bypass;
    this.acceptor = Thread.ofVirtual().name("relay-" + target.getPort()).unstarted(this::accept);
  }

  /** A relay, in mode PASS, to this port on loopback. */
  public static TcpRelay to(int port) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ServerSocket listener = new ServerSocket(0, BACKLOG, loopback);
    TcpRelay relay =
        new TcpRelay(new InetSocketAddress(loopback, port), listener, Socket::new, listener);
    relay.acceptor.start();
    return relay;
  }

  /**
   * A relay, in mode PASS, in these ways to one host's port. Nobody needs to be told: the address
   * stays the same. Connections that exist are reset with their next packet, and the host sees the
   * new ones come from the network's gateway.
   */
  public static TcpRelay in(Net net, Collection<Way> ways, int port) {
    Diversion diversion = net.divert(ways, port);
    TcpRelay relay =
        new TcpRelay(diversion.target(), diversion.listener(), diversion::socket, diversion::close);
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

  /**
   * From now on nothing that clients send arrives, while what the server sends does: a new
   * connection is greeted and never logged in.
   */
  public void stallRequests() {
    become(new Behaviour(Mode.STALL_REQUESTS, Duration.ZERO));
  }

  /**
   * From now on nothing that the server sends arrives, while it goes on receiving: statements are
   * executed, and nobody hears of it.
   */
  public void stallAnswers() {
    become(new Behaviour(Mode.STALL_ANSWERS, Duration.ZERO));
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
    try (Socket server = dialer.socket()) {
      awaitConnect();
      connect(server, target);
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

  /**
   * TCP lets a socket connect to itself, if the kernel happens to give it the port that it is to
   * connect to and nobody listens there: a client would then talk to itself.
   */
  static void connect(Socket server, InetSocketAddress target) throws IOException {
    server.connect(target, CONNECT_MILLIS);
    if (server.getLocalSocketAddress().equals(server.getRemoteSocketAddress())) {
      abort(server);
      throw new ConnectException("nobody listens on " + target);
    }
  }

  private void carry(Socket client, Socket server) throws IOException, InterruptedException {
    // Once more, now that reset() would find this connection: it may have come just before.
    awaitConnect();
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    Thread back =
        Thread.ofVirtual().name("relay-back").start(() -> pump(server, client, Toward.CLIENT));
    pump(client, server, Toward.SERVER);
    back.join();
  }

  /** Carries bytes one way until that way ends, then tells the other side so. */
  private void pump(Socket from, Socket to, Toward toward) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count = read(in, chunk, toward);
      while (count >= 0) {
        awaitFlow(toward);
        out.write(chunk, 0, count);
        count = read(in, chunk, toward);
      }
      awaitFlow(toward);
      to.shutdownOutput();
    } catch (IOException e) {
      abort(from);
      abort(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A reset by one side reaches the other as late as its bytes would. */
  private int read(InputStream in, byte[] chunk, Toward toward)
      throws IOException, InterruptedException {
    try {
      return in.read(chunk);
    } catch (IOException e) {
      awaitFlow(toward);
      throw e;
    }
  }

  /** Half open means that connections still come about. */
  private void awaitConnect() throws IOException, InterruptedException {
    await(start -> behaviour.mode() == Mode.DROP ? WAIT_FOR_CHANGE_MILLIS : delayLeft(start));
  }

  /** Returns when bytes may go on; throws when connections are to be reset. */
  private void awaitFlow(Toward toward) throws IOException, InterruptedException {
    await(start -> behaviour.stops(toward) ? WAIT_FOR_CHANGE_MILLIS : delayLeft(start));
  }

  /**
   * @param millisLeft how much longer what came at this moment has to wait, as things are now
   */
  private void await(LongUnaryOperator millisLeft) throws IOException, InterruptedException {
    long start = System.nanoTime();
    synchronized (change) {
      long left = millisLeft.applyAsLong(start);
      while (left > 0) {
        change.wait(left);
        left = millisLeft.applyAsLong(start);
      }
      if (behaviour.mode() == Mode.RESET) {
        throw new IOException("the relay resets connections");
      }
    }
  }

  private long delayLeft(long start) {
    Duration waited = Duration.ofNanos(System.nanoTime() - start);
    return behaviour.delay().minus(waited).toMillis();
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

  /**
   * Ends every connection and stops listening. From then on a port on loopback refuses, and on a
   * lab's network connections go straight.
   */
  @Override
  public void close() {
    // That closes the listener too; it may be closed already.
    closeQuietly(bypass);
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
