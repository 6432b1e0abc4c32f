package dev.regent.sim.replication;

import dev.regent.core.model.Channel.Problem;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.GtidPosition;
import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.storage.BinaryLog;
import dev.regent.sim.storage.RelayLog;
import dev.regent.sim.storage.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The receiving (IO) thread of a replica.
 *
 * <p>It tries again on the grid of its retry period, notices a silent source only after {@code
 * slave_net_timeout}, and tells no error before another one (physics 1). While it waits for a
 * greeting newer versions cannot stop it. If it acknowledges, its end waits for the source.
 */
public final class Receiver {
  private static final int CANNOT_CONNECT = 2003;
  private static final int LOST = 2013;

  /** From a received event to its acknowledgement: a write, without a sync. */
  private static final long RELAY_WRITE = 30 * Kernel.MICROSECOND;

  private enum Doing {
    NOTHING,
    /** Waits for the retry period to pass. */
    RESTING,
    /** On the way to a greeting: newer versions cannot be interrupted. */
    CONNECTING,
    RECEIVING,
    /** Ends its thread on the source before it stops. */
    LEAVING
  }

  private final ReplicaChannel channel;
  private final Home home;
  private final List<Runnable> stopped = new ArrayList<>();
  private Doing doing = Doing.NOTHING;
  private Problem problem = Problem.NONE;
  private Alarm timer = Alarm.past();
  private Runnable giveUp = () -> {};
  private @Nullable Connection wire;
  private int attempts;
  private boolean accepted;
  private boolean acknowledging;
  private long heartbeats;
  private long sourceServerId;
  private long lastHeard;
  private long readPosition;

  Receiver(ReplicaChannel channel, Home home) {
    this.channel = channel;
    this.home = home;
  }

  // --- what can be seen

  public ThreadState state() {
    return switch (doing) {
      case NOTHING -> ThreadState.NO;
      case RESTING, CONNECTING -> ThreadState.CONNECTING;
      case RECEIVING, LEAVING -> ThreadState.YES;
    };
  }

  public Problem problem() {
    return problem;
  }

  /** {@code Rpl_semi_sync_slave_status}: its source knows it as one that acknowledges. */
  public boolean acknowledging() {
    return acknowledging && doing == Doing.RECEIVING;
  }

  /** When it last heard its source; for those who know better than the manager. */
  public long lastHeard() {
    return lastHeard;
  }

  long heartbeats() {
    return heartbeats;
  }

  long sourceServerId() {
    return sourceServerId;
  }

  String sourceLog() {
    return sourceServerId == 0 ? "" : BinaryLog.FILE;
  }

  long readPosition() {
    return readPosition;
  }

  // --- START and STOP

  void start() {
    if (doing == Doing.NOTHING) {
      problem = Problem.NONE;
      connect();
    }
  }

  /** Tells when it has stopped. */
  public void stop(Runnable then) {
    switch (doing) {
      case NOTHING -> then.run();
      case RESTING -> {
        end();
        then.run();
      }
      case CONNECTING -> {
        if (home.release().deaf()) {
          stopped.add(then);
        } else {
          end();
          then.run();
        }
      }
      case LEAVING -> stopped.add(then);
      case RECEIVING -> {
        stopped.add(then);
        if (acknowledging) {
          leave();
        } else {
          end();
        }
      }
    }
  }

  /** Asks the source, over a connection of its own, to end the thread that serves it. */
  private void leave() {
    doing = Doing.LEAVING;
    timer.cancel();
    timer = home.process().after(home.killTimeout(), this::end);
    Optional<Source> source = home.find(channel.source());
    if (source.isEmpty()) {
      end();
      return;
    }
    giveUp =
        home.network()
            .connect(
                home.process(),
                source.get(),
                Network.attempt(c -> goodbye(c, source.get()), this::end));
  }

  private void goodbye(Connection aside, Source source) {
    aside
        .client()
        .send(() -> {
          source.endDump(home.serverId());
          aside.server().send(this::end);
        });
  }

  private void end() {
    if (doing == Doing.NOTHING) {
      return;
    }
    doing = Doing.NOTHING;
    hangUp();
    List<Runnable> waiting = List.copyOf(stopped);
    stopped.clear();
    waiting.forEach(Runnable::run);
  }

  private void hangUp() {
    attempts++;
    timer.cancel();
    giveUp.run();
    if (wire != null) {
      wire.client().close();
      wire = null;
    }
  }

  void died() {
    stopped.clear();
    doing = Doing.NOTHING;
    problem = Problem.NONE;
    heartbeats = 0;
    hangUp();
  }

  // --- connecting

  private void connect() {
    hangUp();
    int attempt = attempts;
    doing = Doing.CONNECTING;
    accepted = false;
    Optional<Source> source = home.find(channel.source());
    timer = home.process().after(home.netTimeout(), () -> failed(attempt));
    if (source.isPresent()) {
      giveUp =
          home.network()
              .connect(
                  home.process(),
                  source.get(),
                  Network.attempt(c -> connected(c, source.get(), attempt), () -> failed(attempt)));
    }
  }

  private void connected(Connection connection, Source source, int attempt) {
    if (attempt != attempts) {
      connection.client().close();
      return;
    }
    accepted = true;
    wire = connection;
    connection.client().onLost(() -> failed(attempt));
    acknowledging = home.acknowledges();
    Request request = new Request(attempt, source.serverId(), channel.from());
    connection.client().send(() -> source.serve(connection, request));
  }

  private void failed(int attempt) {
    if (attempt != attempts) {
      return;
    }
    rest(
        accepted
            ? new Problem(LOST, "error reconnecting to master: Lost connection to server")
            : new Problem(CANNOT_CONNECT, "error connecting to master: Can't connect to server"));
  }

  private void rest(Problem why) {
    problem = why;
    hangUp();
    if (!stopped.isEmpty()) {
      end();
      return;
    }
    doing = Doing.RESTING;
    timer = home.process().after(channel.retry(), this::connect);
  }

  // --- receiving

  /** An established connection broke, or was silent for too long: no error is told yet. */
  private void lost(int attempt) {
    if (attempt == attempts && doing == Doing.RECEIVING) {
      connect();
    }
  }

  private void heard() {
    lastHeard = home.now();
    timer.cancel();
    int attempt = attempts;
    timer = home.process().after(home.netTimeout(), () -> lost(attempt));
  }

  private final class Request implements Source.Request {
    private final int attempt;
    private final long served;
    private final GtidPosition from;

    /** As it was asked for: the source counts by it, at the end too. */
    private final boolean member = acknowledging;

    Request(int attempt, long served, GtidPosition from) {
      this.attempt = attempt;
      this.served = served;
      this.from = from;
    }

    private boolean current() {
      return attempt == attempts;
    }

    @Override
    public long replicaServerId() {
      return home.serverId();
    }

    @Override
    public String user() {
      return channel.user();
    }

    @Override
    public GtidPosition from() {
      return from;
    }

    @Override
    public boolean acknowledges() {
      return member;
    }

    @Override
    public long heartbeat() {
      return channel.heartbeat();
    }

    @Override
    public void welcomed(long place) {
      if (current() && wire != null) {
        if (!stopped.isEmpty()) {
          end();
          return;
        }
        doing = Doing.RECEIVING;
        boolean asked = channel.usesGtid();
        channel.relay().newFile(asked ? channel.relay().received() : GtidPosition.EMPTY);
        problem = Problem.NONE;
        sourceServerId = served;
        readPosition = place;
        wire.client().onLost(() -> lost(attempt));
        Receiver.this.heard();
      }
    }

    @Override
    public void refused(int code, String text, boolean fatal) {
      if (!current()) {
        return;
      }
      Problem why = new Problem(code, text);
      if (fatal) {
        end();
        problem = why;
      } else {
        rest(why);
      }
    }

    @Override
    public void event(DumpThread dump, int index, Transaction transaction) {
      if (current() && doing == Doing.RECEIVING) {
        Receiver.this.heard();
        readPosition = BinaryLog.place(index + 1);
        receive(transaction);
        if (acknowledging) {
          home.process().after(RELAY_WRITE, () -> acknowledge(dump, index));
        }
      }
    }

    private void acknowledge(DumpThread dump, int index) {
      if (current() && doing == Doing.RECEIVING) {
        dump.acknowledge(index);
      }
    }

    @Override
    public void heard() {
      if (current() && doing == Doing.RECEIVING) {
        heartbeats++;
        Receiver.this.heard();
      }
    }
  }

  /** Its own events are taken only by a strict replica that acknowledges (physics 5.3). */
  private void receive(Transaction transaction) {
    boolean own = transaction.gtid().server() == home.serverId();
    boolean takesOwn =
        home.release().takesOwn() && home.acknowledges() && home.strict() && channel.usesGtid();
    channel.relay().append(new RelayLog.Event(transaction, own && !takesOwn));
    channel.applier().kick();
  }
}
