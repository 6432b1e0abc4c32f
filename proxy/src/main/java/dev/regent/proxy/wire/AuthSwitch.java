package dev.regent.proxy.wire;

import java.util.Arrays;

/** A wish for a proof of another kind, or made with another seed. */
public record AuthSwitch(String plugin, Seed seed) {
  public static final int FIRST_BYTE = 0xfe;

  public static AuthSwitch decode(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    in.skip(1);
    String plugin = in.remaining() == 0 ? "mysql_old_password" : in.textToZero();
    byte[] data = in.rest();
    return new AuthSwitch(plugin, new Seed(Arrays.copyOf(data, Seed.LENGTH)));
  }

  public byte[] encode() {
    return new PacketWriter()
        .int1(FIRST_BYTE)
        .textToZero(plugin)
        .bytes(seed.bytes())
        .int1(0)
        .payload();
  }
}
