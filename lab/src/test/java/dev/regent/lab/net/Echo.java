package dev.regent.lab.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Listens on a host and sends back what comes. */
public final class Echo implements AutoCloseable {
  public static final int PORT = 3306;

  private final Host host;
  private final ServerSocket listener;
  private final AtomicLong received = new AtomicLong();

  public Echo(Host host) throws IOException {
    this.host = host;
    this.listener = Sockets.listener(host.file(), new InetSocketAddress("0.0.0.0", PORT), 64);
    Thread.ofVirtual().name("echo-" + host).start(this::serve);
  }

  /** How many bytes have arrived, whether or not their echo got home. */
  public long received() {
    return received.get();
  }

  /** A connection from another host to this one. */
  public Socket from(Host client, int millis) throws IOException {
    Socket socket = client.socket();
    try {
      socket.connect(new InetSocketAddress(host.address(), PORT), millis);
      socket.setSoTimeout(millis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends one byte and returns what comes back. */
  public static int answer(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    return socket.getInputStream().read();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().name("echo-connection").start(() -> echo(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void echo(Socket socket) {
    byte[] chunk = new byte[8192];
    try (socket) {
      InputStream in = socket.getInputStream();
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        received.addAndGet(count);
        socket.getOutputStream().write(chunk, 0, count);
      }
    } catch (IOException e) {
      // The network or the test has ended the connection.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
