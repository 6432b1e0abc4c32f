package dev.regent.proxy.seen;

/** Why a client was not let in, as far as it can be counted. */
public enum Refusal {
  /** No such account, or a wrong proof. */
  DENIED("access denied"),
  LOCKED("account locked"),
  /** Its account's plugin, or the password that it needs, is not known to the proxy. */
  PLUGIN("plugin"),
  /** TLS is wanted and was not used. */
  ENCRYPTION("no encryption"),
  CERTIFICATE("no certificate"),
  /** No account may come from there. */
  HOST("host not allowed"),
  /** The listener has no seat left. */
  FULL("too many connections"),
  /** What was sent is no login. */
  HANDSHAKE("bad handshake"),
  /** What was sent before it is no PROXY header, or from who may send none. */
  HEADER("proxy header"),
  /** It said nothing for too long. */
  LATE("no login in time"),
  /** The accounts were never read. */
  UNKNOWN("accounts not known"),
  /** A server said no, or there was none for too long. */
  SERVER("server");

  private final String words;

  Refusal(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
