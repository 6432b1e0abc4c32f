package dev.regent.core.control;

import dev.regent.core.model.ServerId;
import java.util.Optional;

/** What an operator may order. {@code by} is the operating system user, for the audit trail. */
public sealed interface Command {
  String by();

  /** {@code force} gives up the guarantee that the reply names. */
  record FailOver(String by, Optional<ServerId> to, boolean force, boolean dryRun)
      implements Command {}

  record SwitchOver(String by, Optional<ServerId> to, boolean force, boolean dryRun)
      implements Command {}

  record Rejoin(String by, ServerId server, boolean dryRun) implements Command {}

  record PauseCluster(String by, String reason) implements Command {}

  /** Ends a pause and acknowledges past failovers, so that they no longer count as flapping. */
  record ResumeCluster(String by) implements Command {}

  record BeginMaintenance(String by, ServerId server, String reason) implements Command {}

  record EndMaintenance(String by, ServerId server) implements Command {}
}
