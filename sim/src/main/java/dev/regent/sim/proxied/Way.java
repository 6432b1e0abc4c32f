package dev.regent.sim.proxied;

import dev.regent.proxy.session.Pooling;
import dev.regent.proxy.session.Settings;
import java.time.Duration;

/** By which of the proxy's listeners a client comes in. */
public enum Way {
  PRIMARY,
  /** A listener that splits, and does not care how late a replica is. */
  CARELESS,
  SESSION,
  GLOBAL;

  boolean splits() {
    return this != PRIMARY;
  }

  Settings settings(Duration hold, boolean pools) {
    Settings usual = Settings.primary(hold);
    Settings.Causal causal =
        switch (this) {
          case PRIMARY, CARELESS -> Settings.Causal.OFF;
          case SESSION -> Settings.Causal.SESSION;
          case GLOBAL -> Settings.Causal.GLOBAL;
        };
    Settings.Reads reads = usual.reads();
    return new Settings(
        hold,
        splits() ? Settings.Kind.READ_WRITE_SPLIT : Settings.Kind.PRIMARY,
        new Settings.Reads(
            reads.zone(), reads.lagMax(), reads.fallback(), causal, reads.patience()),
        usual.replaying(),
        usual.door(),
        usual.guests(),
        pools ? new Pooling(true, true) : Pooling.NONE);
  }
}
