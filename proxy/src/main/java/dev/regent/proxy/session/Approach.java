package dev.regent.proxy.session;

import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.wire.AuthSwitch;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Greeting;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import java.util.Optional;

/**
 * The proxy's own conversation with a server, before a client's statements reach it: the login, and
 * errands, statements of which only their success counts.
 */
final class Approach {
  private static final int PACKET_LENGTH_MAX = 1 << 20;

  /** What comes of a packet. */
  sealed interface Result {
    record Incomplete() implements Result {}

    record Answer(Packet packet) implements Result {}

    /** The server waits for the client's statements. */
    record Ready(int status) implements Result {}

    /**
     * @param atLogin it was the login that failed, not an errand
     */
    record Refused(Err err, boolean atLogin) implements Result {}

    /** A transaction that was repeated was answered otherwise than before. */
    record Differs() implements Result {}
  }

  private enum Part {
    GREETING,
    LOGIN,
    ERRANDS
  }

  private final Memory memory;
  private final Errands errands;
  private Part part;
  private int used;
  private long thread;

  private Approach(Memory memory, Part part, Errands errands) {
    this.memory = memory;
    this.part = part;
    this.errands = errands;
  }

  /** To a server that has just been connected to. */
  static Approach login(Memory memory, Errands errands) {
    return new Approach(memory, Part.GREETING, errands);
  }

  /** To a server that is logged in to; {@link #firstErrand} begins it. */
  static Approach errands(Memory memory, Errands errands) {
    return new Approach(memory, Part.ERRANDS, errands);
  }

  /**
   * @param status the server's until now
   */
  Result firstErrand(int status) {
    return result(errands.begin(status));
  }

  /** How many of the bytes the last {@link #read} used. */
  int used() {
    return used;
  }

  /** What the server calls the connection; 0 before it has said so. */
  long thread() {
    return thread;
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
      case LOGIN -> loggedIn(packet, next);
      case ERRANDS -> throw new IllegalStateException("errands are read elsewhere");
    };
  }

  private Result greeted(Greeting greeting, int next) {
    thread = greeting.connection();
    LoginRequest client = memory.login();
    long capabilities = wanted(client.capabilities());
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
    part = Part.LOGIN;
    LoginRequest login =
        new LoginRequest(
            capabilities,
            client.packetMax(),
            client.charset(),
            client.user(),
            Bytes.of(proof(greeting.seed())),
            memory.database(),
            NativePassword.PLUGIN,
            client.attributes());
    return answer(PacketWriter.frame(login.encode(), next));
  }

  /** The client's, and what the proxy needs itself. */
  private long wanted(long client) {
    long wanted =
        client
            | Capability.SECURE_CONNECTION
            | Capability.PLUGIN_AUTH
            | Capability.SESSION_TRACK
            | Capability.RESERVED;
    return memory.database().isEmpty()
        ? wanted & ~Capability.CONNECT_WITH_DB
        : wanted | Capability.CONNECT_WITH_DB;
  }

  private Result loggedIn(Bytes packet, int next) throws MalformedPacketException {
    if (packet.at(0) == AuthSwitch.FIRST_BYTE) {
      AuthSwitch wish = AuthSwitch.decode(packet);
      if (!wish.plugin().equals(NativePassword.PLUGIN)) {
        return new Result.Refused(Trouble.unsupported(memory.login().user()), true);
      }
      return answer(PacketWriter.frame(proof(wish.seed()), next));
    }
    if (packet.at(0) != 0) {
      throw new MalformedPacketException("a login was answered with " + packet.at(0));
    }
    part = Part.ERRANDS;
    return firstErrand(Ok.decode(packet, Capability.SESSION_TRACK).status());
  }

  private static Result result(Errands.Result result) {
    return switch (result) {
      case Errands.Result.Incomplete incomplete -> new Result.Incomplete();
      case Errands.Result.Next next -> new Result.Answer(next.packet());
      case Errands.Result.Done done -> new Result.Ready(done.status());
      case Errands.Result.Failed failed -> new Result.Refused(failed.err(), false);
      case Errands.Result.Differs differs -> new Result.Differs();
    };
  }

  private static Result answer(byte[] packet) {
    return new Result.Answer(new Packet(packet));
  }

  private byte[] proof(Seed seed) {
    Optional<NativePassword.Digest> once = memory.once();
    return once.isPresent() ? NativePassword.proof(once.get(), seed) : new byte[0];
  }
}
