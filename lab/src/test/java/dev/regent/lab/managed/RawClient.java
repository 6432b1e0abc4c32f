package dev.regent.lab.managed;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Greeting;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A client of packets, for what no driver does. */
final class RawClient implements AutoCloseable {
  private static final long CAPABILITIES =
      Capability.PROTOCOL_41
          | Capability.SECURE_CONNECTION
          | Capability.PLUGIN_AUTH
          | Capability.DEPRECATE_EOF;

  private static final int QUIT = 1;
  private static final int QUERY = 3;
  private static final int PREPARE = 0x16;
  private static final int EXECUTE = 0x17;
  private static final int SET_OPTION = 0x1b;
  private static final int CHANGE_USER = 0x11;
  private static final int RESET = 0x1f;
  private static final int PATIENCE_MILLIS = 60_000;

  private final long capabilities;
  private final Socket socket;
  private final DataInputStream in;
  private final Seed seed;
  private final String welcome;
  private int sequence;

  RawClient(int port, Account account) throws IOException, MalformedPacketException {
    this("127.0.0.1", port, account);
  }

  /** Comes from another address of this machine. */
  RawClient(String from, int port, Account account) throws IOException, MalformedPacketException {
    this(from, port, account, new byte[0]);
  }

  /** Says something before the greeting. */
  RawClient(String from, int port, Account account, byte[] first)
      throws IOException, MalformedPacketException {
    this(from, port, account, first, 0);
  }

  /** Wants more than the others. */
  RawClient(int port, Account account, long more) throws IOException, MalformedPacketException {
    this("127.0.0.1", port, account, new byte[0], more);
  }

  private RawClient(String from, int port, Account account, byte[] first, long more)
      throws IOException, MalformedPacketException {
    capabilities = CAPABILITIES | more;
    socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    socket.getOutputStream().write(first);
    seed = Greeting.decode(Bytes.of(read())).seed();
    Bytes proof = Bytes.of(proof(account, seed));
    send(
        1,
        new LoginRequest(
                capabilities,
                1 << 24,
                45,
                account.user(),
                proof,
                "",
                NativePassword.PLUGIN,
                Map.of())
            .encode());
    welcome = answer();
  }

  /** Nothing, or the error that ended the login. */
  String welcome() {
    return welcome;
  }

  /** The first row's only value, an error's number and words, or nothing after an OK. */
  String query(String sql) throws IOException, MalformedPacketException {
    send(0, new PacketWriter().int1(QUERY).text(sql).payload());
    return answer();
  }

  /** What the next of several statements in one was answered. */
  String more() throws IOException, MalformedPacketException {
    return answer();
  }

  /** Asks, and takes nothing of the answer. */
  void ask(String sql) throws IOException {
    send(0, new PacketWriter().int1(QUERY).text(sql).payload());
  }

  String reset() throws IOException, MalformedPacketException {
    send(0, new PacketWriter().int1(RESET).payload());
    return answer();
  }

  /** COM_SET_OPTION: whether several statements may come in one. */
  String setOption(int option) throws IOException, MalformedPacketException {
    send(0, new PacketWriter().int1(SET_OPTION).int2(option).payload());
    return answer();
  }

  /** A statement's number after COM_STMT_PREPARE. */
  int prepare(String sql) throws IOException {
    send(0, new PacketWriter().int1(PREPARE).text(sql).payload());
    byte[] said = read();
    int more = said[5] + said[7];
    for (int i = 0; i < more; i++) {
      read();
    }
    return (said[1] & 0xff) | (said[2] & 0xff) << 8 | (said[3] & 0xff) << 16;
  }

  /** Of a statement without parameters. */
  String executePrepared(int number) throws IOException, MalformedPacketException {
    send(0, new PacketWriter().int1(EXECUTE).int4(number).int1(0).int4(1).payload());
    return answer();
  }

  /** Goes, as libraries do. */
  void quit() throws IOException {
    send(0, new byte[] {QUIT});
  }

  /** As libraries do it: with the seed of the greeting, and again with another one if asked. */
  String changeUser(Account account, String database) throws IOException, MalformedPacketException {
    byte[] proof = proof(account, seed);
    send(
        0,
        new PacketWriter()
            .int1(CHANGE_USER)
            .textToZero(account.user())
            .int1(proof.length)
            .bytes(proof)
            .textToZero(database)
            .int2(45)
            .textToZero(NativePassword.PLUGIN)
            .payload());
    byte[] said = read();
    if ((said[0] & 0xff) == 0xfe) {
      int from = NativePassword.PLUGIN.length() + 2;
      Seed fresh = new Seed(Bytes.of(said).copy(from, from + Seed.LENGTH));
      send(sequence + 1, proof(account, fresh));
      said = read();
    }
    return said(said);
  }

  private static byte[] proof(Account account, Seed seed) {
    if (account.password().isEmpty()) {
      return new byte[0];
    }
    byte[] password = account.password().getBytes(StandardCharsets.UTF_8);
    return NativePassword.proof(NativePassword.once(password), seed);
  }

  private String answer() throws IOException, MalformedPacketException {
    byte[] first = read();
    if (first.length > 1 || first[0] != 1) {
      return said(first);
    }
    read();
    byte[] row = read();
    read();
    return (row[0] & 0xff) == 0xfb
        ? "NULL"
        : new String(row, 1, row.length - 1, StandardCharsets.UTF_8);
  }

  private static String said(byte[] packet) throws IOException, MalformedPacketException {
    if ((packet[0] & 0xff) == Err.FIRST_BYTE) {
      Err err = Err.decode(Bytes.of(packet));
      return err.code() + " " + err.state() + " " + err.message();
    }
    return "";
  }

  private void send(int number, byte[] payload) throws IOException {
    socket.getOutputStream().write(PacketWriter.frame(payload, number));
  }

  private byte[] read() throws IOException {
    int length = in.readUnsignedByte() | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16;
    sequence = in.readUnsignedByte();
    return in.readNBytes(length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
