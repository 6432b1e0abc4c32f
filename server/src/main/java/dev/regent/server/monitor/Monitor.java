package dev.regent.server.monitor;

import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.control.Picture;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec;
import dev.regent.server.connect.Account;
import dev.regent.server.monitor.Sensor.Move;
import dev.regent.server.store.Notice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Looks at every picture, tells what has changed, and calls the script for it. */
public final class Monitor implements AutoCloseable {
  private final EventSettings settings;
  private final ClusterSpec spec;
  private final Consumer<Notice> tell;
  private final Sensor sensor;
  private final ScriptRunner scripts;

  /**
   * @param account whom {@code $CREDENTIALS} names, where that is allowed
   * @param tell takes what is to be told, from several threads; must not block
   */
  public Monitor(
      EventSettings settings,
      ClusterSpec spec,
      ClusterRecord record,
      Account account,
      Consumer<Notice> tell) {
    this.settings = settings;
    this.spec = spec;
    this.tell = tell;
    this.sensor = new Sensor(settings.strict());
    record.reign().ifPresent(sensor::remember);
    this.scripts = new ScriptRunner(settings, new ScriptCall(settings, spec, account), tell);
  }

  public void start() {
    scripts.start();
  }

  /** Called by one thread, the control loop's: it computes, and waits for nobody. */
  public void show(Picture picture) {
    long now = picture.snapshot().now().millis();
    for (Move move : sensor.look(picture)) {
      for (MonitorEvent event : events(move)) {
        happened(new Change(now, event, move.before(), move.after(), sensor.states()));
      }
    }
  }

  private List<MonitorEvent> events(Move move) {
    List<MonitorEvent> events =
        new ArrayList<>(
            settings.strict()
                ? Derivation.strict(move.before(), move.after())
                : Derivation.corrected(move.before(), move.after()));
    settings
        .lagMaxSeconds()
        .ifPresent(max -> events.addAll(Derivation.lag(move.before(), move.after(), max)));
    return events;
  }

  private void happened(Change change) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("event", change.event().word());
    data.put("before", change.before().words());
    data.put("after", change.after().words());
    boolean bad = change.before().running() && !change.after().running();
    tell.accept(
        new Notice(
            change.atMillis(),
            "ServerChanged",
            bad ? Severity.WARNING : Severity.NOTICE,
            change.after().id(),
            sentence(change),
            data));
    if (settings.wants(change.event())) {
      scripts.call(change);
    }
  }

  /** As MaxScale logs it: programs that read its log look for exactly this. */
  private String sentence(Change change) {
    var address = spec.server(change.after().id()).address();
    return "Server changed state: "
        + change.after().id()
        + "["
        + address.host()
        + ":"
        + address.port()
        + "]: "
        + change.event().word()
        + ". ["
        + change.before().words()
        + "] -> ["
        + change.after().words()
        + "]";
  }

  @Override
  public void close() {
    scripts.close();
  }
}
