package dev.regent.server.checkup;

import java.util.List;

/** What ends a finding. */
public sealed interface Mend {

  /** The statements, if there are any, for one connection in this order. */
  default List<String> sql() {
    return List.of();
  }

  /** Lines of the server's start file, if there are any. */
  default List<String> startFile() {
    return List.of();
  }

  /**
   * Takes effect at once, hurts nobody, and may be sent twice.
   *
   * @param startFile what keeps it so after a restart
   */
  record Dynamic(List<String> sql, List<String> startFile) implements Mend {
    public Dynamic {
      sql = List.copyOf(sql);
      startFile = List.copyOf(startFile);
    }
  }

  /** Takes effect at once, by somebody who may grant. */
  record Grant(List<String> sql) implements Mend {
    public Grant {
      sql = List.copyOf(sql);
    }
  }

  /** Interrupts something, so that somebody should choose the moment. */
  record ByHand(List<String> sql, List<String> startFile) implements Mend {
    public ByHand {
      sql = List.copyOf(sql);
      startFile = List.copyOf(startFile);
    }
  }

  /** Takes effect when the server starts anew. */
  record Restart(List<String> startFile) implements Mend {
    public Restart {
      startFile = List.copyOf(startFile);
    }
  }

  /** No statement does it. */
  record Advice(String words) implements Mend {}
}
