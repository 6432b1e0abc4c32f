package dev.regent.core.plan;

/** How a step ended. After {@code Unknown} we look again; nothing is retried blindly. */
public sealed interface Outcome {
  record Done(Evidence evidence) implements Outcome {}

  /** It did not take effect, for this reason. */
  record Failed(String reason) implements Outcome {}

  /** It may or may not have taken effect: the connection was lost or the deadline passed. */
  record Unknown(String reason) implements Outcome {}

  /** Success without anything to report. */
  static Outcome ok() {
    return new Done(new Evidence.Nothing());
  }

  /** The reason in words; empty for {@link Done}. */
  default String reason() {
    return switch (this) {
      case Done d -> "";
      case Failed f -> f.reason();
      case Unknown u -> u.reason();
    };
  }

  default boolean done() {
    return this instanceof Done;
  }
}
