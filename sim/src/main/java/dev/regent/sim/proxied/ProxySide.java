package dev.regent.sim.proxied;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.RoutingTable;
import dev.regent.proxy.session.Effect;
import dev.regent.proxy.session.Input;
import dev.regent.proxy.session.Session;
import dev.regent.proxy.session.Turn;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import dev.regent.sim.kernel.Alarm;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.Dice;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.kernel.Network;
import dev.regent.sim.kernel.SimProcess;
import dev.regent.sim.mariadb.ByteFront;
import dev.regent.sim.mariadb.SimServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Two simulated connections and the {@link Session} between them: what production's {@code
 * Connection} is, with simulated sockets. Bytes arrive in pieces now and then, as they do.
 */
final class ProxySide {
  /** As in production: a server that accepts nothing for so long is tried again. */
  private static final long CONNECT_MAX = 2 * Kernel.SECOND;

  /**
   * As in production: a server that lost its power and came back knows nothing of its connections,
   * and does not say so before it is asked.
   */
  private static final long KEEPALIVE = 5 * Kernel.SECOND;

  private static final long ACCOUNTS = Kernel.MILLISECOND;

  private static final double IN_PIECES = 0.1;

  /** One input leads to a few more at most. */
  private static final int TURNS_MAX = 100;

  private static final byte[] NOTHING = new byte[0];

  private final SimProxy proxy;
  private final SimProcess process;
  private final Connection.End client;
  private final Dice dice;
  private final Session session;
  private final Queue<Input> inputs = new ArrayDeque<>();
  private byte[] fromClient = NOTHING;
  private RoutingTable table;
  private final Consumer<byte[]> toClient;
  private final Reader reader;
  private final SortedMap<Integer, Link> links = new TreeMap<>();
  private Alarm alarm = Alarm.past();
  private boolean stepping;
  private boolean clientGone;
  private boolean owes;
  private boolean cutting;

  /** The link on which its statement was prepared last. */
  private int preparedOn;

  /** A connection to a server. */
  private static final class Link {
    private final int number;
    private final SimServer server;
    private @Nullable Connection connection;
    private @Nullable ByteFront front;
    private byte[] received = NOTHING;
    private Runnable giveUp = () -> {};
    private RoutingTable arriving = RoutingTable.closed();
    private boolean inTransaction;
    private long written;

    /** In a transaction that began as a read at a replica. */
    private boolean reading;

    /** It was asked for as a replica's, and no statement of the client's has come over it yet. */
    private boolean chosen;

    Link(int number, SimServer server) {
      this.number = number;
      this.server = server;
    }
  }

  ProxySide(
      SimProxy proxy,
      Connection.End client,
      Consumer<byte[]> toClient,
      Reader reader,
      Dice dice,
      RoutingTable table) {
    this.proxy = proxy;
    this.process = proxy.process();
    this.client = client;
    this.toClient = toClient;
    this.reader = reader;
    this.dice = dice;
    this.table = table;
    this.session = proxy.session(reader.way(), seed(dice), table);
    client.onLost(this::clientLost);
  }

  static Seed seed(Dice dice) {
    byte[] chance = new byte[Seed.LENGTH];
    for (int i = 0; i < chance.length; i++) {
      chance[i] = (byte) dice.next();
    }
    return Seed.fromChance(chance);
  }

  boolean isOver() {
    return session.over();
  }

  /** What its client waits for; empty if it owes it nothing. */
  String owed() {
    return owes && !session.over() && !clientGone ? toString() : "";
  }

  // --- the client's side

  void begin() {
    step(new Input.Connected());
  }

  void receive(byte[] bytes) {
    boolean goodbye = bytes.length > PacketWriter.HEADER && bytes[4] == Command.QUIT.code();
    owes = !goodbye;
    int first = dice.chance(IN_PIECES) ? (int) dice.below(bytes.length) : 0;
    fromClient = joined(fromClient, Bytes.of(bytes).copy(0, first));
    if (first > 0) {
      step(new Input.FromClient(Bytes.of(fromClient)));
    }
    fromClient = joined(fromClient, Bytes.of(bytes).copy(first, bytes.length));
    step(new Input.FromClient(Bytes.of(fromClient)));
  }

  private void clientLost() {
    clientGone = true;
    step(new Input.ClientGone());
    alarm.cancel();
    proxy.leave(this);
  }

  void routed(RoutingTable newer) {
    table = newer;
    cutting = true;
    step(new Input.Routed(newer));
    cutting = false;
  }

  // --- the session

  private void step(Input input) {
    inputs.add(input);
    if (stepping) {
      return;
    }
    stepping = true;
    int turns = 0;
    for (Input next = inputs.poll(); next != null; next = inputs.poll()) {
      turns++;
      if (turns > TURNS_MAX) {
        proxy.judge().broken("progress", "a session turns in circles: " + this);
      }
      take(next);
    }
    stepping = false;
  }

  private void take(Input input) {
    // The arrays may have grown or shrunk since it was noted.
    Input fresh =
        switch (input) {
          case Input.FromClient from -> new Input.FromClient(Bytes.of(fromClient));
          case Input.FromServer from ->
              new Input.FromServer(from.link(), Bytes.of(received(from.link())));
          default -> input;
        };
    Turn turn = session.step(fresh, proxy.now());
    boolean again = false;
    for (Effect effect : turn.effects()) {
      again |= effect instanceof Effect.Again;
      apply(effect, input);
    }
    switch (fresh) {
      case Input.FromClient from ->
          fromClient = Bytes.of(fromClient).copy(turn.used(), fromClient.length);
      case Input.FromServer from -> used(from.link(), turn.used());
      default -> {}
    }
    if (again && fromClient.length > 0) {
      inputs.add(new Input.FromClient(Bytes.of(fromClient)));
    }
  }

  private byte[] received(int number) {
    Link from = links.get(number);
    return from == null ? NOTHING : from.received;
  }

  private void used(int number, int count) {
    Link from = links.get(number);
    if (from != null) {
      from.received = Bytes.of(from.received).copy(count, from.received.length);
    }
  }

  private void apply(Effect effect, Input cause) {
    switch (effect) {
      case Effect.Say say -> say(say.packet().bytes());
      case Effect.Tell tell -> tell(tell.link(), tell.packet().bytes());
      case Effect.PassToClient pass -> {
        int number = cause instanceof Input.FromServer from ? from.link() : 0;
        say(Bytes.of(received(number)).copy(pass.from(), pass.to()));
      }
      case Effect.PassToServer pass ->
          tell(pass.link(), Bytes.of(fromClient).copy(pass.from(), pass.to()));
      case Effect.Link wanted -> connect(wanted);
      case Effect.Unlink gone -> disconnect(gone.number());
      case Effect.Park left -> park(left);
      case Effect.Crowded crowded -> proxy.lot().makeRoom(crowded.server());
      case Effect.SecureClient secure ->
          throw new IllegalStateException("nothing is encrypted here");
      case Effect.SecureLink secure -> throw new IllegalStateException("nothing is encrypted here");
      case Effect.Hangup hangup -> hangup();
      case Effect.Refused refused -> {}
      case Effect.Again again -> {}
      case Effect.Wake wake -> {
        alarm.cancel();
        alarm = process.after(Math.max(0, wake.at() - proxy.now()), () -> step(new Input.Tick()));
      }
      case Effect.Refresh refresh -> process.after(ACCOUNTS, () -> step(new Input.Refreshed()));
    }
  }

  private void say(byte[] bytes) {
    owes = false;
    client.send(() -> toClient.accept(bytes));
  }

  private void hangup() {
    if (owes && !clientGone) {
      proxy.judge().broken("ends with a reason", "a client was hung up on without a word");
    }
    alarm.cancel();
    client.close();
    proxy.leave(this);
  }

  // --- the server's side

  private void connect(Effect.Link wanted) {
    SimServer to = proxy.server(wanted.server());
    Link fresh = new Link(wanted.number(), to);
    fresh.chosen = table.replicas().contains(wanted.server());
    links.put(fresh.number, fresh);
    Optional<Lot.Wire> left =
        wanted.reuse().flatMap(terms -> proxy.lot().take(wanted.server(), terms));
    if (left.isPresent()) {
      takeOver(fresh, left.get());
      return;
    }
    proxy.lot().makeRoom(wanted.server());
    Alarm limit = process.after(CONNECT_MAX, () -> failed(fresh));
    fresh.giveUp =
        to.network()
            .connect(
                process,
                to,
                Network.attempt(
                    connection -> {
                      limit.cancel();
                      linked(fresh, connection);
                    },
                    () -> {
                      limit.cancel();
                      failed(fresh);
                    }));
  }

  private void takeOver(Link fresh, Lot.Wire left) {
    proxy.ledger().saw(Ledger.Happening.TAKEN_OVER);
    left.front().handTo(new Hearing(fresh));
    left.connection().client().onLost(() -> lost(fresh));
    fresh.connection = left.connection();
    fresh.front = left.front();
    process.after(KEEPALIVE, () -> keepAlive(fresh));
    step(new Input.Reused(fresh.number, left.thread()));
  }

  private void park(Effect.Park left) {
    Link old = links.remove(left.number());
    Connection connection = old == null ? null : old.connection;
    ByteFront front = old == null ? null : old.front;
    if (old != null && connection != null && front != null) {
      proxy.lot().park(new Lot.Wire(old.server, connection, front, left.thread()), left.terms());
    }
  }

  private boolean isCurrent(Link one) {
    return links.get(one.number) == one;
  }

  private void failed(Link one) {
    if (isCurrent(one) && one.connection == null) {
      one.giveUp.run();
      links.remove(one.number);
      step(new Input.Unlinked(one.number));
    }
  }

  private void linked(Link fresh, Connection connection) {
    if (!isCurrent(fresh) || session.over()) {
      connection.client().close();
      return;
    }
    fresh.connection = connection;
    connection.client().onLost(() -> lost(fresh));
    process.after(KEEPALIVE, () -> keepAlive(fresh));
    Seed seed = seed(dice);
    connection
        .client()
        .send(
            () -> fresh.front = ByteFront.open(fresh.server, connection, new Hearing(fresh), seed));
  }

  private void keepAlive(Link mine) {
    Connection connection = mine.connection;
    if (isCurrent(mine) && connection != null) {
      connection.client().send(() -> {});
      process.after(KEEPALIVE, () -> keepAlive(mine));
    }
  }

  private void lost(Link old) {
    if (isCurrent(old)) {
      links.remove(old.number);
      step(new Input.Unlinked(old.number));
    }
  }

  private void disconnect(int number) {
    Link old = links.remove(number);
    if (old != null) {
      if (cutting) {
        proxy.ledger().saw(Ledger.Happening.CUT);
      }
      old.giveUp.run();
      Connection connection = old.connection;
      if (connection != null) {
        connection.client().close();
      }
    }
  }

  private void tell(int number, byte[] bytes) {
    Link to = links.get(number);
    Connection connection = to == null ? null : to.connection;
    if (to == null || connection == null) {
      return;
    }
    leaves(to, bytes);
    RoutingTable now = table;
    connection
        .client()
        .send(() -> {
          ByteFront front = to.front;
          if (front != null) {
            to.arriving = now;
            front.receive(bytes);
          }
        });
  }

  /** Every command of a simulated client is sent as a whole. */
  private void leaves(Link to, byte[] bytes) {
    if (bytes[3] != 0) {
      // Part of a login.
      return;
    }
    boolean executes = bytes[4] == Command.EXECUTE.code();
    if (bytes[4] == Command.PREPARE.code()) {
      if (preparedOn != 0 && preparedOn != to.number) {
        proxy.ledger().saw(Ledger.Happening.PREPARED_AGAIN);
      }
      preparedOn = to.number;
    }
    if (executes || bytes[4] == Command.QUERY.code()) {
      String sql =
          executes
              ? Preparer.text(bytes)
              : new String(bytes, 5, bytes.length - 5, StandardCharsets.UTF_8);
      proxy.ledger().leaves(sql, to.inTransaction, to.written);
      if (sql.startsWith("SET @@session.")) {
        proxy.ledger().saw(Ledger.Happening.RESTORED);
      }
      if (sql.equals("BEGIN")) {
        to.inTransaction = true;
      } else if (Ledger.row(sql) != 0 && to.inTransaction) {
        to.written = Ledger.row(sql);
      }
    }
  }

  /** What the server says on one link, and does for it. */
  private final class Hearing implements ByteFront.Ear {
    private final Link from;

    Hearing(Link from) {
      this.from = from;
    }

    @Override
    public void hears(byte[] bytes, String sql, int code) {
      if (!isCurrent(from)) {
        return;
      }
      proxy.ledger().answered(sql, code, from.written);
      if (sql.equals("COMMIT") || sql.equals("ROLLBACK")) {
        from.inTransaction = false;
        from.reading = false;
        from.written = 0;
      }
      int first = dice.chance(IN_PIECES) ? (int) dice.below(bytes.length) : 0;
      hears(Bytes.of(bytes).copy(0, first));
      hears(Bytes.of(bytes).copy(first, bytes.length));
    }

    private void hears(byte[] part) {
      if (part.length > 0 && isCurrent(from)) {
        from.received = joined(from.received, part);
        step(new Input.FromServer(from.number, Bytes.of(from.received)));
      }
    }

    @Override
    public void begins(String sql) {
      boolean splits = reader.way().splits();
      // A read that is repeated goes where it was decided to, though the table may be newer by
      // then.
      boolean repeated = from.chosen && sql.equals(Ledger.READ_ONLY_TRANSACTION);
      from.chosen &= Ledger.isErrand(sql);
      boolean reading = from.reading || (splits && repeated);
      boolean atReplica =
          proxy.ledger().arrives(sql, from.server.id(), from.arriving, splits, reading);
      from.reading |= atReplica && sql.equals(Ledger.READ_ONLY_TRANSACTION);
    }

    @Override
    public void commits(long row, Gtid gtid) {
      proxy.ledger().commits(row, gtid, from.server.id());
    }

    @Override
    public void reads(long row, boolean found) {
      SimServer server = from.server;
      boolean led = from.arriving.primary().filter(server.id()::equals).isPresent();
      if (!found && (led || proxy.ledger().isBehind(row, server.engine().replicated()))) {
        reader.isLost();
      }
    }
  }

  @Override
  public String toString() {
    List<String> to = links.values().stream().map(l -> l.server.id().name()).toList();
    return "a session that is linked to " + to + ", under " + table;
  }

  static byte[] joined(byte[] a, byte[] b) {
    return new PacketWriter().bytes(a).bytes(b).payload();
  }
}
