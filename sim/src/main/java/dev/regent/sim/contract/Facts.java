package dev.regent.sim.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one run of a case saw, beside what the contract says. Not for several threads. */
public final class Facts {
  /**
   * @param name what it is about, a few words
   * @param expected what the contract says for this version
   */
  public record Fact(String name, String expected, String observed) {
    public boolean holds() {
      return expected.equals(observed);
    }

    @Override
    public String toString() {
      return holds() ? name + ": " + observed : name + ": " + observed + ", not " + expected;
    }
  }

  private final List<Fact> all = new ArrayList<>();

  /** Compared as text. */
  public void is(String name, Object observed, Object expected) {
    all.add(new Fact(name, String.valueOf(expected), String.valueOf(observed)));
  }

  public void isTrue(String name, boolean observed) {
    is(name, observed, true);
  }

  /** Times of servers: the bounds are the fact, since no two runs take equally long. */
  public void isBetween(String name, Duration observed, Duration least, Duration most) {
    boolean inside = observed.compareTo(least) >= 0 && observed.compareTo(most) <= 0;
    String bounds = "within " + least.toMillis() + " to " + most.toMillis() + " ms";
    all.add(new Fact(name, bounds, inside ? bounds : observed.toMillis() + " ms"));
  }

  public List<Fact> all() {
    return List.copyOf(all);
  }
}
