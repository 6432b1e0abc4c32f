package dev.regent.proxy.session;

/**
 * Whether links to servers go from one session to another.
 *
 * @param parks sessions of the listener leave theirs to others, and take those of others
 * @param crowds sessions of some listener of the proxy do: what is parked may be what is too many
 *     for a server
 */
public record Pooling(boolean parks, boolean crowds) {
  public static final Pooling NONE = new Pooling(false, false);
}
