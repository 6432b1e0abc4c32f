package dev.regent.cli.console;

import java.util.List;

/** What is open in front of the event log. */
sealed interface Dialog {
  /** How far its text is scrolled. */
  default int scroll() {
    return 0;
  }

  record None() implements Dialog {}

  record Help(int scroll) implements Dialog {}

  /** Of what shall a dry run be made? */
  record DryRun() implements Dialog {}

  /**
   * Who shall be primary?
   *
   * @param choices names; the empty one leaves it to Regent
   */
  record Choose(boolean failover, boolean dry, List<String> choices, int index) implements Dialog {
    public Choose {
      choices = List.copyOf(choices);
    }

    Order order() {
      String to = choices.get(index);
      return failover ? new Order.Failover(to, false) : new Order.Switchover(to, false);
    }
  }

  /**
   * The plan is being made.
   *
   * @param reign what was seen when it was asked for
   */
  record Asking(Order order, boolean dry, Sight.Reign reign) implements Dialog {}

  /**
   * The plan, or why there is none; and the question, unless it is a dry run.
   *
   * @param reign what was seen when it was asked for
   */
  record Plan(Order order, boolean dry, Backend.Answer answer, Sight.Reign reign, int scroll)
      implements Dialog {
    boolean asks() {
      return !dry && answer.result() == Backend.Answer.Result.DONE;
    }

    boolean canBeForced() {
      return answer.result() == Backend.Answer.Result.HELD && !order.forced().equals(order);
    }
  }

  /** It is being carried out. */
  record Working(Order order, List<String> lines) implements Dialog {
    public Working {
      lines = List.copyOf(lines);
    }

    @Override
    public int scroll() {
      return Integer.MAX_VALUE;
    }
  }

  /** What came of it. */
  record Outcome(Order order, Backend.Answer answer, int scroll) implements Dialog {}

  /** Whoever typed is gone, and so is the console once nothing is at work in it. */
  record Gone() implements Dialog {}

  /** Why a key does nothing. */
  record Message(String text) implements Dialog {}
}
