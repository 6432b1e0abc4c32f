package dev.regent.proxy.session;

/** So many bytes may all sessions of a proxy keep together. Neither method waits. */
public interface Budget {
  Budget UNLIMITED =
      new Budget() {
        @Override
        public boolean take(long bytes) {
          return true;
        }

        @Override
        public void give(long bytes) {}
      };

  /** False, and nothing taken, if that is more than is left. */
  boolean take(long bytes);

  void give(long bytes);
}
