package dev.regent.proxy.session;

/** How many sessions of each user a listener has, and may have. Neither method waits. */
public interface Guests {
  /** As many as there may be in all. */
  Guests ANY =
      new Guests() {
        @Override
        public boolean enter(String user) {
          return true;
        }

        @Override
        public void leave(String user) {}
      };

  /** False if the user has as many as it may; else {@link #leave} must follow. */
  boolean enter(String user);

  void leave(String user);
}
