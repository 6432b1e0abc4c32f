package dev.regent.sim.contract;

/** What became of an attempt to log in. */
public sealed interface Attempt {
  /** The case may close the session; whoever made the subject closes what is left. */
  record Connected(SubjectSession session) implements Attempt {
    @Override
    public String toString() {
      return "connected";
    }
  }

  /** The server answered, and said no. */
  record Denied(int error) implements Attempt {
    @Override
    public String toString() {
      return "error " + error;
    }
  }

  /** Nobody listens there. */
  record Refused() implements Attempt {
    @Override
    public String toString() {
      return "refused";
    }
  }

  /** The connection was accepted, and then nothing came. */
  record Silent() implements Attempt {
    @Override
    public String toString() {
      return "accepted, then silence";
    }
  }
}
