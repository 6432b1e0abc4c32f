package dev.regent.proxy.fleet;

/**
 * What is configured of a server as far as reads go.
 *
 * @param weight its share of the reads beside the other replicas'; 0: none
 * @param zone empty if not told
 */
public record Member(int weight, String zone) {
  /** A server of which nothing is said. */
  public static final Member USUAL = new Member(1, "");
}
