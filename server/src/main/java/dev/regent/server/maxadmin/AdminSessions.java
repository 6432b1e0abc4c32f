package dev.regent.server.maxadmin;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The sessions of old clients, for those who ask who is there. Thread safe. */
public final class AdminSessions {
  private static final long FIRST_HANDLE = 0x2c40100;
  private static final long HANDLE_STEP = 0x60;

  private final AtomicLong begun = new AtomicLong();
  private final List<Open> sessions = new CopyOnWriteArrayList<>();
  private volatile String address = "";
  private volatile int port;

  /** A client that has logged in; {@code handle} stands where MaxScale shows a pointer. */
  record Open(long handle, String client, long sinceMillis) {}

  void listen(String listenAddress, int listenPort) {
    address = listenAddress;
    port = listenPort;
  }

  Open begin(String client, long nowMillis) {
    Open open = new Open(FIRST_HANDLE + HANDLE_STEP * begun.getAndIncrement(), client, nowMillis);
    sessions.add(open);
    return open;
  }

  void end(Open open) {
    sessions.remove(open);
  }

  /** Whether there is a port at all. */
  boolean listening() {
    return port != 0;
  }

  String address() {
    return address;
  }

  int port() {
    return port;
  }

  List<Open> open() {
    return List.copyOf(sessions);
  }

  long total() {
    return begun.get();
  }
}
