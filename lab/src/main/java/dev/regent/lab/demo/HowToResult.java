package dev.regent.lab.demo;

import dev.regent.lab.command.TextTable;
import java.util.List;
import java.util.Locale;

/**
 * What {@code regent demo --howto} measured.
 *
 * @param movedMs from the stop of the master to a new one
 * @param backMs from the start of the old master until it follows
 * @param calls how the script was called, a line for each call
 */
record HowToResult(long movedMs, long backMs, String calls, List<String> broken)
    implements Outcome {
  HowToResult {
    broken = List.copyOf(broken);
  }

  @Override
  public String json() {
    return String.format(
        Locale.ROOT,
        "{\"moved_ms\":%d,\"rejoined_ms\":%d,\"script_calls\":%d,\"held\":%b}",
        movedMs,
        backMs,
        calls.lines().count(),
        held());
  }

  @Override
  public String table() {
    return TextTable.framed(
        List.of("measured", "value"),
        List.of(
            List.of("from the stop of server3 to a new master", movedMs + " ms"),
            List.of("from the start of server3 until it follows", backMs + " ms"),
            List.of("calls of failover.sh", "" + calls.lines().count())));
  }
}
