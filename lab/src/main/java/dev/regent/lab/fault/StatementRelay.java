package dev.regent.lab.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/**
 * Stands before a server's port and acts on single statements, as a server does that cannot answer
 * them: one is held back, and everything else goes on. Statements are found in what clients send,
 * unencrypted, at one go.
 */
public final class StatementRelay implements AutoCloseable {
  private static final int CHUNK = 16 * 1024;

  private final int target;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch held = new CountDownLatch(1);
  private volatile String holding = "";
  private volatile UnaryOperator<String> change = UnaryOperator.identity();

  private StatementRelay(int target, ServerSocket listener) {
    this.target = target;
    this.listener = listener;
  }

  /** A relay to this port on loopback that passes everything on. */
  public static StatementRelay to(int port) throws IOException {
    StatementRelay relay =
        new StatementRelay(port, new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().name("statements-" + port).start(relay::accept);
    return relay;
  }

  /** Where clients connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /**
   * From now on statements with these words do not arrive. As soon as there was one, new
   * connections are silent too.
   */
  public void hold(String words) {
    holding = words;
  }

  /** Whether a statement was held back. */
  public boolean holds() {
    return held.getCount() == 0;
  }

  /** From now on clients say other words, of the same length. */
  public void replace(String words, String others) {
    if (words.length() != others.length()) {
      throw new IllegalArgumentException("a packet tells its length");
    }
    change = said -> said.replace(words, others);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        if (!holds()) {
          Thread.ofVirtual().name("statements-connection").start(() -> serve(client));
        }
      } catch (IOException e) {
        // Closed: the loop's condition tells.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      sockets.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Thread.ofVirtual().name("statements-back").start(() -> answers(server, client));
      statements(client.getInputStream(), server.getOutputStream());
    } catch (IOException e) {
      // One side is gone, and both are closed now.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answers(Socket server, Socket client) {
    try (server;
        client) {
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // As above.
    }
  }

  private void statements(InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    byte[] chunk = new byte[CHUNK];
    int count = in.read(chunk);
    while (count >= 0) {
      String said = new String(chunk, 0, count, StandardCharsets.ISO_8859_1);
      if (!holding.isEmpty() && said.contains(holding)) {
        held.countDown();
        closed.await();
      }
      out.write(change.apply(said).getBytes(StandardCharsets.ISO_8859_1));
      count = in.read(chunk);
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
