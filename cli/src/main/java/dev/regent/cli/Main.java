package dev.regent.cli;

import dev.regent.cli.client.Surroundings;

/** Where the launcher enters. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // Types that no option has: looking for them would load java.sql.
    System.setProperty("picocli.converters.excludes", "java\\..*");
    System.setProperty("picocli.disable.closures", "true");
    System.exit(new Cli(Surroundings.ofProcess()).run(args));
  }
}
