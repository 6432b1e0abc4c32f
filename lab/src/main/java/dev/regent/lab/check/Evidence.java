package dev.regent.lab.check;

import dev.regent.lab.arena.AuditLine;
import dev.regent.lab.arena.Moments;
import dev.regent.lab.load.Write;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that was seen of one round.
 *
 * @param promise what the durability profile promises
 * @param writes every answer that a client got
 * @param obedient the highest number of a client that follows the manager's word; those beyond know
 *     one server only
 * @param names server by address, as clients know them
 * @param glimpses per server in their order
 * @param told the manager's events
 * @param first who was primary when it began
 * @param reigns rows of the reign table of the last primary
 * @param primary the last primary
 * @param standings every server when all was over
 * @param allowed what this round was allowed to do
 * @param clock ties both clocks together
 */
public record Evidence(
    Promise promise,
    List<Write> writes,
    int obedient,
    Map<String, String> names,
    List<Glimpse> glimpses,
    List<AuditLine> told,
    Reign first,
    List<Reign> reigns,
    String primary,
    List<Standing> standings,
    Allowed allowed,
    Moments clock) {

  /** What the proxy's ports are called among the servers. */
  public static final String PROXY = "the proxy";

  /** What is promised for writes that were acknowledged. */
  public enum Promise {
    /** None is ever lost. */
    LOSSLESS,
    /** The manager's account of what is lost is exact once the old primary is back. */
    ACCOUNTED
  }

  /**
   * What the one who breaks things did behind the manager's back, or knows to be inevitable.
   *
   * @param twoWritableMillis how long two servers may take writes at once: nobody can close a
   *     frozen server before it thaws
   * @param opened servers that the drill itself opened for writes
   * @param foreign transactions that the drill itself wrote, by server
   * @param proxyGone whether the manager was ended, and its proxy with it
   */
  public record Allowed(
      double twoWritableMillis,
      Set<String> opened,
      Map<String, Integer> foreign,
      boolean proxyGone) {
    public static final Allowed NOTHING = new Allowed(0, Set.of(), Map.of(), false);

    public Allowed {
      opened = Set.copyOf(opened);
      foreign = new TreeMap<>(foreign);
    }
  }

  public Evidence {
    writes = List.copyOf(writes);
    names = new TreeMap<>(names);
    glimpses = List.copyOf(glimpses);
    told = List.copyOf(told);
    reigns = List.copyOf(reigns);
    standings = List.copyOf(standings);
  }

  /** Whether its client knows the proxy only, and so nobody knows which server took it. */
  public boolean proxied(Write write) {
    return PROXY.equals(names.get(write.server()));
  }

  Standing last() {
    return standings.stream().filter(s -> s.server().equals(primary)).findFirst().orElseThrow();
  }

  List<Standing> heldOut() {
    return standings.stream().filter(s -> s.heldOut().isPresent()).toList();
  }

  /** Those that replicate. */
  List<Standing> others() {
    return standings.stream()
        .filter(s -> s.heldOut().isEmpty() && !s.server().equals(primary))
        .toList();
  }

  /** Wall clock in milliseconds of a moment by {@link System#nanoTime}. */
  public double wall(long nanos) {
    return clock.millis() + (nanos - clock.nanos()) / 1e6;
  }
}
