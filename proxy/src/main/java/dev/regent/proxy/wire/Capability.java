package dev.regent.proxy.wire;

/**
 * What both ends agree to do, as bits. From bit 32 on they are MariaDB's own; these count only
 * without bit 0, which is how MySQL says that it is not MariaDB.
 */
public final class Capability {
  public static final long MYSQL = 1;
  public static final long FOUND_ROWS = 1L << 1;
  public static final long LONG_FLAG = 1L << 2;
  public static final long CONNECT_WITH_DB = 1L << 3;
  public static final long NO_SCHEMA = 1L << 4;
  public static final long COMPRESS = 1L << 5;
  public static final long ODBC = 1L << 6;
  public static final long LOCAL_FILES = 1L << 7;
  public static final long IGNORE_SPACE = 1L << 8;
  public static final long PROTOCOL_41 = 1L << 9;
  public static final long INTERACTIVE = 1L << 10;
  public static final long SSL = 1L << 11;
  public static final long IGNORE_SIGPIPE = 1L << 12;
  public static final long TRANSACTIONS = 1L << 13;
  public static final long RESERVED = 1L << 14;
  public static final long SECURE_CONNECTION = 1L << 15;
  public static final long MULTI_STATEMENTS = 1L << 16;
  public static final long MULTI_RESULTS = 1L << 17;
  public static final long PS_MULTI_RESULTS = 1L << 18;
  public static final long PLUGIN_AUTH = 1L << 19;
  public static final long CONNECT_ATTRS = 1L << 20;
  public static final long LENGTH_ENCODED_AUTH = 1L << 21;
  public static final long SESSION_TRACK = 1L << 23;
  public static final long DEPRECATE_EOF = 1L << 24;
  public static final long PROGRESS = 1L << 32;
  public static final long BULK = 1L << 34;
  public static final long EXTENDED_METADATA = 1L << 35;
  public static final long CACHE_METADATA = 1L << 36;

  /** What the proxy passes on, whatever it means, and what it understands itself. */
  private static final long BASIC =
      FOUND_ROWS
          | LONG_FLAG
          | CONNECT_WITH_DB
          | NO_SCHEMA
          | ODBC
          | LOCAL_FILES
          | IGNORE_SPACE
          | PROTOCOL_41
          | INTERACTIVE
          | IGNORE_SIGPIPE
          | TRANSACTIONS
          | RESERVED
          | SECURE_CONNECTION
          | MULTI_STATEMENTS
          | MULTI_RESULTS
          | PS_MULTI_RESULTS
          | PLUGIN_AUTH
          | CONNECT_ATTRS
          | LENGTH_ENCODED_AUTH
          | SESSION_TRACK
          | DEPRECATE_EOF
          | PROGRESS
          | BULK;

  private Capability() {}

  public static boolean has(long capabilities, long wanted) {
    return (capabilities & wanted) == wanted;
  }

  /**
   * What is offered to clients where the servers have this version: known before any server was
   * asked, and never more than the server will grant, since both sides of a session must agree. No
   * encryption and no compression; results of single rows of a bulk (11.5) are declined.
   */
  public static long offered(String serverVersion) {
    int version = version(serverVersion);
    long offered = BASIC;
    if (version >= 10_05) {
      offered |= EXTENDED_METADATA;
    }
    if (version >= 10_06) {
      offered |= CACHE_METADATA;
    }
    return offered;
  }

  /** 10.11 is 1011; what is no version is 0. */
  private static int version(String text) {
    String plain = text.startsWith("5.5.5-") ? text.substring("5.5.5-".length()) : text;
    int dot = plain.indexOf('.');
    int end = dot + 1;
    while (end < plain.length() && Character.isDigit(plain.charAt(end))) {
      end++;
    }
    if (dot < 1 || dot > 3 || end == dot + 1 || end > dot + 3) {
      return 0;
    }
    for (int i = 0; i < dot; i++) {
      if (!Character.isDigit(plain.charAt(i))) {
        return 0;
      }
    }
    return 100 * Integer.parseInt(plain.substring(0, dot))
        + Integer.parseInt(plain.substring(dot + 1, end));
  }
}
