package dev.regent.server.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Hands the raw socket of a connection under construction to whoever opens it, so that it can be
 * closed from outside. The driver makes one by its class name; that is why it is public.
 */
public final class SocketTap extends SocketFactory {
  static final ScopedValue<Handle> HANDLE = ScopedValue.newInstance();

  /** The driver's own way in. */
  public SocketTap() {
    super();
  }

  @Override
  public Socket createSocket() {
    return HANDLE.get().take(new Socket());
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw connectsByItself();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    throw connectsByItself();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw connectsByItself();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    throw connectsByItself();
  }

  private static UnsupportedOperationException connectsByItself() {
    return new UnsupportedOperationException("the driver connects its sockets by itself");
  }

  static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same; there is nobody left to tell.
    }
  }

  /** The newest socket of one attempt: a name with several addresses uses one after the other. */
  static final class Handle {
    // Guarded by this: the one who opens and the one who gives up are different threads.
    private Socket socket = new Socket();
    private boolean closed;

    private synchronized Socket take(Socket made) {
      socket = made;
      if (closed) {
        closeQuietly(made);
      }
      return made;
    }

    synchronized Socket socket() {
      return socket;
    }

    synchronized void close() {
      closed = true;
      closeQuietly(socket);
    }
  }
}
