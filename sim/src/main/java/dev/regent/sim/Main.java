package dev.regent.sim;

import java.util.Arrays;
import picocli.CommandLine;

/** Where the launcher enters. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    boolean launched = args.length > 0 && args[0].equals("sim");
    String[] words = launched ? Arrays.copyOfRange(args, 1, args.length) : args;
    System.exit(new CommandLine(new SimCommand(System.out, System.err)).execute(words));
  }
}
