package dev.regent.lab.command;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabServer;
import dev.regent.lab.machine.LabException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs SQL on one server. */
@Command(
    name = "sql",
    description = {
      "Run SQL on a server and print the results; without SQL, read it from standard input.",
      "A statement ends with ; or, to see one value per line, with \\G."
    })
public final class SqlCommand implements Callable<Integer> {
  private final LabStore store;

  @Mixin private final Common common = new Common();

  @Parameters(index = "0", paramLabel = "SERVER", description = "For example server1.")
  private String server = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SQL",
      description = "One or more statements.")
  private @Nullable String sql;

  @Option(
      names = "--user",
      paramLabel = "USER",
      defaultValue = "root",
      description = "root, regent, repl or app (default: ${DEFAULT-VALUE}).")
  private String user = "root";

  public SqlCommand(LabStore store) {
    this.store = store;
  }

  @Override
  public Integer call() throws IOException {
    NamedLab lab = store.load(common.name());
    LabServer opened = store.open(lab, lab.place(server));
    try (Connection connection = opened.connect(account(opened))) {
      SqlShell shell = new SqlShell(connection, common.out(), common.err());
      return shell.run(input(shell)) ? 0 : 1;
    } catch (SQLException e) {
      throw new LabException(
          "Cannot log in to %s at %s (its process is %s): %s"
              .formatted(server, opened.address(), opened.state().text(), e.getMessage()),
          e);
    }
  }

  private Account account(LabServer opened) {
    return opened.accounts().all().stream()
        .filter(account -> account.user().equals(user))
        .findFirst()
        .orElseThrow(() ->
            new LabException("No user \"%s\": use root, regent, repl or app.".formatted(user)));
  }

  private Reader input(SqlShell shell) {
    if (sql != null) {
      return new StringReader(sql);
    }
    if (isTyped()) {
      shell.prompt(server + "> ");
    }
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }

  /**
   * Since JDK 25 there is no console where nobody types; in 22 to 24 there was one that said so.
   */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTyped() {
    @Nullable Console console = System.console();
    return console != null && console.isTerminal();
  }
}
