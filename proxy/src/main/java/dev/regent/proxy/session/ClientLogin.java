package dev.regent.proxy.session;

import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.Answer;
import dev.regent.proxy.auth.Challenge;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.auth.Parsec;
import dev.regent.proxy.auth.Question;
import dev.regent.proxy.auth.Secured;
import dev.regent.proxy.auth.Visitor;
import dev.regent.proxy.auth.Visitor.Onward;
import dev.regent.proxy.wire.AuthSwitch;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.ChangeUser;
import dev.regent.proxy.wire.Greeting;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import dev.regent.proxy.wire.Status;
import java.util.Optional;

/**
 * The conversation in which a client proves who it is: greeting, login, and another proof where the
 * first one was made for another plugin. The same again for COM_CHANGE_USER.
 */
final class ClientLogin {
  /** A login with 64 KiB of attributes and whatever a client calls itself. */
  private static final int PACKET_LENGTH_MAX = 128 << 10;

  /** What comes of a packet. */
  sealed interface Result {
    /** Not yet a whole packet. */
    record Incomplete() implements Result {}

    /** Say this, and read on. */
    record Ask(Packet packet) implements Result {}

    /** The PROXY protocol, from who is not believed. */
    record Headed() implements Result {}

    /** TLS begins; nothing is read before {@link #secured}. */
    record Secure() implements Result {}

    /** This is who the client says it is, and what it says for it; {@link #check} may be asked. */
    record Proved() implements Result {}
  }

  private enum Tls {
    NONE,
    /** The client was told that it may begin. */
    BEGINS,
    UP
  }

  /** How often a client is asked for another proof, the accounts changing meanwhile. */
  private static final int QUESTIONS_MAX = 3;

  private final HostPattern.Peer peer;
  private final Seed seed;
  private final long offered;
  private final Onward onward;
  private Tls tls;
  private Optional<Secured> secured = Optional.empty();
  private Optional<LoginRequest> request = Optional.empty();

  /** What the client is to answer next. */
  private Optional<Question> question = Optional.empty();

  private Bytes challenge = Bytes.of();
  private boolean saltTold;

  /** Counted over all logins of the connection, so that no challenge comes twice. */
  private int questions;

  private int questionsBefore;
  private Answer answer = new Answer("", Bytes.of(), Bytes.of());
  private int sequence;
  private int used;

  /**
   * @param onward what is asked of it beside this, and how servers are connected to
   */
  ClientLogin(HostPattern.Peer peer, Seed seed, long offered, Onward onward) {
    this.peer = peer;
    this.seed = seed;
    this.offered = offered;
    this.onward = onward;
    this.tls = Tls.NONE;
  }

  byte[] greeting(Accounts accounts, long connection) {
    return PacketWriter.frame(
        new Greeting(
                accounts.version(),
                connection,
                seed,
                offered,
                accounts.charset(),
                Status.AUTOCOMMIT,
                NativePassword.PLUGIN)
            .encode(),
        0);
  }

  /** The number of the next packet that is said to the client. */
  int nextSequence() {
    return sequence + 1;
  }

  /** How many of the bytes the last {@link #read} used. */
  int used() {
    return used;
  }

  void secured(Secured how) {
    tls = Tls.UP;
    secured = Optional.of(how);
  }

  boolean isSecured() {
    return secured.isPresent();
  }

  LoginRequest request() {
    return request.orElseThrow();
  }

  Result read(Bytes in) throws MalformedPacketException {
    used = 0;
    if (in.length() < PacketWriter.HEADER) {
      return new Result.Incomplete();
    }
    if (sequence == 0 && request.isEmpty() && isHeader(in)) {
      return new Result.Headed();
    }
    int length = new PacketReader(in).int3();
    if (length > PACKET_LENGTH_MAX) {
      throw new MalformedPacketException("a login of " + length + " bytes");
    }
    int end = PacketWriter.HEADER + length;
    if (in.length() < end) {
      return new Result.Incomplete();
    }
    int number = in.at(3);
    if (tls == Tls.BEGINS) {
      throw new MalformedPacketException("a plain packet where TLS was agreed on");
    }
    if (number != sequence + 1) {
      throw new MalformedPacketException("packet number " + number + " in a login");
    }
    sequence = number;
    used = end;
    Bytes packet = in.part(PacketWriter.HEADER, end);
    if (question.isPresent()) {
      return answered(question.get(), packet);
    }
    if (tls == Tls.NONE
        && Capability.has(offered, Capability.SSL)
        && LoginRequest.asksForTls(packet)) {
      tls = Tls.BEGINS;
      return new Result.Secure();
    }
    LoginRequest login = LoginRequest.decode(packet, offered);
    if (tls == Tls.NONE && Capability.has(login.capabilities(), Capability.SSL)) {
      throw new MalformedPacketException("a wish for TLS with a login in plain text");
    }
    request = Optional.of(login);
    return begin();
  }

  /** How a header of the PROXY protocol begins, in both versions; no login is so long. */
  private static boolean isHeader(Bytes in) {
    int begins = in.at(0) << 24 | in.at(1) << 16 | in.at(2) << 8 | in.at(3);
    return begins == 0x50524f58 || begins == 0x0d0a0d0a;
  }

  /** A client that is logged in wants to be somebody else: its packet stands for the login. */
  static ClientLogin change(ClientLogin first, LoginRequest before, Bytes packet)
      throws MalformedPacketException {
    ClientLogin login = new ClientLogin(first.peer, first.seed, first.offered, first.onward);
    login.tls = first.tls;
    login.secured = first.secured;
    login.questions = first.questions;
    login.questionsBefore = first.questions;
    ChangeUser change = ChangeUser.decode(packet, before.capabilities(), before.charset());
    login.request =
        Optional.of(
            new LoginRequest(
                before.capabilities(),
                before.packetMax(),
                // A collation above 255 has no place in a login.
                change.charset() > 0xff ? before.charset() : change.charset(),
                change.user(),
                change.proof(),
                change.database(),
                change.plugin(),
                change.attributes()));
    return login;
  }

  /** What to do first after {@link #change}. */
  Result begin() {
    LoginRequest login = request();
    boolean usual =
        login.plugin().isEmpty() || login.plugin().equals(NativePassword.PLUGIN) || !canBeAsked();
    // Of other plugins the greeting's seed is no challenge.
    answer =
        usual
            ? Answer.first(login.proof(), seed)
            : new Answer("", login.proof(), Bytes.of(seed.bytes()));
    return new Result.Proved();
  }

  boolean canBeAsked() {
    return Capability.has(request().capabilities(), Capability.PLUGIN_AUTH)
        && questions - questionsBefore < QUESTIONS_MAX;
  }

  /** Whether it knows no way to be asked. */
  boolean isOld() {
    return !Capability.has(request().capabilities(), Capability.PLUGIN_AUTH);
  }

  /** Asks for another proof; its answer comes as the next packet. */
  byte[] ask(Question wanted) {
    question = Optional.of(wanted);
    questions++;
    saltTold = false;
    byte[] said;
    if (wanted.isNative()) {
      challenge = Bytes.of(seed.bytes());
      said = new AuthSwitch(wanted.plugin(), seed).encode();
    } else {
      challenge = Challenge.of(seed, questions, wanted.chance());
      Bytes data = wanted.chance() > 0 ? challenge : wanted.prompt();
      said = new AuthSwitch(wanted.plugin(), data).encode();
    }
    sequence++;
    return PacketWriter.frame(said, sequence);
  }

  private Result answered(Question asked, Bytes packet) throws MalformedPacketException {
    if (asked.salt().length() > 0 && !saltTold) {
      if (packet.length() > 0) {
        throw new MalformedPacketException("a proof before the salt was asked for");
      }
      saltTold = true;
      sequence++;
      byte[] salt = asked.salt().copy(0, asked.salt().length());
      return new Result.Ask(new Packet(PacketWriter.frame(salt, sequence)));
    }
    answer = new Answer(asked.plugin(), Bytes.of(packet.copy(0, packet.length())), challenge);
    question = Optional.empty();
    return new Result.Proved();
  }

  Accounts.Verdict check(Accounts accounts) {
    return accounts.check(request().user(), new Visitor(peer, secured, onward), answer);
  }

  /** As a server says it: of parsec it counts the wish for the salt, which is empty. */
  boolean usesPassword() {
    return answer.proof().length() > 0 && !answer.plugin().equals(Parsec.PLUGIN);
  }
}
