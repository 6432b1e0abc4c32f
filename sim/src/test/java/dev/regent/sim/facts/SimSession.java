package dev.regent.sim.facts;

import dev.regent.sim.contract.Operation;
import dev.regent.sim.contract.Outcome;
import dev.regent.sim.contract.Subject;
import dev.regent.sim.contract.SubjectSession;
import dev.regent.sim.kernel.Kernel;
import dev.regent.sim.mariadb.Link;
import dev.regent.sim.mariadb.Reply;
import dev.regent.sim.mariadb.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client's connection to a simulated server. */
final class SimSession implements SubjectSession {
  private static final int SYNTAX = 1064;
  private static final long ENDLESS = 100_000 * Kernel.SECOND;

  private final Link link;
  private final SimStatements statements;
  private final Subject subject;

  SimSession(Link link, SimStatements statements, Subject subject) {
    this.link = link;
    this.statements = statements;
    this.subject = subject;
  }

  private static final class Box {
    private @Nullable Outcome outcome;
  }

  @Override
  public long id() {
    return link.id();
  }

  @Override
  public Answer send(Operation operation) {
    if (statements.isUnknown(operation)) {
      return limit -> new Outcome.Failed(SYNTAX);
    }
    Box box = new Box();
    link.run(statements.of(operation), ENDLESS, reply -> box.outcome = outcome(operation, reply));
    return limit -> {
      subject.holdsWithin(limit, () -> box.outcome != null);
      return Objects.requireNonNullElse(box.outcome, new Outcome.Hanging());
    };
  }

  /** What is no operation of a client's; waits for its end. */
  Outcome run(Statement statement) {
    Box box = new Box();
    link.run(statement, ENDLESS, reply -> box.outcome = outcome("", reply));
    subject.holdsWithin(Subject.LIMIT, () -> box.outcome != null);
    return Objects.requireNonNullElse(box.outcome, new Outcome.Hanging());
  }

  private Outcome outcome(Operation operation, Reply<Boolean> reply) {
    boolean yes = reply instanceof Reply.Done<Boolean> done && done.value();
    return outcome(reply.done() ? statements.value(operation, yes) : "", reply);
  }

  private static Outcome outcome(String value, Reply<Boolean> reply) {
    return switch (reply) {
      case Reply.Done<Boolean> done -> new Outcome.Ok(value);
      case Reply.Refused<Boolean> refused -> new Outcome.Failed(refused.code());
      case Reply.Lost<Boolean> lost -> new Outcome.Lost();
    };
  }

  @Override
  public void close() {
    link.cut();
  }
}
