package dev.regent.sim.mariadb;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.wire.AuthSwitch;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Greeting;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import dev.regent.proxy.wire.Status;
import dev.regent.sim.kernel.Connection;
import dev.regent.sim.kernel.Kernel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one connection in the real protocol: bytes come in, statements are run,
 * bytes go out. It knows the statements that simulated clients and the proxy send, {@code sql_mode}
 * as the one variable that a session sets, and {@code last_gtid} as the one that it is told of.
 */
public final class ByteFront {
  /** What the server keeps of the only client's password. */
  public static final NativePassword.Stored PASSWORD =
      NativePassword.Stored.parse("*14E65567ABDB5135D0CFD9A70B3032C179A49EE7").orElseThrow();

  /** All but what neither side could do. */
  private static final long CAPABILITIES =
      0x1f_ffff_ffffL & ~(Capability.MYSQL | Capability.SSL | Capability.COMPRESS);

  private static final Pattern INSERT =
      Pattern.compile("INSERT INTO t VALUES \\((\\d+), (\\d+)\\)");
  private static final Pattern SELECT = Pattern.compile("SELECT v FROM t WHERE v=(\\d+)");
  private static final Pattern WAIT =
      Pattern.compile(
          "BEGIN NOT ATOMIC IF NOT \\(MASTER_GTID_WAIT\\('([0-9,-]+)', ([0-9.]+)\\) <=> 0\\) THEN"
              + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='late'; END IF; END");
  private static final Pattern MODE = Pattern.compile("sql_mode='([A-Z_]*)'");
  private static final Pattern TIMEOUT = Pattern.compile("net_read_timeout=(\\d+)");
  private static final String TIMEOUT_USUAL = "30";

  private static final Err DENIED = new Err(1045, "28000", "Access denied");
  private static final Err NO_VALUE = new Err(1231, "42000", "A variable can't be NULL");
  private static final int SYNTAX = 1064;
  private static final int SIGNALLED = 1644;
  private static final long LOOK = 40 * Kernel.MICROSECOND;

  private final SimServer server;
  private final Connection connection;
  private Ear ear;
  private final Seed seed;
  private byte[] received = new byte[0];
  private @Nullable Session session;
  private long capabilities;
  private boolean busy;
  private String mode = "";

  /** No reset takes that back: it is the socket's. */
  private String timeout = TIMEOUT_USUAL;

  /** Whoever has it now is to prove who he is. */
  private boolean changing;

  /** The client wants to hear of all variables, and so of {@code last_gtid}. */
  private boolean tracks;

  /** Written in the transaction that is open; 0 if nothing is. */
  private long pending;

  private final Handles handles = new Handles();

  /** Whoever has the connection. */
  public interface Ear {
    /**
     * What the server says, inside the client's process.
     *
     * @param sql what it answers; empty for what belongs to the login
     * @param code of its error; 0 if it is none
     */
    void hears(byte[] bytes, String sql, int code);

    /** The server begins a statement, inside its own process. */
    void begins(String sql);

    /** A row is committed there; nobody was told yet. */
    void commits(long row, Gtid gtid);

    /** A row is looked for there, and is there or not. */
    void reads(long row, boolean found);
  }

  private ByteFront(SimServer server, Connection connection, Ear ear, Seed seed) {
    this.server = server;
    this.connection = connection;
    this.ear = ear;
    this.seed = seed;
  }

  /** Greets, once the server gets to it. Called inside the server's process. */
  public static ByteFront open(SimServer server, Connection connection, Ear ear, Seed seed) {
    ByteFront front = new ByteFront(server, connection, ear, seed);
    Greeting greeting =
        new Greeting(
            "11.4.5-MariaDB",
            server.desk().newNumber(),
            seed,
            CAPABILITIES,
            45,
            Status.AUTOCOMMIT,
            NativePassword.PLUGIN);
    front.say(PacketWriter.frame(greeting.encode(), 0), "", 0);
    return front;
  }

  /** It has another owner from now on. Nothing may be under way. */
  public void handTo(Ear next) {
    ear = next;
  }

  private void say(byte[] bytes, String sql, int code) {
    connection.server().send(() -> ear.hears(bytes, sql, code));
  }

  /** Bytes of the client have arrived. */
  public void receive(byte[] more) {
    received = new PacketWriter().bytes(received).bytes(more).payload();
    next();
  }

  private void next() {
    try {
      while (!busy && received.length >= PacketWriter.HEADER) {
        PacketReader reader = new PacketReader(Bytes.of(received));
        int end = PacketWriter.HEADER + reader.int3();
        int number = reader.int1();
        if (received.length < end) {
          return;
        }
        Bytes packet = Bytes.of(Bytes.of(received).copy(PacketWriter.HEADER, end));
        received = Bytes.of(received).copy(end, received.length);
        take(packet, number);
      }
    } catch (MalformedPacketException e) {
      throw new IllegalStateException("the proxy sent what is no protocol", e);
    }
  }

  private void take(Bytes packet, int number) throws MalformedPacketException {
    Session mine = session;
    if (mine == null) {
      login(LoginRequest.decode(packet, CAPABILITIES), number + 1);
    } else if (changing) {
      changing = false;
      boolean right = PASSWORD.check(packet, again()).isPresent();
      say(
          right ? done(mine, number + 1) : failed(DENIED, number + 1),
          "",
          right ? 0 : DENIED.code());
    } else if (packet.at(0) == Command.CHANGE_USER.code()) {
      changing = true;
      AuthSwitch wish = new AuthSwitch(NativePassword.PLUGIN, again());
      forget(mine, () -> say(PacketWriter.frame(wish.encode(), 1), "", 0));
    } else if (packet.at(0) == Command.RESET_CONNECTION.code()) {
      forget(mine, () -> say(done(mine, 1), "", 0));
    } else if (packet.at(0) == Command.QUERY.code()) {
      String sql = new String(packet.copy(1, packet.length()), StandardCharsets.UTF_8);
      busy = true;
      ear.begins(sql);
      query(mine, sql);
    } else if (packet.at(0) == Command.PING.code()) {
      say(done(mine, 1), "", 0);
    } else if (packet.at(0) == Command.PREPARE.code()) {
      String text = new String(packet.copy(1, packet.length()), StandardCharsets.UTF_8);
      say(prepared(mine, handles.prepare(text)), "", 0);
    } else if (packet.at(0) == Command.EXECUTE.code()) {
      execute(mine, packet);
    } else if (packet.at(0) == Command.CLOSE.code()) {
      handles.close(packet);
    } else if (packet.at(0) != Command.QUIT.code()) {
      throw new IllegalStateException("command " + packet.at(0) + " is not simulated");
    }
  }

  /** A server asks each time with a challenge of its own. */
  private Seed again() {
    byte[] other = seed.bytes();
    for (int i = 0; i < other.length; i++) {
      other[i]++;
    }
    return Seed.fromChance(other);
  }

  /** What a session has, but for what is the socket's; the transaction goes first. */
  private void forget(Session mine, Runnable then) {
    busy = true;
    server
        .desk()
        .statement(
            mine,
            new Statement.Rollback(),
            reply -> {
              pending = 0;
              mode = "";
              tracks = false;
              handles.clear();
              busy = false;
              then.run();
              next();
            });
  }

  private void execute(Session mine, Bytes packet) throws MalformedPacketException {
    Optional<Err> wrong = handles.wrong(packet);
    if (wrong.isPresent()) {
      say(failed(wrong.get(), 1), "", wrong.get().code());
      return;
    }
    String sql = handles.text(packet);
    busy = true;
    ear.begins(sql);
    query(mine, sql);
  }

  private void login(LoginRequest login, int number) {
    boolean right =
        login.user().equals(Account.APPLICATION.user())
            && PASSWORD.check(login.proof(), seed).isPresent();
    if (!right) {
      say(failed(DENIED, number), "", DENIED.code());
      connection.server().close();
      return;
    }
    busy = true;
    server
        .desk()
        .enter(
            connection,
            Account.APPLICATION,
            reply -> {
              if (reply instanceof Reply.Done<Session> d) {
                session = d.value();
                capabilities = login.capabilities();
                say(done(d.value(), number), "", 0);
                busy = false;
                next();
              } else if (reply instanceof Reply.Refused<Session> r) {
                String state = r.code() == 1040 ? "08004" : "28000";
                say(failed(new Err(r.code(), state, r.text()), number), "", r.code());
              }
            });
  }

  // --- statements

  private void query(Session mine, String sql) {
    Matcher insert = INSERT.matcher(sql);
    Matcher select = SELECT.matcher(sql);
    Matcher wait = WAIT.matcher(sql);
    if (insert.matches()) {
      long row = Long.parseLong(insert.group(1));
      run(mine, sql, new Statement.Write(row, Long.parseLong(insert.group(2))));
    } else if (select.matches()) {
      long row = Long.parseLong(select.group(1));
      look(mine, sql, () -> find(row));
    } else if (wait.matches()) {
      long nanos = Math.round(Double.parseDouble(wait.group(2)) * Kernel.SECOND);
      await(mine, sql, GtidPosition.parse(wait.group(1)), nanos);
    } else if (sql.equals("SELECT @@sql_mode")) {
      look(mine, sql, () -> mode);
    } else if (sql.equals("SELECT @@net_read_timeout")) {
      look(mine, sql, () -> timeout);
    } else if (sql.startsWith("SET ")) {
      set(mine, sql);
    } else {
      switch (sql) {
        case "BEGIN", "START TRANSACTION READ ONLY" -> run(mine, sql, new Statement.Begin());
        case "COMMIT" -> run(mine, sql, new Statement.Commit());
        case "ROLLBACK" -> run(mine, sql, new Statement.Rollback());
        default ->
            end(failed(new Err(SYNTAX, "42000", "You have an error near " + sql), 1), sql, SYNTAX);
      }
    }
  }

  private void run(Session mine, String sql, Statement statement) {
    server
        .desk()
        .statement(
            mine,
            statement,
            reply -> {
              if (reply instanceof Reply.Refused<Boolean> r) {
                end(failed(new Err(r.code(), state(r.code()), r.text()), 1), sql, r.code());
              } else {
                end(executed(mine, statement), sql, 0);
              }
            });
  }

  /** What is said of it. */
  private byte[] executed(Session mine, Statement statement) {
    if (statement instanceof Statement.Write write) {
      pending = write.row();
    }
    if (mine.inTransaction()) {
      return done(mine, 1);
    }
    boolean commits = pending != 0 && !(statement instanceof Statement.Rollback);
    long row = pending;
    pending = 0;
    if (!commits) {
      return done(mine, 1);
    }
    Gtid gtid = mine.lastGtid().orElseThrow();
    ear.commits(row, gtid);
    return tracks ? done(mine, 1, "last_gtid", gtid.toString()) : done(mine, 1);
  }

  private String find(long row) {
    boolean found = server.engine().hasRow(row);
    ear.reads(row, found);
    return found ? Long.toString(row) : "";
  }

  /** The proxy's way to see that a read comes late enough: it fails if that is not so in time. */
  private void await(Session mine, String sql, GtidPosition position, long nanos) {
    server
        .desk()
        .statement(
            mine,
            new Statement.WaitReplicated(position, nanos),
            reply -> {
              if (reply instanceof Reply.Done<Boolean> d && d.value()) {
                end(done(mine, 1), sql, 0);
              } else {
                end(failed(new Err(SIGNALLED, "45000", "late"), 1), sql, SIGNALLED);
              }
            });
  }

  private static String state(int code) {
    return switch (code) {
      case 1062 -> "23000";
      case 1317 -> "70100";
      default -> "HY000";
    };
  }

  private void set(Session mine, String sql) {
    Matcher set = MODE.matcher(sql);
    Matcher time = TIMEOUT.matcher(sql);
    byte[] answer = done(mine, 1);
    if (time.find()) {
      timeout = time.group(1);
      answer = done(mine, 1, "net_read_timeout", timeout);
    }
    if (set.find() && !set.group(1).isEmpty()) {
      mode = set.group(1);
      answer = done(mine, 1, "sql_mode", mode);
    }
    tracks |= sql.contains("session_track_system_variables=") && sql.contains("'*'");
    boolean ifOpen = sql.contains("@@global.read_only");
    byte[] said = answer;
    server
        .desk()
        .statement(
            mine,
            new Statement.Nothing(),
            reply -> {
              if (ifOpen && server.readOnly()) {
                end(failed(NO_VALUE, 1), sql, NO_VALUE.code());
              } else {
                end(said, sql, 0);
              }
            });
  }

  /** A result of one row, or of none if there is no value. */
  private void look(Session mine, String sql, Supplier<String> value) {
    server
        .process()
        .after(
            LOOK,
            () ->
                server
                    .desk()
                    .statement(
                        mine,
                        new Statement.Nothing(),
                        reply -> end(rows(mine, value.get()), sql, 0)));
  }

  private void end(byte[] answer, String sql, int code) {
    busy = false;
    say(answer, sql, code);
    next();
  }

  // --- packets

  private static int status(Session mine) {
    return Status.AUTOCOMMIT | (mine.inTransaction() ? Status.IN_TRANSACTION : 0);
  }

  private static PacketWriter ok(int status) {
    return new PacketWriter().int1(0).lengthEncoded(0).lengthEncoded(0).int2(status).int2(0);
  }

  private static byte[] done(Session mine, int number) {
    return ok(status(mine)).packet(number);
  }

  /** An OK that tells what a variable has become. */
  private static byte[] done(Session mine, int number, String variable, String value) {
    PacketWriter told = new PacketWriter().lengthEncodedText(variable).lengthEncodedText(value);
    return ok(status(mine) | Status.STATE_CHANGED)
        .lengthEncodedText("")
        .lengthEncodedBytes(new PacketWriter().int1(0).lengthEncodedBytes(told.payload()).payload())
        .packet(number);
  }

  /** Its parameters; it has no columns. */
  private byte[] prepared(Session mine, long statement) {
    int number = 1;
    PacketWriter all = new PacketWriter();
    PacketWriter first = new PacketWriter().int1(0).int4(statement).int2(0).int2(2).zeros(3);
    all.bytes(first.packet(number++));
    all.bytes(column().packet(number++));
    all.bytes(column().packet(number++));
    if (!Capability.has(capabilities, Capability.DEPRECATE_EOF)) {
      all.bytes(endOfRows(mine).packet(number));
    }
    return all.payload();
  }

  private static byte[] failed(Err err, int number) {
    return PacketWriter.frame(err.encode(), number);
  }

  private byte[] rows(Session mine, String value) {
    boolean newStyle = Capability.has(capabilities, Capability.DEPRECATE_EOF);
    PacketWriter all = new PacketWriter();
    int number = 1;
    all.bytes(new PacketWriter().lengthEncoded(1).packet(number++));
    all.bytes(column().packet(number++));
    if (!newStyle) {
      all.bytes(endOfRows(mine).packet(number++));
    }
    if (!value.isEmpty()) {
      all.bytes(new PacketWriter().lengthEncodedText(value).packet(number++));
    }
    PacketWriter last =
        newStyle
            ? new PacketWriter().int1(0xfe).int1(0).int1(0).int2(status(mine)).int2(0)
            : endOfRows(mine);
    all.bytes(last.packet(number));
    return all.payload();
  }

  private static PacketWriter endOfRows(Session mine) {
    return new PacketWriter().int1(0xfe).int2(0).int2(status(mine));
  }

  private PacketWriter column() {
    PacketWriter out = new PacketWriter().lengthEncodedText("def");
    for (int i = 0; i < 5; i++) {
      out.lengthEncodedText("v");
    }
    if (Capability.has(capabilities, Capability.EXTENDED_METADATA)) {
      out.lengthEncodedText("");
    }
    return out.int1(0x0c).int2(45).int4(20).int1(0xfd).int2(0).int1(0).zeros(2);
  }
}
