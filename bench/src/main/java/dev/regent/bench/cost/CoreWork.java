package dev.regent.bench.cost;

import dev.regent.core.analyze.Analyzer;
import dev.regent.core.control.Picture;
import dev.regent.core.model.Snapshot;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Planner;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the control loop does after every probe: all of it, and its two pure halves alone. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CoreWork {
  @Param({"3", "100"})
  public int servers = 3;

  private Fleet fleet = Fleet.of(2);
  private Snapshot well = fleet.picture().snapshot();
  private Snapshot dead = well;

  @Setup
  public void prepare() {
    dead = Fleet.of(servers).killPrimary().snapshot();
    fleet = Fleet.of(servers);
    well = fleet.picture().snapshot();
  }

  /** A probe of a healthy replica arrives. */
  @Benchmark
  public Picture probe() {
    fleet.observe(1);
    return fleet.picture();
  }

  @Benchmark
  public List<Decision> decideWell() {
    return new Planner(well).decide(Analyzer.diagnose(well, false));
  }

  @Benchmark
  public List<Decision> decideDead() {
    return new Planner(dead).decide(Analyzer.diagnose(dead, false));
  }
}
