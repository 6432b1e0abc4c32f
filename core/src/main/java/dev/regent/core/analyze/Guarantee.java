package dev.regent.core.analyze;

import java.util.List;

/**
 * The live answer to "would a failover now lose an acknowledged write?".
 *
 * @param reasons why not; empty if loss-free
 */
public record Guarantee(boolean lossFree, List<String> reasons) {
  public Guarantee {
    reasons = List.copyOf(reasons);
  }

  public String sentence() {
    return lossFree
        ? "loss-free failover: yes"
        : "loss-free failover: no, because " + String.join("; ", reasons);
  }
}
