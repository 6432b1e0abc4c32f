package dev.regent.proxy.wire;

import java.util.List;

/**
 * A statement is done, or its rows are.
 *
 * @param plainLength so much of the packet is left if nothing is said of the session
 */
public record Ok(
    long affectedRows,
    long insertId,
    int status,
    int warnings,
    List<SessionChange> changes,
    int plainLength) {
  public Ok {
    changes = List.copyOf(changes);
  }

  /** Reads a packet whose first byte, 0x00 or 0xfe, was looked at. */
  public static Ok decode(Bytes packet, long capabilities) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    in.skip(1);
    long affectedRows = in.lengthEncoded();
    long insertId = in.lengthEncoded();
    int status = in.int2();
    int warnings = in.int2();
    List<SessionChange> changes = List.of();
    int plainLength = packet.length();
    if (Capability.has(capabilities, Capability.SESSION_TRACK) && in.remaining() > 0) {
      in.lengthEncodedPart();
      plainLength = in.position();
      if (Status.has(status, Status.STATE_CHANGED) && in.remaining() > 0) {
        changes = SessionChange.decode(in.lengthEncodedPart());
      }
    }
    return new Ok(affectedRows, insertId, status, warnings, changes, plainLength);
  }

  /** The packet's payload for a client that does not want to hear of the session. */
  public byte[] plain(Bytes packet) throws MalformedPacketException {
    byte[] plain = packet.copy(0, plainLength);
    PacketReader in = new PacketReader(packet);
    in.skip(1);
    in.lengthEncoded();
    in.lengthEncoded();
    int high = in.position() + 1;
    plain[high] &= (byte) ~(Status.STATE_CHANGED >> 8);
    return plain;
  }

  /** An OK of the proxy's own. */
  public static byte[] encode(int status) {
    return new PacketWriter()
        .int1(0)
        .lengthEncoded(0)
        .lengthEncoded(0)
        .int2(status)
        .int2(0)
        .payload();
  }
}
