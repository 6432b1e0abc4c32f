package dev.regent.sim.load;

import dev.regent.core.model.ServerId;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.load.Writes.Answer;
import dev.regent.sim.mariadb.Account;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.SimServer;
import dev.regent.sim.mariadb.Statement;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Knows no routing table: writes to whatever server takes its writes, and stays there as long as it
 * does. What such a client is told is what a deposed primary can still do harm with.
 */
public final class DirectClient {
  /** Its writes follow no epoch. */
  public static final long NO_EPOCH = 0;

  private static final long DIAL_MAX = Kernel.SECOND;
  private static final long RETRY = 300 * Kernel.MILLISECOND;

  private final SimProcess process;
  private final Kernel kernel;
  private final Dice dice;
  private final List<SimServer> servers;
  private final Writes writes;
  private final Consumer<Writes.Write> told;
  private final SimClient.Habits habits;
  private @Nullable Link link;
  private int at;
  private boolean stopped;

  public DirectClient(
      SimProcess process,
      Kernel kernel,
      Dice dice,
      List<SimServer> servers,
      Writes writes,
      Consumer<Writes.Write> told,
      SimClient.Habits habits) {
    this.process = process;
    this.kernel = kernel;
    this.dice = dice;
    this.servers = List.copyOf(servers);
    this.writes = writes;
    this.told = told;
    this.habits = habits;
  }

  public void start() {
    later(dice.below(habits.pause()));
  }

  public void stop() {
    stopped = true;
  }

  private void later(long nanos) {
    process.after(nanos, this::write);
  }

  private void write() {
    if (stopped) {
      return;
    }
    Link held = link;
    if (held != null && held.usable()) {
      send(held);
    } else {
      Link.dial(process, servers.get(at), Account.APPLICATION, DIAL_MAX, this::dialed);
    }
  }

  private void dialed(Reply<Link> reply) {
    if (reply instanceof Reply.Done<Link> d) {
      link = d.value();
      send(d.value());
    } else {
      elsewhere();
    }
  }

  private void elsewhere() {
    at = (at + 1) % servers.size();
    later(RETRY);
  }

  private void send(Link over) {
    long row = writes.newRow();
    long sent = kernel.now();
    over.run(
        new Statement.Write(row, habits.domain(dice)),
        habits.patience(),
        reply -> ended(over, row, sent, reply));
  }

  private void ended(Link over, long row, long sent, Reply<Boolean> reply) {
    ServerId server = over.server().id();
    Answer answer =
        switch (reply) {
          case Reply.Done<Boolean> d -> Answer.OK;
          case Reply.Refused<Boolean> r -> Answer.FAIL;
          case Reply.Lost<Boolean> l -> Answer.UNKNOWN;
        };
    Writes.Write write = new Writes.Write(row, answer, server, NO_EPOCH, sent, kernel.now());
    writes.add(write);
    told.accept(write);
    if (answer == Answer.OK) {
      later(dice.below(habits.pause()));
    } else {
      over.cut();
      link = null;
      elsewhere();
    }
  }
}
