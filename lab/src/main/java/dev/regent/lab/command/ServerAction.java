package dev.regent.lab.command;

import dev.regent.lab.cluster.LabServer;

/** What can be done to a running server from outside. */
public enum ServerAction {
  KILL("kill", "Crash a server (SIGKILL).", "killed"),
  STOP("stop", "Shut a server down in order (SIGTERM) and wait for its end.", "stopped"),
  FREEZE("freeze", "Freeze a server (SIGSTOP): it keeps its connections and is silent.", "frozen"),
  THAW("thaw", "Let a frozen server go on (SIGCONT).", "thawed");

  private final String verb;
  private final String description;
  private final String done;

  ServerAction(String verb, String description, String done) {
    this.verb = verb;
    this.description = description;
    this.done = done;
  }

  public String verb() {
    return verb;
  }

  String description() {
    return description;
  }

  String done() {
    return done;
  }

  void apply(LabServer server) {
    switch (this) {
      case KILL -> {
        server.kill();
        server.awaitGone();
      }
      case STOP -> server.stop();
      case FREEZE -> server.freeze();
      case THAW -> server.thaw();
    }
  }
}
