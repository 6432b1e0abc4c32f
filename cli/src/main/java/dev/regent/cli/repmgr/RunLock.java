package dev.regent.cli.repmgr;

import dev.regent.core.model.ServerId;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One run at a time: a named lock on every server that answers, held by a connection that ends with
 * this process.
 *
 * <p>All runs take the locks in the order of the servers' own numbers, whatever they call the
 * servers, so two that see the same servers never wait for each other. Two that see different ones
 * are kept apart by the fence, where each is kept out of what the other holds.
 */
final class RunLock implements AutoCloseable {
  private static final Duration TAKING = Duration.ofSeconds(5);

  /**
   * Longer than any run. The server ends a lock whose run vanished with its host; it would notice
   * that by itself after hours, and until then nobody could fail over.
   */
  private static final Duration RUN_MAX = Duration.ofMinutes(10);

  private final List<Link> links = new ArrayList<>();
  private boolean waited;

  /** Another run holds it for longer than we can wait. */
  static final class Busy extends Exception {
    private static final long serialVersionUID = 1L;

    Busy(String message) {
      super(message);
    }
  }

  private RunLock() {}

  /**
   * @throws LinkException a server went away meanwhile, or another run killed our connection for a
   *     switchover: look again, and try again
   */
  static RunLock take(
      List<Look> looks, Map<ServerId, Dialer> dialers, String name, Duration patience)
      throws LinkException, Busy {
    RunLock lock = new RunLock();
    Deadline deadline = Deadline.after(patience);
    List<Look> order =
        looks.stream()
            .filter(Look::answers)
            .sorted(Comparator.comparingLong(l -> l.there().facts().serverId()))
            .toList();
    try {
      for (Look look : order) {
        Dialer dialer = dialers.get(look.id());
        if (dialer != null) {
          lock.take(dialer, name, deadline);
        }
      }
      return lock;
    } catch (LinkException | Busy e) {
      lock.close();
      throw e;
    }
  }

  private void take(Dialer dialer, String name, Deadline deadline) throws LinkException, Busy {
    Link link = dialer.dial(Deadline.after(TAKING));
    links.add(link);
    String quoted = Quoted.text(name);
    Deadline soon = Deadline.after(TAKING);
    link.run("SET SESSION wait_timeout=" + RUN_MAX.toSeconds(), soon);
    if (link.value("SELECT GET_LOCK(" + quoted + ", 0)", soon).orElse("").equals("1")) {
      return;
    }
    waited = true;
    long seconds = deadline.left().toSeconds();
    String sql = "SELECT GET_LOCK(" + quoted + ", " + seconds + ")";
    Deadline end = Deadline.after(deadline.left().plus(TAKING));
    if (!link.value(sql, end).orElse("").equals("1")) {
      throw new Busy(
          "another run is at work on " + dialer.address() + ", and was not done in time");
    }
  }

  /** Another run was at work: what was seen before is old. */
  boolean waited() {
    return waited;
  }

  @Override
  public void close() {
    links.forEach(Link::close);
  }
}
