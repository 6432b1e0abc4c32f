package dev.regent.cli.repmgr;

import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.ExitCode;
import dev.regent.cli.client.Surroundings;
import dev.regent.cli.console.Console;
import dev.regent.cli.flags.GoFlags;
import dev.regent.cli.flags.HelpPage;
import dev.regent.cli.flags.Logins;
import dev.regent.cli.flags.Request;
import dev.regent.cli.flags.RequestReader;
import dev.regent.cli.flags.StateFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** From words to an exit code. */
public final class Tool {
  /** Names the pipe with the passwords, if the launcher took some off the command line. */
  private static final String HANDED = "regent.repmgr.logins";

  private final Surroundings surroundings;

  public Tool(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  public int run(List<String> words) {
    try {
      GoFlags flags = GoFlags.parse(words);
      if (flags.on("version")) {
        surroundings.out().println("mariadb-repmgr of Regent " + version());
        return ExitCode.DONE;
      }
      boolean terminal = Console.possible(surroundings);
      RequestReader reader = new RequestReader(flags, logins(), terminal);
      Optional<Request> request = reader.read();
      if (request.isEmpty()) {
        reader.mistakes().forEach(this::complain);
        return usage();
      }
      if (RequestReader.console(flags)) {
        return console(request.get());
      }
      return act(Runner.complete(request.get()));
    } catch (GoFlags.HelpWanted e) {
      surroundings.out().print(HelpPage.text());
      return ExitCode.DONE;
    } catch (GoFlags.Mistake e) {
      complain(String.valueOf(e.getMessage()));
      return usage();
    } catch (IOException e) {
      complain(String.valueOf(e.getMessage()));
      return ExitCode.UNREACHABLE;
    }
  }

  private int act(Request request) throws IOException {
    try (Talk talk = new Talk(surroundings.out(), surroundings.err(), request.place())) {
      return new Runner(request, StateFolder.of(request, surroundings), talk, false).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.UNREACHABLE;
    }
  }

  private int console(Request asked) throws IOException, GoFlags.Mistake {
    // What is written beside the console is drawn over it; what matters is in its events.
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
    Request request = Runner.complete(asked);
    Path folder = StateFolder.of(request, surroundings);
    try {
      return new Console(surroundings, new Interactive(request, folder), true, false).run();
    } catch (CommandException e) {
      complain(String.valueOf(e.getMessage()));
      return e.exitCode();
    }
  }

  private static Logins logins() throws IOException {
    String pipe = System.getProperty(HANDED, "");
    return pipe.isEmpty() ? Logins.none() : Logins.handedOver(Path.of(pipe));
  }

  private void complain(String message) {
    surroundings.err().println("mariadb-repmgr: " + message);
  }

  private int usage() {
    surroundings.err().println("Try 'mariadb-repmgr -help'.");
    return ExitCode.MISTAKE;
  }

  private static String version() throws IOException {
    try (InputStream in = Tool.class.getResourceAsStream("/dev/regent/cli/version.txt")) {
      if (in == null) {
        throw new IOException("version.txt is missing in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
