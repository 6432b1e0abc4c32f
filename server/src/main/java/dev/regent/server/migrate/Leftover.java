package dev.regent.server.migrate;

/**
 * A key that was not carried over. Its value is not shown: it may be a password.
 *
 * @param line in the file, from 1
 * @param key with its section, as the file has it
 */
public record Leftover(int line, String key, String why) {
  public String sentence() {
    return "line " + line + ": " + key + ": " + why;
  }
}
