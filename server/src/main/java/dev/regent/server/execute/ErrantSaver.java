package dev.regent.server.execute;

import dev.regent.core.plan.Keeping.SaveErrant;
import dev.regent.core.plan.Outcome;

/**
 * Saves transactions of a server's binary log to a file.
 *
 * <p>Blocks, but not longer than the step's deadline; never throws. {@code Done} carries {@link
 * dev.regent.core.plan.Evidence.Saved}, and then the file is durable.
 */
@FunctionalInterface
public interface ErrantSaver {
  Outcome save(SaveErrant step);
}
