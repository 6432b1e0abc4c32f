package dev.regent.core.model;

/** One MariaDB global transaction id: domain, originating server id, sequence number. */
public record Gtid(long domain, long server, long sequence) {
  public Gtid {
    Check.argument(domain >= 0 && server >= 0 && sequence >= 0, "GTID part is negative");
  }

  /** Parses {@code 0-1-14}; throws {@link IllegalArgumentException} on anything else. */
  public static Gtid parse(String text) {
    String[] parts = text.strip().split("-", -1);
    Check.argument(parts.length == 3, "not a GTID: '" + text + "'");
    try {
      return new Gtid(
          Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseUnsignedLong(parts[2]));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a GTID: '" + text + "'", e);
    }
  }

  @Override
  public String toString() {
    return domain + "-" + server + "-" + sequence;
  }
}
