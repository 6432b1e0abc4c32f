package dev.regent.lab.check;

import dev.regent.lab.arena.AuditLine;
import java.util.ArrayList;
import java.util.List;

/**
 * One plan at a time: none begins before the last one ended, and only the open one acts. A manager
 * that starts finds its predecessor's plan and takes it up as one of its own.
 */
final class OnePlan {
  private OnePlan() {}

  static List<String> complaints(Evidence seen) {
    List<String> complaints = new ArrayList<>();
    long open = 0;
    // What is open when we begin to look has no beginning here.
    boolean known = false;
    for (AuditLine line : seen.told()) {
      switch (line.name()) {
        case "Started" -> {
          open = 0;
          known = true;
        }
        case "PlanOpened" -> {
          if (open != 0) {
            complaints.add("plan " + line.plan() + " began while plan " + open + " was open");
          }
          open = line.plan();
          known = true;
        }
        case "StepsSent", "StepEnded", "Noted" -> {
          if (known && line.plan() != open) {
            complaints.add(
                "plan " + line.plan() + " acts, and open is " + open + ": " + line.sentence());
          }
        }
        case "PlanClosed" -> {
          if (known && line.plan() != open) {
            complaints.add("plan " + line.plan() + " ended, and open was " + open);
          }
          open = 0;
          known = true;
        }
        default -> {}
      }
    }
    if (open != 0) {
      complaints.add("plan " + open + " never ended");
    }
    return complaints;
  }
}
