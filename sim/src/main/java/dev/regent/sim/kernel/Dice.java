package dev.regent.sim.kernel;

import java.util.List;

/**
 * Chance for one concern (SplitMix64). Each concern has its own, so that a new question in one
 * place leaves all the others' answers as they were.
 */
public final class Dice {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final long seed;
  private long state;

  private Dice(long seed) {
    this.seed = seed;
    this.state = seed;
  }

  public static Dice of(long seed) {
    return new Dice(mix(seed + GAMMA));
  }

  /** The dice of a part of this concern; the same for the same name, whenever it is asked for. */
  public Dice of(String concern) {
    long named = seed;
    for (int i = 0; i < concern.length(); i++) {
      named = mix(named ^ (concern.charAt(i) * GAMMA));
    }
    return new Dice(named);
  }

  public Dice of(String concern, long number) {
    return new Dice(mix(of(concern).seed ^ mix(number + GAMMA)));
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  public long next() {
    state += GAMMA;
    return mix(state);
  }

  /** From 0 up to, and without, the bound. */
  public long below(long bound) {
    return bound <= 1 ? 0 : Long.remainderUnsigned(next(), bound);
  }

  /** Both included. */
  public long between(long least, long most) {
    return least + below(most - least + 1);
  }

  public double fraction() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  public boolean chance(double probability) {
    return probability > 0 && fraction() < probability;
  }

  public <T> T pick(List<T> list) {
    return list.get((int) below(list.size()));
  }

  /** Times as services have them: mostly near the least, now and then far beyond. */
  public long tailed(long least, long usual) {
    double u = fraction();
    return least + (long) (usual * (u < 0.98 ? u : u * u * 20 * fraction()));
  }
}
