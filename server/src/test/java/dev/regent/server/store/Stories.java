package dev.regent.server.store;

import dev.regent.core.control.Entry;
import dev.regent.core.model.ClusterRecord.Pause;
import dev.regent.core.model.ClusterRecord.Reign;
import dev.regent.core.model.ClusterRecord.Sighting;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The entries that the tests of this package tell their stories with. */
final class Stories {
  static final ServerId DB1 = new ServerId("db1");
  static final ServerId DB2 = new ServerId("db2");

  private Stories() {}

  static List<Entry> office() {
    return List.of(new Entry.TookOffice(1_000));
  }

  static List<Entry> reign(long epoch, ServerId primary) {
    return List.of(
        new Entry.ReignBegan(new Reign(epoch, primary, GtidPosition.parse("0-1-14"), 2_000)),
        new Entry.Attached(primary));
  }

  static List<Entry> pause(String reason) {
    return List.of(new Entry.Paused(new Pause("anna", reason, 3_000)));
  }

  static List<Entry> sighting(long sequence) {
    TreeMap<ServerId, Sighting> sightings = new TreeMap<>();
    sightings.put(
        DB1,
        new Sighting(
            4_000,
            Optional.empty(),
            GtidPosition.parse("0-1-" + sequence),
            GtidState.parse("0-1-" + sequence),
            Duration.ofMillis(500),
            true));
    return List.of(new Entry.Sighted(sightings));
  }
}
