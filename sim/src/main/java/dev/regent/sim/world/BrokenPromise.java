package dev.regent.sim.world;

/** Something happened that must never happen; the run ends here, and its seed repeats it. */
public final class BrokenPromise extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String promise;

  public BrokenPromise(String promise, String what) {
    super(promise + ": " + what);
    this.promise = promise;
  }

  /** Which one, in a word or two. */
  public String promise() {
    return promise;
  }
}
