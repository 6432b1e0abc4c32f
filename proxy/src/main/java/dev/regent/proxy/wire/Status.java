package dev.regent.proxy.wire;

/** Bits of a server's status, which ends every response. */
public final class Status {
  public static final int IN_TRANSACTION = 1;
  public static final int AUTOCOMMIT = 1 << 1;
  public static final int MORE_RESULTS = 1 << 3;
  public static final int CURSOR_EXISTS = 1 << 6;
  public static final int LAST_ROW_SENT = 1 << 7;
  public static final int READ_ONLY_TRANSACTION = 1 << 13;
  public static final int STATE_CHANGED = 1 << 14;

  private Status() {}

  public static boolean has(int status, int flag) {
    return (status & flag) != 0;
  }
}
