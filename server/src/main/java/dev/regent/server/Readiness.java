package dev.regent.server;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the daemon is ready ({@code Type=notify}, {@code NotifyAccess=all}). The JDK
 * has no Unix datagram sockets, so {@code systemd-notify} says it for us; without systemd nothing
 * happens.
 */
final class Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
  private static final int SECONDS = 5;

  private Readiness() {}

  static void tell() {
    if (System.getenv("NOTIFY_SOCKET") == null) {
      return;
    }
    try {
      Process notify =
          new ProcessBuilder("systemd-notify", "--ready", "--pid=" + ProcessHandle.current().pid())
              .redirectErrorStream(true)
              .start();
      if (!notify.waitFor(SECONDS, TimeUnit.SECONDS)) {
        notify.destroyForcibly();
      }
    } catch (IOException e) {
      LOG.warn("systemd-notify: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
