package dev.regent.sim.contract;

import java.time.Duration;

/** A client's connection. One operation at a time: whoever sends a second one has a broken case. */
public interface SubjectSession {
  /** A statement that was sent. */
  interface Answer {
    /** Waits no longer than this; may be asked again after {@link Outcome.Hanging}. */
    Outcome within(Duration limit);
  }

  /** The server's number for this connection: what KILL takes. */
  long id();

  Answer send(Operation operation);

  void close();

  default Outcome run(Operation operation) {
    return send(operation).within(Subject.LIMIT);
  }

  /** Runs what must succeed for the case to make sense; its value, if it has one. */
  default String must(Operation operation) {
    Outcome outcome = run(operation);
    if (outcome instanceof Outcome.Ok ok) {
      return ok.value();
    }
    throw new CaseBroken(operation + ": " + outcome);
  }
}
