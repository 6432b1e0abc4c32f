package dev.regent.proxy.session;

import dev.regent.proxy.auth.Identity;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.auth.ServerProof;
import dev.regent.proxy.wire.AuthSwitch;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.ChangeUser;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Greeting;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import dev.regent.proxy.wire.Status;
import java.util.Optional;

/**
 * The proxy's own conversation with a server, before a client's statements reach it: the login, and
 * errands, statements of which only their success counts.
 */
final class Approach {
  private static final int PACKET_LENGTH_MAX = 1 << 20;
  private static final int PASSWORD_EXPIRED = 1820;

  /** Before what a plugin says that begins like the end of a login. */
  private static final int MORE = 1;

  /** What comes of a packet. */
  sealed interface Result {
    record Incomplete() implements Result {}

    record Answer(Packet packet) implements Result {}

    /** Say this, then begin TLS; {@link #secured} goes on. */
    record Secure(Packet packet) implements Result {}

    /** The server waits for the client's statements. */
    record Ready(int status) implements Result {}

    /**
     * @param atLogin it was the login that failed, not an errand
     */
    record Refused(Err err, boolean atLogin) implements Result {}

    /** The server was to have the role, and takes no writes. */
    record Closed() implements Result {}

    /** A transaction that was repeated was answered otherwise than before. */
    record Differs() implements Result {}

    /** The connection is of no use any more, as if it had been lost. */
    record Broken() implements Result {}
  }

  private enum Part {
    GREETING,
    SECURING,
    LOGIN,
    ERRANDS
  }

  private final Memory memory;
  private final Errands errands;
  private final Door door;
  private Part part;
  private int used;
  private long thread;
  private boolean reused;
  private Optional<LoginRequest> login = Optional.empty();
  private Optional<Seed> seed = Optional.empty();

  /** What a proof was asked for with, after the greeting. */
  private Optional<byte[]> challenge = Optional.empty();

  private Optional<ServerProof> wanted = Optional.empty();

  private Approach(Memory memory, Part part, Errands errands, Door door) {
    this.memory = memory;
    this.door = door;
    this.part = part;
    this.errands = errands;
  }

  /** To a server that has just been connected to. */
  static Approach login(Memory memory, Errands errands, Door door) {
    return new Approach(memory, Part.GREETING, errands, door);
  }

  /** To a server that is logged in to; {@link #firstErrand} begins it. */
  static Approach errands(Memory memory, Errands errands) {
    return new Approach(memory, Part.ERRANDS, errands, Door.PLAIN);
  }

  /**
   * @param status the server's until now
   */
  Result firstErrand(int status) {
    return result(errands.begin(status));
  }

  /** The number that the server gave the connection; 0 before its greeting. */
  long thread() {
    return thread;
  }

  /** Whether the server has not yet done the first errand after the login on a used link. */
  boolean takesOver() {
    return reused && !errands.anyDone();
  }

  /** How many of the bytes the last {@link #read} used. */
  int used() {
    return used;
  }

  Result read(Bytes in) throws MalformedPacketException {
    if (part == Part.ERRANDS) {
      Errands.Result result = errands.read(in);
      used = errands.used();
      return result(result);
    }
    used = 0;
    if (in.length() < PacketWriter.HEADER) {
      return new Result.Incomplete();
    }
    int length = new PacketReader(in).int3();
    if (length == 0 || length > PACKET_LENGTH_MAX) {
      throw new MalformedPacketException("a packet of " + length + " bytes in a login");
    }
    int end = PacketWriter.HEADER + length;
    if (in.length() < end) {
      return new Result.Incomplete();
    }
    used = end;
    Bytes packet = in.part(PacketWriter.HEADER, end);
    int next = in.at(3) + 1;
    if (packet.at(0) == Err.FIRST_BYTE) {
      return new Result.Refused(Err.decode(packet), true);
    }
    return switch (part) {
      case GREETING -> greeted(Greeting.decode(packet), next);
      case SECURING -> throw new MalformedPacketException("a plain packet where TLS was agreed on");
      case LOGIN -> loggedIn(packet, next);
      case ERRANDS -> throw new IllegalStateException("errands are read elsewhere");
    };
  }

  private Result failed(Err err) {
    if (err.code() == PASSWORD_EXPIRED && !errands.ahead() && !reused) {
      // It lets the client mend that and nothing else; and the client is to hear it itself.
      memory.confined();
      return new Result.Ready(Status.AUTOCOMMIT);
    }
    return new Result.Refused(err, false);
  }

  private Result result(Errands.Result result) {
    return switch (result) {
      case Errands.Result.Incomplete incomplete -> new Result.Incomplete();
      case Errands.Result.Next next -> new Result.Answer(next.packet());
      case Errands.Result.Done done -> new Result.Ready(done.status());
      case Errands.Result.Failed failed -> failed(failed.err());
      case Errands.Result.Closed closed -> new Result.Closed();
      case Errands.Result.Differs differs -> new Result.Differs();
      case Errands.Result.Broken broken -> new Result.Broken();
    };
  }

  private Result greeted(Greeting greeting, int next) {
    thread = greeting.connection();
    LoginRequest client = memory.login();
    long capabilities = wanted(client);
    if (door.toServers() && !Capability.has(greeting.capabilities(), Capability.SSL)) {
      return new Result.Refused(
          Trouble.insecure(
              "it offers none: give it a certificate (ssl_cert, ssl_key), or write [tls] mode ="
                  + " \"off\""),
          true);
    }
    if (!Capability.has(greeting.capabilities(), capabilities)) {
      return new Result.Refused(
          new Err(
              1105,
              "08S01",
              "The server "
                  + greeting.version()
                  + " lacks what was agreed with the client (Regent): capabilities 0x"
                  + Long.toHexString(capabilities & ~greeting.capabilities())),
          true);
    }
    seed = Optional.of(greeting.seed());
    LoginRequest mine =
        new LoginRequest(
            capabilities,
            client.packetMax(),
            client.charset(),
            client.user(),
            Bytes.of(firstProof(greeting.seed())),
            memory.database(),
            NativePassword.PLUGIN,
            client.attributes());
    login = Optional.of(mine);
    if (door.toServers()) {
      part = Part.SECURING;
      return new Result.Secure(new Packet(PacketWriter.frame(mine.encodeHead(), next)));
    }
    part = Part.LOGIN;
    return answer(PacketWriter.frame(mine.encode(), next));
  }

  /**
   * The connection is another session's, and its server is to take this one in its place: it judges
   * it as if it had just come.
   *
   * <p>No proof goes with it: a server asks for one by a challenge of its own, since the one of its
   * greeting was used (MariaDB 10.11 and 11.4, always). One that does not ask denies access, and
   * then a fresh link decides.
   *
   * @param number the server's of the connection
   */
  byte[] reused(long number) {
    thread = number;
    reused = true;
    part = Part.LOGIN;
    errands.reused();
    LoginRequest client = memory.login();
    ChangeUser change =
        new ChangeUser(
            client.user(),
            Bytes.of(new byte[0]),
            memory.database(),
            client.charset(),
            NativePassword.PLUGIN,
            client.attributes());
    return PacketWriter.frame(change.encode(agreed(client, door)), 0);
  }

  /** TLS is up, but the server is believed only if it also proves itself. */
  byte[] secured(ServerProof proof) {
    wanted = Optional.of(proof);
    return secured();
  }

  /** TLS is up. */
  byte[] secured() {
    part = Part.LOGIN;
    return PacketWriter.frame(login.orElseThrow().encode(), 2);
  }

  private long wanted(LoginRequest client) {
    long agreed = agreed(client, door);
    return memory.database().isEmpty() ? agreed : agreed | Capability.CONNECT_WITH_DB;
  }

  /** The client's, and what the proxy needs itself; without what concerns the login alone. */
  static long agreed(LoginRequest client, Door door) {
    return (client.capabilities() & ~Capability.SSL & ~Capability.CONNECT_WITH_DB)
        | (door.toServers() ? Capability.SSL : 0)
        | Capability.SECURE_CONNECTION
        | Capability.PLUGIN_AUTH
        | Capability.SESSION_TRACK
        | Capability.RESERVED;
  }

  private Result loggedIn(Bytes packet, int next) throws MalformedPacketException {
    if (packet.at(0) == AuthSwitch.FIRST_BYTE) {
      AuthSwitch wish = AuthSwitch.decode(packet);
      if (wish.plugin().equals(NativePassword.PLUGIN)) {
        seed = Optional.of(wish.seed());
      }
      challenge = Optional.of(wish.challenge());
      return memory
          .identity()
          .answer(wish.plugin(), wish.challenge())
          .map(proof -> proving(proof, next))
          .orElseGet(this::provedOtherwise);
    }
    if (packet.at(0) != 0 && challenge.isPresent()) {
      return memory
          .identity()
          .answerMore(challenge.get(), bare(packet))
          .map(proof -> proving(proof, next))
          .orElseGet(this::provedOtherwise);
    }
    if (packet.at(0) != 0) {
      throw new MalformedPacketException("a login was answered with " + packet.at(0));
    }
    if (reused && challenge.isEmpty()) {
      // Whatever this answers, the server has not yet asked the new client for anything.
      return new Result.Refused(Trouble.malformed(), true);
    }
    if (wanted.isPresent() && !isProved(packet)) {
      return new Result.Refused(
          Trouble.insecure(
              "no authority signed its certificate, and it did not prove that it knows the user's"
                  + " password (MariaDB 11.4): name the authority in [tls] ca"),
          true);
    }
    part = Part.ERRANDS;
    return firstErrand(Ok.decode(packet, Capability.SESSION_TRACK).status());
  }

  /**
   * What a plugin says behind its first word; a server puts a 1 before what else looks like an end.
   */
  private static byte[] bare(Bytes packet) {
    return packet.copy(packet.at(0) == MORE ? 1 : 0, packet.length());
  }

  private Result provedOtherwise() {
    return new Result.Refused(Trouble.provedOtherwise(memory.login().user()), true);
  }

  private Result proving(byte[] proof, int next) {
    boolean itself = memory.identity() instanceof Identity.Told;
    if (itself && (wanted.isPresent() || !door.believed())) {
      return new Result.Refused(
          Trouble.insecure(
              "no authority signed its certificate, so it is not told the user's password: name"
                  + " the authority in [tls] ca"),
          true);
    }
    return answer(PacketWriter.frame(proof, next));
  }

  private boolean isProved(Bytes packet) throws MalformedPacketException {
    Optional<byte[]> stored = memory.identity().stored();
    return stored.isPresent()
        && wanted.orElseThrow().isIn(packet, stored.get(), seed.orElseThrow());
  }

  private static Result answer(byte[] packet) {
    return new Result.Answer(new Packet(packet));
  }

  /** Made before it is known what the server asks for; if it is not this, it says so. */
  private byte[] firstProof(Seed greeted) {
    return memory
        .identity()
        .answer(NativePassword.PLUGIN, greeted.bytes())
        .orElseGet(() -> new byte[0]);
  }
}
