package dev.regent.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.auth.Account;
import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.auth.Secured;
import dev.regent.proxy.auth.ServerProof;
import dev.regent.proxy.fleet.Member;
import dev.regent.proxy.net.SharedBudget;
import dev.regent.proxy.net.SharedFleet;
import dev.regent.proxy.net.SharedGuests;
import dev.regent.proxy.seen.Neighbours;
import dev.regent.proxy.seen.Refusal;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Script;
import dev.regent.proxy.wire.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A session with a client and servers that do what a test says: the shell, without sockets. */
final class Played {
  static final ServerId DB1 = new ServerId("db1");
  static final ServerId DB2 = new ServerId("db2");
  static final ServerId DB3 = new ServerId("db3");
  static final Duration HOLD = Duration.ofSeconds(30);
  static final int AUTOCOMMIT = 2;
  static final int IN_TRANSACTION = 3;
  private static final long USUAL = Capability.DEPRECATE_EOF | Capability.SESSION_TRACK;

  static final String SECRET = "*14E65567ABDB5135D0CFD9A70B3032C179A49EE7";
  private static final Seed SEED =
      new Seed("abcdefghijklmnopqrst".getBytes(StandardCharsets.UTF_8));

  final SharedBudget budget = new SharedBudget(16 << 20);
  final SharedGuests guests = new SharedGuests(1);
  final Session session;
  Accounts accounts;
  final List<Refusal> refusals = new ArrayList<>();

  /** What the client shows, when TLS begins. */
  Optional<Secured.Shown> shown = Optional.empty();

  final List<ServerId> linked = new ArrayList<>();

  /** Links that were wanted, and those that were left to others. */
  final List<Effect.Link> wanted = new ArrayList<>();

  final List<Effect.Park> parked = new ArrayList<>();
  final List<ServerId> crowded = new ArrayList<>();
  private final long capabilities;
  private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
  private final Map<Integer, PlayedServer> servers = new LinkedHashMap<>();
  private byte[] ahead = new byte[0];
  private PlayedServer speaker = new PlayedServer(0, DB1);
  final SharedFleet fleet =
      new SharedFleet(Map.of(DB1, Member.USUAL, DB2, Member.USUAL, DB3, Member.USUAL));
  boolean hungUp;
  boolean clientSecured;
  boolean linkSecured;
  boolean refreshes;
  long now = 1_000_000_000L;
  private long alarm;

  Played(long capabilities, RoutingTable table) {
    this(capabilities, table, Door.PLAIN);
  }

  Played(long capabilities, RoutingTable table, Door door) {
    this(capabilities, table, door, accounts(SECRET), Neighbours.NONE);
  }

  /** With other accounts. */
  static Played before(Accounts accounts) {
    return new Played(
        Capability.DEPRECATE_EOF, primary(1, DB1), Door.PLAIN, accounts, Neighbours.NONE);
  }

  private Played(
      long capabilities, RoutingTable table, Door door, Accounts accounts, Neighbours neighbours) {
    this(
        capabilities,
        Settings.Kind.PRIMARY,
        Settings.Reads.USUAL,
        table,
        door,
        accounts,
        neighbours,
        Optional.empty(),
        Pooling.NONE);
  }

  Played(long capabilities, Settings.Kind kind, Settings.Reads reads, RoutingTable table) {
    this(
        capabilities,
        kind,
        reads,
        table,
        Door.PLAIN,
        accounts(SECRET),
        Neighbours.NONE,
        Optional.empty(),
        Pooling.NONE);
  }

  Played(
      long capabilities,
      Settings.Kind kind,
      Settings.Reads reads,
      RoutingTable table,
      Door door,
      Accounts accounts,
      Neighbours neighbours,
      Optional<String> tokens,
      Pooling pooling) {
    this.accounts = accounts;
    this.capabilities = capabilities | Capability.PROTOCOL_41 | Capability.SECURE_CONNECTION;
    Replaying replaying =
        new Replaying(Replaying.BYTES_MAX, Replaying.ATTEMPTS_MAX, budget, tokens);
    session =
        new Session(
            new Settings(HOLD, kind, reads, replaying, door, guests, pooling),
            HostPattern.Peer.at("10.1.2.3"),
            0x8000_0000L,
            SEED,
            () -> this.accounts,
            fleet,
            table,
            neighbours);
    step(new Input.Connected());
  }

  static Accounts accounts(String stored) {
    Account.Password password =
        new Account.Password.Native(NativePassword.Stored.parse(stored).orElseThrow());
    return new Accounts(
        "11.4.5-MariaDB",
        45,
        true,
        List.of(new Account("app", new HostPattern("%"), Optional.of(password), false)));
  }

  static RoutingTable primary(long epoch, ServerId server) {
    return new RoutingTable(epoch, Optional.of(server), false, List.of());
  }

  static RoutingTable table(long epoch, ServerId primary, ServerId... replicas) {
    return new RoutingTable(epoch, Optional.of(primary), false, List.of(replicas));
  }

  static RoutingTable held(long epoch, ServerId server) {
    return new RoutingTable(epoch, Optional.of(server), true, List.of());
  }

  /** A session that is logged in to db1 and idle. */
  static Played loggedIn() {
    return loggedIn(USUAL);
  }

  static Played loggedIn(long capabilities) {
    return in(new Played(capabilities, primary(1, DB1)));
  }

  /** The same, on a listener that decides lost commits by this table. */
  static Played deciding(String table) {
    return in(
        new Played(
            USUAL,
            Settings.Kind.PRIMARY,
            Settings.Reads.USUAL,
            primary(1, DB1),
            Door.PLAIN,
            accounts(SECRET),
            Neighbours.NONE,
            Optional.of(table),
            Pooling.NONE));
  }

  /** The same, beside other sessions. */
  static Played among(Neighbours neighbours) {
    return in(new Played(USUAL, primary(1, DB1), Door.PLAIN, accounts(SECRET), neighbours));
  }

  private static Played in(Played played) {
    played.login("secret");
    played.serverLetsIn();
    assertThat(played.said()).as("login").isEqualTo(framed(2, Ok.encode(AUTOCOMMIT)));
    return played;
  }

  // --- the client

  void login(String password) {
    said();
    client(framedRequest(password));
  }

  byte[] framedRequest(String password) {
    return framed(1, request(password).encode());
  }

  LoginRequest request(String password) {
    byte[] proof =
        NativePassword.proof(NativePassword.once(password.getBytes(StandardCharsets.UTF_8)), SEED);
    return new LoginRequest(capabilities, 1 << 24, 45, "app", Bytes.of(proof), "", "", Map.of());
  }

  /** TLS is up; what the client had sent ahead was the handshake's. */
  void clientIsSecured() {
    ahead = new byte[0];
    step(new Input.ClientSecured(new Secured("TLS_AES_256_GCM_SHA384", shown)));
  }

  void linkIsSecured(Optional<ServerProof> wanted) {
    step(new Input.LinkSecured(speaker.number, wanted));
  }

  void linkIsInsecure(String because) {
    step(new Input.LinkInsecure(speaker.number, because));
  }

  byte[] changeUser(String password) {
    return ClientWords.changeUser(SEED, password);
  }

  void client(byte[] bytes) {
    ahead = AutoServer.joined(ahead, bytes);
    showClient();
  }

  void clientLeaves() {
    step(new Input.ClientGone());
  }

  /** Whether the client has sent a whole packet that was not used yet. */
  boolean wholePacketWaits() {
    if (ahead.length < PacketWriter.HEADER) {
      return false;
    }
    int length = (ahead[0] & 0xff) | (ahead[1] & 0xff) << 8 | (ahead[2] & 0xff) << 16;
    return ahead.length >= PacketWriter.HEADER + length;
  }

  void query(String sql) {
    client(framed(0, new PacketWriter().int1(3).text(sql).payload()));
  }

  void clientGone() {
    step(new Input.ClientGone());
  }

  /** What the client was sent since this was asked last. */
  byte[] said() {
    byte[] said = toClient.toByteArray();
    toClient.reset();
    return said;
  }

  Err error() throws MalformedPacketException {
    byte[] said = said();
    assertThat(said.length).as("something was said").isGreaterThan(5);
    return Err.decode(Bytes.of(said).part(4, said.length));
  }

  // --- the server

  /** Whether the server that was connected to, or chosen, last is connected. */
  boolean isLinked() {
    return servers.containsKey(speaker.number);
  }

  /** What follows is about this server. */
  Played at(ServerId id) {
    speaker =
        servers.values().stream()
            .filter(s -> s.id.equals(id))
            .findFirst()
            .orElseThrow(() -> new AssertionError(id + " is not linked"));
    return this;
  }

  List<ServerId> servers() {
    return servers.values().stream().map(s -> s.id).toList();
  }

  /** What the server was sent since this was asked last. */
  byte[] told() {
    byte[] told = speaker.told.toByteArray();
    speaker.told.reset();
    return told;
  }

  String toldText() {
    byte[] told = told();
    return told.length < 5 ? "" : new String(told, 5, told.length - 5, StandardCharsets.UTF_8);
  }

  void server(byte[] bytes) {
    if (!isLinked()) {
      throw new AssertionError("not linked to " + speaker.id);
    }
    PlayedServer speaks = speaker;
    speaks.behind = AutoServer.joined(speaks.behind, bytes);
    Turn turn = step(new Input.FromServer(speaks.number, Bytes.of(speaks.behind)));
    // It may have been left meanwhile, for another one too.
    if (servers.containsKey(speaks.number)) {
      speaks.behind = Bytes.of(speaks.behind).copy(turn.used(), speaks.behind.length);
    }
  }

  // --- servers by the numbers of their links

  List<Integer> numbers() {
    return List.copyOf(servers.keySet());
  }

  byte[] told(int number) {
    speaker = server(number);
    return told();
  }

  void server(int number, byte[] bytes) {
    speaker = server(number);
    server(bytes);
  }

  void loseServer(int number) {
    speaker = server(number);
    loseServer();
  }

  void server(String hex) {
    server(new Script(1).hex(hex).bytes());
  }

  void ok(int status) {
    server(framed(1, Ok.encode(status)));
  }

  void greet() {
    greetWith(~Capability.MYSQL);
  }

  void greetWith(long offered) {
    server(PlayedServer.greeting(offered));
  }

  /** Greeting, login and errands of a fresh link; what the proxy said on it. */
  List<String> serverLetsIn() {
    List<String> errands = new ArrayList<>();
    login();
    for (String errand = toldText(); errand.startsWith("SET "); errand = toldText()) {
      errands.add(errand);
      if (errand.startsWith("SET @@")) {
        ok(AUTOCOMMIT);
        break;
      }
      ok(AUTOCOMMIT);
    }
    return errands;
  }

  /** It lets a session in, and takes no writes, though the table says that it leads. */
  void serverIsClosed() {
    login();
    assertThat(toldText()).isEqualTo(Memory.tellAll(true, false, 0));
    server(framed(1, new Err(1231, "42000", "can't be set to the value of 'NULL'").encode()));
  }

  private void login() {
    told();
    greet();
    told();
    server(framed(2, Ok.encode(AUTOCOMMIT)));
  }

  /** Greeting, login and settings of a fresh link; what the proxy says after them. */
  byte[] serverLetsInUpTo() {
    login();
    byte[] next = told();
    while (text(next).startsWith("SET session_track") || text(next).startsWith("SET @@")) {
      ok(AUTOCOMMIT);
      next = told();
    }
    return next;
  }

  static String text(byte[] command) {
    return command.length < 5
        ? ""
        : new String(command, 5, command.length - 5, StandardCharsets.UTF_8);
  }

  void loseServer() {
    servers.remove(speaker.number);
    step(new Input.Unlinked(speaker.number));
  }

  /** The link that was wanted last is one that another session has left. */
  void reuse(long thread) {
    step(new Input.Reused(speaker.number, thread));
  }

  void silent(ServerId server) {
    step(new Input.Silent(server));
  }

  void route(RoutingTable table) {
    step(new Input.Routed(table));
  }

  void pass(Duration time) {
    long until = now + time.toNanos();
    while (alarm != 0 && alarm - until <= 0) {
      now = Math.max(now, alarm);
      alarm = 0;
      step(new Input.Tick());
    }
    now = until;
  }

  private void showClient() {
    Turn turn = step(new Input.FromClient(Bytes.of(ahead)));
    ahead = Bytes.of(ahead).copy(turn.used(), ahead.length);
    if (turn.effects().contains(new Effect.Again()) && turn.used() > 0 && ahead.length > 0) {
      showClient();
    }
  }

  Turn step(Input input) {
    Turn turn = session.step(input, now);
    for (Effect effect : turn.effects()) {
      apply(effect, input);
    }
    boolean again = turn.effects().contains(new Effect.Again());
    if (again && !(input instanceof Input.FromClient) && ahead.length > 0) {
      showClient();
    }
    return turn;
  }

  private void apply(Effect effect, Input cause) {
    switch (effect) {
      case Effect.Say say -> toClient.writeBytes(say.packet().bytes());
      case Effect.Tell tell -> server(tell.link()).told.writeBytes(tell.packet().bytes());
      case Effect.PassToClient pass ->
          toClient.writeBytes(((Input.FromServer) cause).bytes().copy(pass.from(), pass.to()));
      case Effect.PassToServer pass ->
          server(pass.link()).told.writeBytes(Bytes.of(ahead).copy(pass.from(), pass.to()));
      case Effect.Link wanted -> {
        speaker = new PlayedServer(wanted.number(), wanted.server());
        servers.put(wanted.number(), speaker);
        linked.add(wanted.server());
        this.wanted.add(wanted);
      }
      case Effect.Unlink gone -> servers.remove(gone.number());
      case Effect.Park left -> {
        parked.add(left);
        servers.remove(left.number());
      }
      case Effect.Crowded crowded -> this.crowded.add(crowded.server());
      case Effect.Hangup hangup -> hungUp = true;
      case Effect.Refused refused -> refusals.add(refused.why());
      case Effect.SecureClient secured -> clientSecured = true;
      case Effect.SecureLink secured -> linkSecured = true;
      case Effect.Again again -> {}
      case Effect.Wake wake -> alarm = wake.at();
      case Effect.Refresh refresh -> refreshes = true;
    }
  }

  private PlayedServer server(int link) {
    return Objects.requireNonNull(servers.get(link), "a server that is told something");
  }

  void refreshed() {
    step(new Input.Refreshed());
  }

  static byte[] framed(int sequence, byte[] payload) {
    return PacketWriter.frame(payload, sequence);
  }
}
