package dev.regent.lab.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Follows one of the daemon's topics. It connects again for as long as it is open: whoever is cut
 * off gets the present value first.
 */
public final class Subscription implements AutoCloseable {
  private static final Duration RECONNECT = Duration.ofMillis(20);

  private final DaemonClient client;
  private final String topic;
  private final Consumer<String> lines;
  private final Thread thread;
  private volatile boolean closed;

  private Subscription(Path socket, String topic, Consumer<String> lines) {
    this.client = new DaemonClient(socket);
    this.topic = topic;
    this.lines = lines;
    this.thread = Thread.ofPlatform().daemon().name("follow-" + topic).start(this::follow);
  }

  /**
   * @param topic {@code primary} or {@code events}
   * @param lines gets each line, on a thread of the subscription; it must be quick
   */
  public static Subscription to(Path socket, String topic, Consumer<String> lines) {
    return new Subscription(socket, topic, lines);
  }

  private void follow() {
    while (!closed) {
      try (SocketChannel channel = client.open();
          BufferedReader reader =
              DaemonClient.ask(channel, "subscribe", "\"to\":\"" + topic + "\"")) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          if (line.startsWith("out:")) {
            lines.accept(line.substring(4));
          }
        }
      } catch (IOException e) {
        // The daemon is not there, or not any more: the next try will tell.
      }
      LockSupport.parkNanos(RECONNECT.toNanos());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
