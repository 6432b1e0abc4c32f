package dev.regent.sim.load;

import dev.regent.core.model.RoutingTable;
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
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes one row after the other to where the routing table points, and believes what it is told.
 * When the route changes it lets its connection go, as a proxy does with a deposed server's.
 */
public final class SimClient {
  private static final long DIAL_MAX = Kernel.SECOND;
  private static final long RETRY = 20 * Kernel.MILLISECOND;

  private final SimProcess process;
  private final Kernel kernel;
  private final Dice dice;
  private final Routes routes;
  private final Writes writes;
  private final Function<ServerId, SimServer> servers;
  private final Consumer<Writes.Write> told;
  private final Habits habits;
  private @Nullable Link link;
  private long epoch;
  private boolean stopped;
  private boolean waitsForRoute;

  /**
   * How it behaves.
   *
   * @param pause between two writes, at most
   * @param patience for an answer
   * @param domains writes go to one of the domains 0 to this one, without it
   * @param uneven nearly all go to the last one, so that servers differ in that alone
   */
  public record Habits(long pause, long patience, int domains, boolean uneven) {
    private static final double RARELY = 0.02;

    public long domain(Dice dice) {
      return uneven && !dice.chance(RARELY) ? domains - 1 : dice.below(domains);
    }
  }

  public SimClient(
      SimProcess process,
      Kernel kernel,
      Dice dice,
      Routes routes,
      Writes writes,
      Function<ServerId, SimServer> servers,
      Consumer<Writes.Write> told,
      Habits habits) {
    this.process = process;
    this.kernel = kernel;
    this.dice = dice;
    this.routes = routes;
    this.writes = writes;
    this.servers = servers;
    this.told = told;
    this.habits = habits;
    routes.onChange(this::rerouted);
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

  private void rerouted() {
    Link held = link;
    RoutingTable table = routes.table();
    boolean elsewhere =
        held != null
            && (table.epoch() > epoch
                || table.primary().filter(held.server().id()::equals).isEmpty());
    if (held != null && elsewhere) {
      link = null;
      held.drop("its server is deposed");
    }
    if (waitsForRoute && routes.target().isPresent()) {
      waitsForRoute = false;
      later(dice.below(Kernel.MILLISECOND));
    }
  }

  private void write() {
    if (stopped) {
      return;
    }
    Optional<ServerId> target = routes.target();
    if (target.isEmpty()) {
      waitsForRoute = true;
      return;
    }
    Link held = link;
    if (held != null && held.usable() && held.server().id().equals(target.get())) {
      send(held);
      return;
    }
    epoch = routes.table().epoch();
    Link.dial(process, servers.apply(target.get()), Account.APPLICATION, DIAL_MAX, this::dialed);
  }

  private void dialed(Reply<Link> reply) {
    if (reply instanceof Reply.Done<Link> d) {
      boolean current =
          routes.table().epoch() == epoch
              && routes.target().filter(d.value().server().id()::equals).isPresent();
      if (current) {
        link = d.value();
        send(d.value());
      } else {
        d.value().cut();
        later(0);
      }
    } else {
      later(RETRY);
    }
  }

  private void send(Link over) {
    long row = writes.newRow();
    long sent = kernel.now();
    long domain = habits.domain(dice);
    over.run(
        new Statement.Write(row, domain),
        habits.patience(),
        reply -> ended(over, row, sent, reply));
  }

  private void ended(Link over, long row, long sent, Reply<Boolean> reply) {
    Answer answer =
        switch (reply) {
          case Reply.Done<Boolean> d -> Answer.OK;
          case Reply.Refused<Boolean> r -> Answer.FAIL;
          case Reply.Lost<Boolean> l -> Answer.UNKNOWN;
        };
    Writes.Write write =
        new Writes.Write(row, answer, over.server().id(), epoch, sent, kernel.now());
    writes.add(write);
    told.accept(write);
    if (answer == Answer.OK) {
      later(dice.below(habits.pause()));
    } else {
      over.cut();
      link = null;
      later(RETRY);
    }
  }
}
