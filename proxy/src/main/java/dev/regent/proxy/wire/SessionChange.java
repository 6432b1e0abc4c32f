package dev.regent.proxy.wire;

import java.util.ArrayList;
import java.util.List;

/** What a server tells, with its OK, of a change to the session. */
public sealed interface SessionChange {
  /** A system variable has this value now. */
  record Variable(String name, String value) implements SessionChange {}

  /** This is the default database now. */
  record Database(String name) implements SessionChange {}

  /** Something changed: a variable, the database, or what has no name of its own here. */
  record Something() implements SessionChange {}

  /** Of no concern to us: transactions, positions, what later versions add. */
  record Other(int type) implements SessionChange {}

  /** Reads all that a packet tells, up to its end. */
  static List<SessionChange> decode(PacketReader all) throws MalformedPacketException {
    List<SessionChange> changes = new ArrayList<>();
    while (all.remaining() > 0) {
      int type = all.int1();
      PacketReader part = all.lengthEncodedPart();
      switch (type) {
        case 0 -> {
          while (part.remaining() > 0) {
            changes.add(new Variable(part.lengthEncodedText(), part.lengthEncodedText()));
          }
        }
        case 1 -> changes.add(new Database(part.lengthEncodedText()));
        case 2 -> changes.add(new Something());
        default -> changes.add(new Other(type));
      }
    }
    return List.copyOf(changes);
  }
}
