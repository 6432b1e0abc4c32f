package dev.regent.cli.commands;

import dev.regent.cli.client.AdminWire;
import dev.regent.cli.client.Ask;
import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.DaemonOptions;
import dev.regent.cli.client.ExitCode;
import dev.regent.cli.client.Surroundings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "maxadmin",
    description =
        "Asks the daemon as MaxScale's maxadmin asks MaxScale; without COMMAND it asks for one"
            + " after the other.",
    footer = {
      "",
      "Commands: show servers | server NAME | monitors | services | sessions,",
      "  list servers | services | monitors | listeners | sessions,",
      "  set | clear server NAME maintenance,",
      "  call command mariadbmon failover | switchover | rejoin MONITOR [SERVER...], help.",
      "",
      "Without -h and -P it uses the daemon's own socket, where the kernel says who you are and no"
          + " password is asked for; if there is none for you, the port at localhost. A password is"
          + " better given by REGENT_MAXADMIN_PASSWORD, or typed.",
      "",
      "Examples:",
      "  maxadmin -pmariadb \"show servers\"",
      "  maxadmin list servers",
      "  maxadmin -h manager1 -P 6603 -u admin show monitors",
      "  maxadmin commands.txt",
      "",
      ExitCode.HELP
    })
public final class MaxadminCommand implements Callable<Integer> {
  private static final String HOST = "localhost";
  private static final int PORT = 6603;

  /** The most that is asked of a file or a pipe: an operator's list, not a stream. */
  private static final int LINES_MAX = 10_000;

  @Mixin private final DaemonOptions daemon;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER",
      description = "name for the port (default admin)")
  private String user = "admin";

  @Option(
      names = {"-p", "--password"},
      paramLabel = "PASSWORD",
      description = "password for the port")
  private String password = "";

  @Option(
      names = {"-h", "--hostname", "--host"},
      paramLabel = "HOST",
      description = "where the port is (default " + HOST + ")")
  private String host = "";

  @Option(
      names = {"-P", "--port"},
      paramLabel = "PORT",
      description = "the port (default " + PORT + ")")
  private int port;

  @Option(
      names = {"-S"},
      paramLabel = "PATH",
      description = "the daemon's own socket, as --socket")
  private String path = "";

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "one command, or a file of them")
  private List<String> words = List.of();

  public MaxadminCommand(DaemonOptions daemon) {
    this.daemon = daemon;
  }

  /** Asks one command and returns its exit code. */
  private interface Line extends AutoCloseable {
    int ask(String command) throws CommandException;

    @Override
    void close();
  }

  @Override
  public Integer call() throws CommandException {
    if (!path.isEmpty()) {
      daemon.at(path);
    }
    try (Line line = line()) {
      if (words.isEmpty()) {
        return talk(line, daemon.surroundings().in(), daemon.surroundings().inIsTerminal());
      }
      if (words.size() == 1 && Files.isRegularFile(Path.of(words.getFirst()))) {
        return play(line, Path.of(words.getFirst()));
      }
      return line.ask(command(words));
    }
  }

  /** One word is the whole command; of several, those with blanks in them are names. */
  static String command(List<String> words) {
    return words.size() == 1
        ? words.getFirst()
        : words.stream()
            .map(w -> w.matches(".*\\s.*") ? '"' + w + '"' : w)
            .collect(Collectors.joining(" "));
  }

  private Line line() throws CommandException {
    boolean local = host.isEmpty() && port == 0;
    if (!path.isEmpty() || (local && daemon.reachable())) {
      return own();
    }
    AdminWire wire;
    try {
      wire = AdminWire.connect(host.isEmpty() ? HOST : host, port == 0 ? PORT : port);
    } catch (CommandException e) {
      if (local) {
        // What is wrong with the daemon's own socket is what its owner wants to know.
        return own();
      }
      throw e;
    }
    wire.logIn(user, secret());
    return new Line() {
      @Override
      public int ask(String command) throws CommandException {
        daemon.surroundings().out().print(wire.ask(command));
        daemon.surroundings().out().flush();
        return ExitCode.DONE;
      }

      @Override
      public void close() {
        wire.close();
      }
    };
  }

  private Line own() {
    return new Line() {
      @Override
      public int ask(String command) throws CommandException {
        return daemon.ask(Ask.to("maxadmin").with("line", command));
      }

      @Override
      public void close() {}
    };
  }

  private String secret() throws CommandException {
    Surroundings surroundings = daemon.surroundings();
    String given =
        password.isEmpty()
            ? surroundings.environment().getOrDefault("REGENT_MAXADMIN_PASSWORD", "")
            : password;
    if (!given.isEmpty() || !surroundings.inIsTerminal()) {
      return given;
    }
    // Unseen: the terminal does not show what is typed.
    char[] typed =
        Optional.ofNullable(System.console())
            .map(console -> console.readPassword("Password: "))
            .orElseThrow(() -> new CommandException(ExitCode.MISTAKE, "no password was typed"));
    return new String(typed);
  }

  private int talk(Line line, BufferedReader in, boolean prompt) throws CommandException {
    int exit = ExitCode.DONE;
    try {
      for (int i = 0; i < LINES_MAX; i++) {
        if (prompt) {
          daemon.surroundings().out().print("MaxScale> ");
          daemon.surroundings().out().flush();
        }
        String command = in.readLine();
        if (command == null || command.strip().matches("quit|exit")) {
          return exit;
        }
        if (!command.isBlank() && !command.startsWith("#")) {
          exit = line.ask(command.strip());
        }
      }
      throw new CommandException(
          ExitCode.MISTAKE, "more than " + LINES_MAX + " commands: begin again with the rest");
    } catch (IOException e) {
      throw new CommandException(ExitCode.MISTAKE, "cannot read commands: " + e.getMessage());
    }
  }

  private int play(Line line, Path file) throws CommandException {
    List<String> commands = new ArrayList<>();
    try {
      commands.addAll(Files.readAllLines(file));
    } catch (IOException e) {
      throw new CommandException(ExitCode.MISTAKE, "cannot read " + file + ": " + e.getMessage());
    }
    int exit = ExitCode.DONE;
    for (String command : commands) {
      if (!command.isBlank() && !command.startsWith("#")) {
        exit = Math.max(exit, line.ask(command.strip()));
      }
    }
    return exit;
  }
}
