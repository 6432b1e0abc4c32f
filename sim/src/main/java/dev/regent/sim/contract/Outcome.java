package dev.regent.sim.contract;

/** What the client of one statement knows of it. As text it is what facts are compared by. */
public sealed interface Outcome {
  Outcome OK = new Ok("");

  /** Told OK, and the first value of the first row if the statement has rows. */
  record Ok(String value) implements Outcome {
    @Override
    public String toString() {
      return value.isEmpty() ? "OK" : "OK " + value;
    }
  }

  record Failed(int error) implements Outcome {
    @Override
    public String toString() {
      return "error " + error;
    }
  }

  /** The connection ended before an answer came: whether the statement took effect is unknown. */
  record Lost() implements Outcome {
    @Override
    public String toString() {
      return "connection lost";
    }
  }

  /** No answer within the bound; it may still come. */
  record Hanging() implements Outcome {
    @Override
    public String toString() {
      return "no answer";
    }
  }
}
