package dev.regent.proxy.wire;

/**
 * A wish for a proof of another kind, or made with another challenge.
 *
 * @param data what the plugin says first: a seed, with a zero behind it, where it is the native one
 */
public record AuthSwitch(String plugin, Bytes data) {
  public static final int FIRST_BYTE = 0xfe;

  public AuthSwitch(String plugin, Seed seed) {
    this(plugin, Bytes.of(new PacketWriter().bytes(seed.bytes()).int1(0).payload()));
  }

  public static AuthSwitch decode(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    in.skip(1);
    String plugin = in.remaining() == 0 ? "mysql_old_password" : in.textToZero();
    return new AuthSwitch(plugin, Bytes.of(in.rest()));
  }

  /** The seed of the native plugin. */
  public Seed seed() {
    return Seed.in(challenge());
  }

  public byte[] challenge() {
    return data.copy(0, data.length());
  }

  public byte[] encode() {
    return new PacketWriter().int1(FIRST_BYTE).textToZero(plugin).bytes(challenge()).payload();
  }
}
