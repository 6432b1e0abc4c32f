package dev.regent.server.execute;

import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Promoting.RunHook;

/**
 * Runs an operator's hook.
 *
 * <p>Blocks, but not longer than the step's deadline; never throws. {@code Done}: it ended well, or
 * none of that name is configured. {@code Failed}: it ended badly, or did not start. {@code
 * Unknown}: it was stopped at its deadline and may have done anything.
 */
@FunctionalInterface
public interface Hooks {
  Outcome run(RunHook step);

  /** For clusters without hooks. */
  static Hooks none() {
    return step -> Outcome.ok();
  }
}
