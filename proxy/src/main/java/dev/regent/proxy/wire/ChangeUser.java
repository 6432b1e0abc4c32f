package dev.regent.proxy.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A wish to be somebody else on the same connection.
 *
 * @param plugin empty if the client does not say
 */
public record ChangeUser(
    String user,
    Bytes proof,
    String database,
    int charset,
    String plugin,
    Map<String, String> attributes) {
  public ChangeUser {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /**
   * @param packet the whole payload, with the command's byte
   * @param charset the one that is kept where the client names none
   */
  public static ChangeUser decode(Bytes packet, long capabilities, int charset)
      throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    in.skip(1);
    String user = in.textToZero();
    Bytes proof = Bytes.of(in.bytes(in.int1()));
    String database = in.textToZero();
    int wanted = in.remaining() >= 2 ? in.int2() : charset;
    String plugin =
        Capability.has(capabilities, Capability.PLUGIN_AUTH) && in.remaining() > 0
            ? in.textToZero()
            : "";
    Map<String, String> attributes =
        Capability.has(capabilities, Capability.CONNECT_ATTRS) && in.remaining() > 0
            ? LoginRequest.attributes(in)
            : Map.of();
    return new ChangeUser(user, proof, database, wanted, plugin, attributes);
  }

  /** The whole payload, with the command's byte. */
  public byte[] encode(long capabilities) {
    byte[] proofBytes = proof.copy(0, proof.length());
    PacketWriter out =
        new PacketWriter()
            .int1(Command.CHANGE_USER.code())
            .textToZero(user)
            .int1(proofBytes.length)
            .bytes(proofBytes)
            .textToZero(database)
            .int2(charset);
    if (Capability.has(capabilities, Capability.PLUGIN_AUTH)) {
      out.textToZero(plugin);
    }
    if (Capability.has(capabilities, Capability.CONNECT_ATTRS)) {
      LoginRequest.encode(attributes, out);
    }
    return out.payload();
  }
}
