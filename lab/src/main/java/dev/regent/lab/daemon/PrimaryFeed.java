package dev.regent.lab.daemon;

import dev.regent.lab.load.Endpoint;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The current primary, as the daemon tells it: what an application without a proxy would follow.
 */
public final class PrimaryFeed implements Supplier<Optional<Endpoint>>, AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("\"address\":\"([^\"]+)\"");
  private static final Pattern EPOCH = Pattern.compile("\"epoch\":(\\d+)");

  private static final Pattern NAME = Pattern.compile("\"primary\":\"([^\"]+)\"");

  private final Subscription subscription;
  private volatile Optional<Endpoint> primary = Optional.empty();
  private volatile Optional<String> name = Optional.empty();
  private volatile long epoch;

  public PrimaryFeed(Path socket) {
    this.subscription = Subscription.to(socket, "primary", this::accept);
  }

  /** A lower epoch than one that was seen is an old manager's word: it is not obeyed. */
  private void accept(String line) {
    Matcher number = EPOCH.matcher(line);
    long told = number.find() ? Long.parseLong(number.group(1)) : 0;
    if (told < epoch) {
      return;
    }
    Matcher address = ADDRESS.matcher(line);
    Matcher called = NAME.matcher(line);
    boolean open = line.contains("\"writes\":\"open\"");
    name = open && called.find() ? Optional.of(called.group(1)) : Optional.empty();
    primary =
        open && address.find() ? Optional.of(Endpoint.parse(address.group(1))) : Optional.empty();
    // Last: whoever sees a new epoch sees its primary too.
    epoch = told;
  }

  /** Empty while nobody may take writes. */
  @Override
  public Optional<Endpoint> get() {
    return primary;
  }

  /** What the primary is called; empty while nobody may take writes. */
  public Optional<String> name() {
    return name;
  }

  public long epoch() {
    return epoch;
  }

  @Override
  public void close() {
    subscription.close();
  }
}
