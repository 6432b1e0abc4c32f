package dev.regent.server.connect;

/** A user and its password on the servers. It never prints the password. */
public record Account(String user, String password) {
  private static final String MASK = "***";

  /** Shorter passwords would turn innocent words into masks and so give themselves away. */
  private static final int HIDDEN_LENGTH_MIN = 3;

  /** The text without this account's password, e.g. in a message that quotes a statement. */
  public String hideIn(String text) {
    return password.length() < HIDDEN_LENGTH_MIN ? text : text.replace(password, MASK);
  }

  @Override
  public String toString() {
    return "Account[user=" + user + ", password=" + MASK + "]";
  }
}
