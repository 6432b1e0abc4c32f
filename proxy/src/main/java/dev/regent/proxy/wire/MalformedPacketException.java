package dev.regent.proxy.wire;

/**
 * Bytes that the protocol does not allow. Nothing behind them can be understood either: the
 * connection that they came from is to be closed, and only that one.
 */
public final class MalformedPacketException extends Exception {
  private static final long serialVersionUID = 1;

  public MalformedPacketException(String message) {
    super(message);
  }
}
