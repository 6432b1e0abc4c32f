package dev.regent.bench;

import dev.regent.bench.cost.CoreBench;
import dev.regent.bench.cost.IdleBench;
import dev.regent.bench.cost.ScaleBench;
import dev.regent.bench.cost.StartBench;
import dev.regent.bench.measure.Bench;
import dev.regent.bench.peer.ProxyBench;
import dev.regent.bench.proxied.ContinuityBench;
import dev.regent.bench.proxied.SessionsBench;
import dev.regent.bench.rounds.FailoverBench;
import dev.regent.bench.rounds.FreezeBench;
import dev.regent.bench.rounds.LaggingBench;
import dev.regent.bench.rounds.SwitchoverBench;
import dev.regent.lab.machine.LabException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** {@code regent bench}: what there is to measure. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    boolean launched = args.length > 0 && args[0].equals("bench");
    String[] words = launched ? Arrays.copyOfRange(args, 1, args.length) : args;
    System.exit(command().execute(words));
  }

  static CommandLine command() {
    CommandLine line = new CommandLine(new BenchCommand(benches(), System.out));
    line.setExecutionExceptionHandler(Main::explain);
    return line;
  }

  private static List<Bench> benches() {
    return List.of(
        new FailoverBench(),
        new SwitchoverBench(),
        new FreezeBench(),
        new LaggingBench(),
        new ContinuityBench(),
        new ProxyBench(),
        new SessionsBench(),
        new IdleBench(),
        new ScaleBench(),
        new StartBench(),
        new CoreBench());
  }

  /**
   * What the lab or the daemon says of itself is for people; anything else comes with its trace.
   */
  private static int explain(Exception problem, CommandLine command, Object parsed)
      throws Exception {
    if (!(problem instanceof LabException)) {
      throw problem;
    }
    command.getErr().println("bench: " + problem.getMessage());
    command.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
