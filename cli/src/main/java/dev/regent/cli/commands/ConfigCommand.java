package dev.regent.cli.commands;

import dev.regent.cli.client.ExitCode;
import dev.regent.cli.client.Surroundings;
import dev.regent.server.Main;
import dev.regent.server.config.ExampleConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "config",
    description = {
      "check: names every mistake in a configuration, with its line and how to mend it.",
      "example: prints a configuration with every key explained."
    },
    footer = {
      "",
      "Examples:",
      "  regent config example > regent.toml",
      "  regent config check -c regent.toml",
      "",
      ExitCode.HELP
    })
public final class ConfigCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(index = "0", paramLabel = "check|example", description = "what to do")
  private What what = What.check;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "the file to check (default: regent.toml); several: also whether one daemon can serve all")
  private List<String> files = List.of("regent.toml");

  /** As they are typed. */
  enum What {
    check,
    example
  }

  public ConfigCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (what == What.example) {
      surroundings.out().print(ExampleConfig.text());
      return ExitCode.DONE;
    }
    return Main.check(
        files.stream().map(Path::of).toList(), surroundings.out(), surroundings.err());
  }
}
