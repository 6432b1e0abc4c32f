package dev.regent.cli.fake;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One pretended server: a port, and a virtual thread per connection. Anybody may log in. */
final class FakeServer implements AutoCloseable {
  private static final int BACKLOG = 50;
  private static final int QUIT = 1;
  private static final int QUERY = 3;

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  /** Zero: none yet. */
  private final AtomicLong firstStatement = new AtomicLong();

  FakeServer() throws IOException {
    this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
  }

  int port() {
    return listener.getLocalPort();
  }

  OptionalLong firstStatementNanos() {
    long nanos = firstStatement.get();
    return nanos == 0 ? OptionalLong.empty() : OptionalLong.of(nanos);
  }

  void forget() {
    firstStatement.set(0);
  }

  void start(Answers answers) {
    Thread.ofVirtual().name("fake-" + port()).start(() -> accept(answers));
  }

  private void accept(Answers answers) {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().name("fake-connection").start(() -> serve(client, answers));
      } catch (IOException e) {
        // Closed: the loop's condition tells.
      }
    }
  }

  private void serve(Socket client, Answers answers) {
    try (client) {
      client.setTcpNoDelay(true);
      OutputStream out = client.getOutputStream();
      DataInputStream in = new DataInputStream(client.getInputStream());
      int number = connections.incrementAndGet();
      out.write(new Wire(0).greeting(Answers.version(), number).toBytes());
      read(in);
      out.write(new Wire(2).ok().toBytes());
      for (byte[] packet = read(in); packet[0] != QUIT; packet = read(in)) {
        out.write(answer(packet, answers));
      }
    } catch (EOFException e) {
      // The client hung up, as clients do.
    } catch (IOException e) {
      // Cut off by either side; there is nobody to tell.
    } finally {
      open.remove(client);
    }
  }

  private byte[] answer(byte[] packet, Answers answers) {
    if (packet[0] == QUERY) {
      firstStatement.compareAndSet(0, System.nanoTime());
      return answers.to(new String(packet, 1, packet.length - 1, StandardCharsets.UTF_8));
    }
    return new Wire(1).ok().toBytes();
  }

  private static byte[] read(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte() | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16;
    in.readUnsignedByte();
    byte[] packet = new byte[Math.max(1, length)];
    in.readFully(packet, 0, length);
    return packet;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
