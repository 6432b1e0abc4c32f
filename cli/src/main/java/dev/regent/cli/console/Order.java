package dev.regent.cli.console;

/**
 * What the console's user can have done. Each says what it is, for the question and the outcome.
 */
public sealed interface Order {
  /** As a heading: {@code switchover to db2}. */
  String words();

  /** {@code to}: empty leaves the choice to Regent. */
  record Switchover(String to, boolean force) implements Order {
    @Override
    public String words() {
      return "switchover" + towards(to) + (force ? ", forced" : "");
    }
  }

  /** {@code to}: empty leaves the choice to Regent. */
  record Failover(String to, boolean force) implements Order {
    @Override
    public String words() {
      return "failover" + towards(to) + (force ? ", forced" : "");
    }
  }

  record Maintenance(String server, boolean begin) implements Order {
    @Override
    public String words() {
      return (begin ? "maintenance of " : "end of maintenance of ") + server;
    }
  }

  record Pause(boolean begin) implements Order {
    @Override
    public String words() {
      return begin ? "pause of automatic action" : "end of the pause";
    }
  }

  /** {@code server}: empty means all replicas. */
  record ReadOnly(String server, boolean on) implements Order {
    @Override
    public String words() {
      return "read_only "
          + (on ? "on" : "off")
          + (server.isEmpty() ? " on all replicas" : " on " + server);
    }
  }

  /** The same order, giving up what holds it back, where that can be done. */
  default Order forced() {
    return switch (this) {
      case Switchover s -> new Switchover(s.to(), true);
      case Failover f -> new Failover(f.to(), true);
      case Maintenance m -> m;
      case Pause p -> p;
      case ReadOnly r -> r;
    };
  }

  /** Whether it is one that gives up what would hold it back. */
  default boolean givesUp() {
    return switch (this) {
      case Switchover s -> s.force();
      case Failover f -> f.force();
      case Maintenance m -> false;
      case Pause p -> false;
      case ReadOnly r -> false;
    };
  }

  private static String towards(String server) {
    return server.isEmpty() ? "" : " to " + server;
  }
}
