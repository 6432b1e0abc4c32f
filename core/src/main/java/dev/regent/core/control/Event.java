package dev.regent.core.control;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Note;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One line of the audit trail: what happened, and one sentence for people. */
public sealed interface Event {
  /** Wall clock, milliseconds since 1970 UTC. */
  long atMillis();

  String sentence();

  default Diagnosis.Severity severity() {
    return Diagnosis.Severity.NOTICE;
  }

  default Optional<ServerId> subject() {
    return Optional.empty();
  }

  record Started(long atMillis, String cluster, long incarnation, long epoch) implements Event {
    @Override
    public String sentence() {
      return "manager took office on cluster "
          + cluster
          + ": incarnation "
          + incarnation
          + ", epoch "
          + epoch;
    }
  }

  /** A server began or ceased to answer. */
  record Contact(long atMillis, ServerId server, boolean reachable, String detail)
      implements Event {
    @Override
    public String sentence() {
      return server + (reachable ? " answers" : " does not answer: " + detail);
    }

    @Override
    public Optional<ServerId> subject() {
      return Optional.of(server);
    }

    @Override
    public Diagnosis.Severity severity() {
      return reachable ? Diagnosis.Severity.NOTICE : Diagnosis.Severity.WARNING;
    }
  }

  record Diagnosed(long atMillis, Diagnosis diagnosis) implements Event {
    @Override
    public String sentence() {
      return diagnosis.sentence();
    }

    @Override
    public Diagnosis.Severity severity() {
      return diagnosis.severity();
    }

    @Override
    public Optional<ServerId> subject() {
      return diagnosis.subject();
    }
  }

  record Cleared(long atMillis, Diagnosis diagnosis) implements Event {
    @Override
    public String sentence() {
      return "over: " + diagnosis.sentence();
    }

    @Override
    public Optional<ServerId> subject() {
      return diagnosis.subject();
    }
  }

  record Held(long atMillis, Diagnosis diagnosis, String reason, String why) implements Event {
    @Override
    public String sentence() {
      return "hold: " + why;
    }

    @Override
    public Diagnosis.Severity severity() {
      return diagnosis.severity();
    }

    @Override
    public Optional<ServerId> subject() {
      return diagnosis.subject();
    }
  }

  record PlanOpened(long atMillis, long plan, String kind, String purpose, boolean automatic)
      implements Event {
    @Override
    public String sentence() {
      return "plan " + plan + " begins (" + kind + "): " + purpose;
    }
  }

  record StepsSent(long atMillis, long plan, List<String> sentences) implements Event {
    public StepsSent {
      sentences = List.copyOf(sentences);
    }

    @Override
    public String sentence() {
      return "plan " + plan + ": " + String.join("; ", sentences);
    }
  }

  record StepEnded(
      long atMillis, long plan, ServerId server, String step, String outcome, String reason)
      implements Event {
    @Override
    public String sentence() {
      return "plan "
          + plan
          + ": "
          + step
          + ": "
          + outcome
          + (reason.isEmpty() ? "" : " (" + reason + ")");
    }

    @Override
    public Optional<ServerId> subject() {
      return Optional.of(server);
    }

    @Override
    public Diagnosis.Severity severity() {
      return outcome.equals("done") ? Diagnosis.Severity.NOTICE : Diagnosis.Severity.WARNING;
    }
  }

  record Noted(long atMillis, long plan, Note note, String words) implements Event {
    @Override
    public String sentence() {
      return "plan " + plan + ": " + words;
    }
  }

  record PlanClosed(long atMillis, long plan, String kind, String result, String summary)
      implements Event {
    @Override
    public String sentence() {
      return "plan " + plan + " (" + kind + ") " + result + ": " + summary;
    }

    @Override
    public Diagnosis.Severity severity() {
      return result.equals("finished") ? Diagnosis.Severity.NOTICE : Diagnosis.Severity.WARNING;
    }
  }

  record Routed(long atMillis, RoutingTable table) implements Event {
    @Override
    public String sentence() {
      return "epoch "
          + table.epoch()
          + ": "
          + table.primary().map(p -> "writes go to " + p).orElse("writes go nowhere")
          + (table.writesHeld() ? ", held for a role change" : "")
          + table.candidate().map(c -> ", " + c + " is to have the role").orElse("")
          + (table.replicas().isEmpty()
              ? ""
              : "; replicas "
                  + table.replicas().stream()
                      .map(ServerId::name)
                      .collect(Collectors.joining(", ")));
    }
  }

  record Ordered(long atMillis, String by, String command) implements Event {
    @Override
    public String sentence() {
      return by + " orders: " + command;
    }
  }

  record Trouble(long atMillis, String what) implements Event {
    @Override
    public String sentence() {
      return what;
    }

    @Override
    public Diagnosis.Severity severity() {
      return Diagnosis.Severity.CRITICAL;
    }
  }
}
