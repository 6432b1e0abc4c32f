package dev.regent.proxy.session;

import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.auth.NativePassword;
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

    /** TLS begins; nothing is read before {@link #secured}. */
    record Secure() implements Result {}

    /** This is who the client says it is, and its proof; {@link #check} may be asked. */
    record Proved() implements Result {}
  }

  private enum Tls {
    NONE,
    /** The client was told that it may begin. */
    BEGINS,
    UP
  }

  private final HostPattern.Peer peer;
  private final Seed seed;
  private final long offered;
  private Tls tls;
  private Optional<LoginRequest> request = Optional.empty();
  private boolean asked;
  private Bytes proof = Bytes.of();
  private int sequence;
  private int used;

  ClientLogin(HostPattern.Peer peer, Seed seed, long offered) {
    this.peer = peer;
    this.seed = seed;
    this.offered = offered;
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

  void secured() {
    tls = Tls.UP;
  }

  boolean isSecured() {
    return tls == Tls.UP;
  }

  LoginRequest request() {
    return request.orElseThrow();
  }

  Result read(Bytes in) throws MalformedPacketException {
    used = 0;
    if (in.length() < PacketWriter.HEADER) {
      return new Result.Incomplete();
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
    if (asked) {
      proof = Bytes.of(packet.copy(0, length));
      return new Result.Proved();
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
    return begin(login, login.plugin());
  }

  /** A client that is logged in wants to be somebody else: its packet stands for the login. */
  static ClientLogin change(ClientLogin first, LoginRequest before, Bytes packet)
      throws MalformedPacketException {
    ClientLogin login = new ClientLogin(first.peer, first.seed, first.offered);
    login.tls = first.tls;
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
    return begin(request(), request().plugin());
  }

  private Result begin(LoginRequest login, String plugin) {
    request = Optional.of(login);
    proof = login.proof();
    boolean right = plugin.isEmpty() || plugin.equals(NativePassword.PLUGIN);
    if (right || !Capability.has(login.capabilities(), Capability.PLUGIN_AUTH)) {
      return new Result.Proved();
    }
    asked = true;
    sequence++;
    return new Result.Ask(
        new Packet(
            PacketWriter.frame(new AuthSwitch(NativePassword.PLUGIN, seed).encode(), sequence)));
  }

  Accounts.Verdict check(Accounts accounts) {
    return accounts.check(request().user(), peer, isSecured(), proof, seed);
  }

  boolean usesPassword() {
    return proof.length() > 0;
  }
}
