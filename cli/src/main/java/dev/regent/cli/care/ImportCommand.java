package dev.regent.cli.care;

import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.ExitCode;
import dev.regent.cli.client.Surroundings;
import dev.regent.server.migrate.Imported;
import dev.regent.server.migrate.Importer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Makes a regent.toml of a maxscale.cnf, or of a config.toml of replication-manager, and"
          + " prints every key that was not carried over, with the reason.",
      "Nothing is contacted. A file with a mistake is refused, with all its mistakes."
    },
    footer = {
      "",
      "Examples:",
      "  regent import /etc/maxscale.cnf",
      "  regent import config.toml --cluster shop -o shop.toml",
      "",
      "Exit codes: 0 written, 1 it cannot be written, 2 mistake in usage or in the file, and"
          + " nothing was written."
    })
public final class ImportCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(index = "0", paramLabel = "FILE", description = "the other manager's file")
  private String from = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "where to write, with mode 0600 (default: ${DEFAULT-VALUE})")
  private String to = "regent.toml";

  @Option(names = "--force", description = "replace a file that is there")
  private boolean force;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "which monitor or cluster, where there are several")
  private String cluster = "";

  @Option(
      names = "--plain-passwords",
      description = "take passwords as they are, even if they look encrypted")
  private boolean plainPasswords;

  public ImportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws CommandException {
    Importer importer =
        new Importer(
            new Importer.Options(cluster, force, plainPasswords),
            new dev.regent.server.config.Surroundings(
                surroundings.environment(), surroundings.user(), surroundings.home()));
    try {
      return switch (importer.run(Path.of(from), Path.of(to))) {
        case Imported.Written written -> tell(written);
        case Imported.Refused refused -> tell(refused);
      };
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE, to + " cannot be written: " + e + "; name another with -o");
    }
  }

  private int tell(Imported.Written written) {
    surroundings.out().println(written.file() + ": made from a configuration of " + written.from());
    if (!written.leftovers().isEmpty()) {
      surroundings.out().println("Not carried over:");
      written.leftovers().forEach(l -> surroundings.out().println("  " + l.sentence()));
    }
    surroundings.out().println("Next:");
    written.todo().forEach(line -> surroundings.out().println("  " + line));
    return ExitCode.DONE;
  }

  private int tell(Imported.Refused refused) {
    refused.mistakes().forEach(m -> surroundings.err().println(from + ": " + m.sentence()));
    int count = refused.mistakes().size();
    surroundings
        .err()
        .println(
            count == 1
                ? "1 mistake; nothing was written"
                : count + " mistakes; nothing was written");
    return ExitCode.MISTAKE;
  }
}
