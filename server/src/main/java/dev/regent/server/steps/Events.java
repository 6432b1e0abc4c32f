package dev.regent.server.steps;

import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Evidence.Nothing;
import dev.regent.core.plan.Promoting.DisableEvents;
import dev.regent.core.plan.Promoting.EnableEvents;
import dev.regent.server.connect.LinkException;
import dev.regent.server.connect.Quoted;
import dev.regent.server.office.DeposedException;
import java.util.ArrayList;
import java.util.List;

/** Scheduled events of a server whose role changes; nothing of it enters the binary log. */
final class Events {
  private static final String ALL =
      "SELECT EVENT_SCHEMA, EVENT_NAME, DEFINER FROM information_schema.EVENTS WHERE STATUS=";

  private Events() {}

  private record Event(String database, String name, String definer) {
    /** Without a definer, whoever alters an event becomes its owner. */
    String alter(String action) {
      return "ALTER"
          + owner()
          + " EVENT "
          + Quoted.name(database)
          + "."
          + Quoted.name(name)
          + " "
          + action;
    }

    private String owner() {
      int at = definer.lastIndexOf('@');
      return at < 0
          ? " DEFINER=" + Quoted.name(definer)
          : " DEFINER="
              + Quoted.name(definer.substring(0, at))
              + "@"
              + Quoted.name(definer.substring(at + 1));
    }
  }

  static Evidence enable(EnableEvents step, Work work) throws LinkException, DeposedException {
    for (Event event : list("SLAVESIDE_DISABLED", work)) {
      work.change(event.alter("ENABLE"));
    }
    if (step.scheduler()) {
      work.change("SET GLOBAL event_scheduler=ON");
    }
    return new Nothing();
  }

  static Evidence disable(DisableEvents step, Work work) throws LinkException, DeposedException {
    for (Event event : list("ENABLED", work)) {
      work.change(event.alter("DISABLE ON SLAVE"));
    }
    return new Nothing();
  }

  private static List<Event> list(String status, Work work) throws LinkException {
    return work.read(
        ALL + Quoted.text(status),
        rows -> {
          List<Event> events = new ArrayList<>();
          while (rows.next()) {
            events.add(new Event(rows.getString(1), rows.getString(2), rows.getString(3)));
          }
          return events;
        });
  }
}
