package dev.regent.proxy.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A client's answer to the greeting.
 *
 * @param proof what is to prove the password, made for {@code plugin}; empty without a password
 * @param database empty if none
 * @param plugin empty if the client does not say
 * @param attributes what the client tells of itself
 */
public record LoginRequest(
    long capabilities,
    long packetMax,
    int charset,
    String user,
    Bytes proof,
    String database,
    String plugin,
    Map<String, String> attributes) {
  /** So many a server takes from one client, and so many we do. */
  private static final int ATTRIBUTE_BYTES_MAX = 64 << 10;

  private static final int HEAD = 32;

  public LoginRequest {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /**
   * @param offered what the greeting offered; the result has no other capabilities
   */
  public static LoginRequest decode(Bytes packet, long offered) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    long capabilities = in.int4();
    if (!Capability.has(capabilities, Capability.PROTOCOL_41)) {
      throw new MalformedPacketException("a client older than protocol 4.1");
    }
    if (Capability.has(capabilities & ~offered, Capability.SSL)) {
      throw new MalformedPacketException("a client that wants encryption, which was not offered");
    }
    long packetMax = in.int4();
    int charset = in.int1();
    in.skip(19);
    long extended = in.int4();
    if ((capabilities & Capability.MYSQL) == 0) {
      capabilities |= extended << 32;
    }
    capabilities &= offered;
    String user = in.textToZero();
    Bytes proof = Bytes.of(proof(in, capabilities));
    String database =
        Capability.has(capabilities, Capability.CONNECT_WITH_DB) && in.remaining() > 0
            ? in.textToZero()
            : "";
    String plugin =
        Capability.has(capabilities, Capability.PLUGIN_AUTH) && in.remaining() > 0
            ? in.textToZero()
            : "";
    Map<String, String> attributes =
        Capability.has(capabilities, Capability.CONNECT_ATTRS) && in.remaining() > 0
            ? attributes(in)
            : Map.of();
    return new LoginRequest(
        capabilities, packetMax, charset, user, proof, database, plugin, attributes);
  }

  /** The same, had it said (or not) that a command may be several statements. */
  public LoginRequest withManyStatements(boolean many) {
    long other = capabilities & ~Capability.MULTI_STATEMENTS;
    return new LoginRequest(
        many ? other | Capability.MULTI_STATEMENTS : other,
        packetMax,
        charset,
        user,
        proof,
        database,
        plugin,
        attributes);
  }

  /** Whether a login says that TLS is to begin before the rest of it comes. */
  public static boolean asksForTls(Bytes packet) throws MalformedPacketException {
    return packet.length() == HEAD
        && Capability.has(new PacketReader(packet).int4(), Capability.SSL);
  }

  /** The part that a wish for TLS consists of. */
  public byte[] encodeHead() {
    return head().payload();
  }

  private PacketWriter head() {
    return new PacketWriter()
        .int4(capabilities)
        .int4(packetMax)
        .int1(charset)
        .zeros(19)
        .int4(capabilities >> 32);
  }

  public byte[] encode() {
    PacketWriter out = head().textToZero(user);
    byte[] proofBytes = proof.copy(0, proof.length());
    if (Capability.has(capabilities, Capability.LENGTH_ENCODED_AUTH)) {
      out.lengthEncodedBytes(proofBytes);
    } else {
      out.int1(proofBytes.length).bytes(proofBytes);
    }
    if (Capability.has(capabilities, Capability.CONNECT_WITH_DB)) {
      out.textToZero(database);
    }
    if (Capability.has(capabilities, Capability.PLUGIN_AUTH)) {
      out.textToZero(plugin);
    }
    if (Capability.has(capabilities, Capability.CONNECT_ATTRS)) {
      encode(attributes, out);
    }
    return out.payload();
  }

  static void encode(Map<String, String> attributes, PacketWriter out) {
    PacketWriter all = new PacketWriter();
    attributes.forEach((name, value) -> all.lengthEncodedText(name).lengthEncodedText(value));
    out.lengthEncodedBytes(all.payload());
  }

  private static byte[] proof(PacketReader in, long capabilities) throws MalformedPacketException {
    if (Capability.has(capabilities, Capability.LENGTH_ENCODED_AUTH)) {
      return in.lengthEncodedBytes();
    }
    return Capability.has(capabilities, Capability.SECURE_CONNECTION)
        ? in.bytes(in.int1())
        : in.bytesToZero();
  }

  static Map<String, String> attributes(PacketReader in) throws MalformedPacketException {
    PacketReader part = in.lengthEncodedPart();
    if (part.remaining() > ATTRIBUTE_BYTES_MAX) {
      throw new MalformedPacketException(part.remaining() + " bytes of attributes");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    while (part.remaining() > 0) {
      attributes.put(part.lengthEncodedText(), part.lengthEncodedText());
    }
    return attributes;
  }
}
