package dev.regent.lab.demo;

import dev.regent.lab.command.TextTable;
import java.util.List;
import java.util.Locale;

/**
 * What the demo measured.
 *
 * @param outageMs last acknowledged write on the old primary to the first on the new one; -1 if
 *     there was none
 * @param switchoverGapMs the same for the switchover
 * @param pauseMs the longest that a client waited for the answer to a write
 * @param switchoverErrors writes that failed, or may have, in the switchover: must be 0
 * @param lost acknowledged, and on no server that counts: must be 0
 * @param errant transactions that only the old primary had when it came back
 * @param broken what did not hold, each one sentence
 */
record DemoResult(
    long outageMs,
    long switchoverGapMs,
    long pauseMs,
    int switchoverErrors,
    int acknowledged,
    int failed,
    int unknown,
    int lost,
    long errant,
    List<String> broken)
    implements Outcome {
  DemoResult {
    broken = List.copyOf(broken);
  }

  @Override
  public String json() {
    return String.format(
        Locale.ROOT,
        "{\"outage_ms\":%d,\"switchover_gap_ms\":%d,\"longest_pause_ms\":%d,"
            + "\"switchover_errors\":%d,\"acknowledged\":%d,\"failed\":%d,"
            + "\"unknown\":%d,\"lost\":%d,\"errant\":%d,\"held\":%b}",
        outageMs,
        switchoverGapMs,
        pauseMs,
        switchoverErrors,
        acknowledged,
        failed,
        unknown,
        lost,
        errant,
        held());
  }

  List<List<String>> rows() {
    return List.of(
        List.of("outage of the failover (kill -9)", outageMs + " ms"),
        List.of("write gap of the switchover", switchoverGapMs + " ms"),
        List.of("longest pause of a client in all of it", pauseMs + " ms"),
        List.of("errors of clients in the switchover", "" + switchoverErrors),
        List.of("writes acknowledged", "" + acknowledged),
        List.of("writes refused, told so", "" + failed),
        List.of("writes with unknown outcome, told so", "" + unknown),
        List.of("acknowledged writes lost", "" + lost),
        List.of("errant transactions of the old primary", "" + errant));
  }

  @Override
  public String table() {
    return TextTable.framed(List.of("measured", "value"), rows());
  }
}
