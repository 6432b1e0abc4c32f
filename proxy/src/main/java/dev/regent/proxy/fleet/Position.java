package dev.regent.proxy.fleet;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A transaction, as a server names it to whoever wrote it. */
public record Position(String domain, String server, long sequence) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,10})-(\\d{1,10})-(\\d{1,18})");

  /** Empty for what is none. */
  public static Optional<Position> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new Position(matcher.group(1), matcher.group(2), Long.parseLong(matcher.group(3))))
        : Optional.empty();
  }

  Position newer(Position other) {
    return other.sequence >= sequence ? other : this;
  }

  @Override
  public String toString() {
    return domain + "-" + server + "-" + sequence;
  }
}
