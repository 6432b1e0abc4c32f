package dev.regent.proxy.wire;

import java.util.Arrays;

/**
 * A server's first packet.
 *
 * @param seed 20 bytes of chance, without zeros, that a proof of the password is made with
 */
public record Greeting(
    String version,
    long connection,
    Seed seed,
    long capabilities,
    int charset,
    int status,
    String plugin) {
  private static final int PROTOCOL = 10;
  private static final int SEED_HEAD = 8;

  public static Greeting decode(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    int protocol = in.int1();
    if (protocol != PROTOCOL) {
      throw new MalformedPacketException(
          "protocol " + protocol + " where " + PROTOCOL + " is known");
    }
    String version = in.textToZero();
    long connection = in.int4();
    byte[] seed = Arrays.copyOf(in.bytes(SEED_HEAD), Seed.LENGTH);
    in.skip(1);
    long capabilities = in.int2();
    int charset = in.int1();
    int status = in.int2();
    capabilities |= (long) in.int2() << 16;
    int seedLength = in.int1();
    in.skip(6);
    long extended = in.int4();
    if ((capabilities & Capability.MYSQL) == 0) {
      capabilities |= extended << 32;
    }
    byte[] tail = in.bytes(Math.max(Seed.LENGTH - SEED_HEAD + 1, seedLength - SEED_HEAD));
    System.arraycopy(tail, 0, seed, SEED_HEAD, Seed.LENGTH - SEED_HEAD);
    String plugin = Capability.has(capabilities, Capability.PLUGIN_AUTH) ? in.textToZero() : "";
    return new Greeting(version, connection, new Seed(seed), capabilities, charset, status, plugin);
  }

  public byte[] encode() {
    byte[] bytes = seed.bytes();
    return new PacketWriter()
        .int1(PROTOCOL)
        .textToZero(version)
        .int4(connection)
        .bytes(Arrays.copyOf(bytes, SEED_HEAD))
        .int1(0)
        .int2((int) capabilities)
        .int1(charset)
        .int2(status)
        .int2((int) (capabilities >> 16))
        .int1(Seed.LENGTH + 1)
        .zeros(6)
        .int4(capabilities >> 32)
        .bytes(Arrays.copyOfRange(bytes, SEED_HEAD, Seed.LENGTH))
        .int1(0)
        .textToZero(plugin)
        .payload();
  }
}
