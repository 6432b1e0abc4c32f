package dev.regent.bench.peer;

import dev.regent.bench.measure.Claim;
import dev.regent.bench.measure.Verdict;
import dev.regent.bench.peer.Contender.Run;
import dev.regent.bench.peer.Sysbench.Work;
import dev.regent.lab.measure.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was promised of our listener beside HAProxy, the faster of its settings at each load. */
final class Bounds {
  private static final double RATE_URING = 1.1;
  private static final double RATE = 0.95;
  private static final double PROCESSOR = 0.9;

  /** Where most is promised: neither idle nor crowded. */
  private static final List<Integer> BUSY = List.of(8, 32);

  private Bounds() {}

  /**
   * @param rivals the HAProxies among the contenders
   * @param uring whether the proxy reaches its sockets by io_uring
   */
  static List<Claim> claims(List<Point> points, String ours, List<String> rivals, boolean uring) {
    List<Claim> claims = new ArrayList<>();
    for (Point point : points) {
      Optional<String> rival = point.fastest(rivals);
      if (rival.isEmpty()) {
        String without = point.name() + ": not compared, since there is no HAProxy";
        claims.add(new Claim(without, Verdict.INCONCLUSIVE));
      } else {
        claims.addAll(claims(point, ours, rival.get(), uring));
      }
    }
    long troubles = points.stream().mapToLong(Point::troubles).sum();
    claims.add(Claim.of(troubles + " errors that clients saw", troubles == 0));
    return claims;
  }

  private static List<Claim> claims(Point point, String ours, String rival, boolean uring) {
    boolean busy = BUSY.contains(point.threads());
    boolean most = busy && point.work() == Work.POINT_SELECT && uring;
    String by = " by that of " + rival;
    List<Claim> claims = new ArrayList<>();
    claims.add(
        Claim.atLeast(
            point.name() + ": rate" + by,
            new Sample(point.ratios(ours, rival, Run::perSecond)).median(),
            most ? RATE_URING : RATE,
            "x"));
    if (busy) {
      claims.add(
          Claim.atMost(
              point.name() + ": processor time per query" + by,
              new Sample(point.ratios(ours, rival, Run::micros)).median(),
              PROCESSOR,
              "x"));
    }
    claims.add(
        Claim.atMost(
            point.name() + ": p99 beside " + rival,
            point.median(ours, Run::p99),
            point.median(rival, Run::p99),
            "ms"));
    return claims;
  }
}
