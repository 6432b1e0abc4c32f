package dev.regent.server.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param line in the file, from 1; 0 if it is about the file as a whole
 * @param what what is wrong, without secrets
 * @param mend what to write or to do instead
 */
public record Mistake(int line, String what, String mend) {

  /** One line for people. */
  public String sentence() {
    return (line == 0 ? "" : "line " + line + ": ") + what + "; " + mend;
  }
}
