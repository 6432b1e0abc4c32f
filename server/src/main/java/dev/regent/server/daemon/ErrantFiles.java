package dev.regent.server.daemon;

import dev.regent.core.plan.Keeping.SaveErrant;
import dev.regent.core.plan.Outcome;
import dev.regent.server.config.Config;
import dev.regent.server.execute.ErrantSaver;

/** Saves errant transactions beside the control store. */
final class ErrantFiles implements ErrantSaver {
  private final Config config;

  ErrantFiles(Config config) {
    this.config = config;
  }

  @Override
  public Outcome save(SaveErrant step) {
    return new Outcome.Failed("not wired yet " + config.folders().errant());
  }
}
