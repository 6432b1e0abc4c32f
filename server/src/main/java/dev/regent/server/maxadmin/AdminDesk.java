package dev.regent.server.maxadmin;

import dev.regent.core.control.Command;
import dev.regent.core.control.Picture;
import dev.regent.core.control.Reply;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ServerId;
import dev.regent.server.config.Words;
import dev.regent.server.publish.Desk;
import dev.regent.server.publish.Orders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Understands the commands of {@code maxadmin}; each is answered with text. */
public final class AdminDesk {
  static final int DONE = 0;
  private static final int INTERNAL = 1;
  private static final int MISTAKE = 2;
  private static final int HELD = 3;
  private static final int FAILED = 4;

  /** Longer than any plan's deadlines together; the plan goes on without the one who asked. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** As C's {@code asctime}. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);

  private final Desk desk;
  private final Orders orders;
  private final AdminSessions sessions;
  private final boolean showLag;

  /**
   * @param showLag print {@code Slave delay}, as 1.2 does where it watches the lag
   */
  public AdminDesk(Desk desk, Orders orders, AdminSessions sessions, boolean showLag) {
    this.desk = desk;
    this.orders = orders;
    this.sessions = sessions;
    this.showLag = showLag;
  }

  /** The text, with its line ends, and the exit code that {@code regent} would have. */
  public record Answer(int exit, String text) {}

  /** Carries out one line. May wait for an order's end. */
  public Answer answer(String line, String by) {
    Optional<List<String>> split = Words.of(line);
    if (split.isEmpty()) {
      return mistake("Invalid argument: a quote does not end");
    }
    List<String> words = split.get();
    if (words.isEmpty()) {
      return new Answer(DONE, "");
    }
    String verb = words.getFirst().toLowerCase(Locale.ROOT);
    List<String> rest = words.subList(1, words.size());
    return switch (verb) {
      case "help" -> new Answer(DONE, HELP);
      case "list" -> list(rest);
      case "show" -> show(rest);
      case "set", "clear" -> bit(verb, rest, by);
      case "call" -> call(rest, by);
      default ->
          mistake(
              "Command '"
                  + words.getFirst()
                  + "' not known, type help for a list of available"
                  + " commands");
    };
  }

  private static Answer mistake(String text) {
    return new Answer(MISTAKE, text + "\n");
  }

  // --- list and show

  private Answer list(List<String> what) {
    String noun = what.size() == 1 ? what.getFirst().toLowerCase(Locale.ROOT) : "";
    return switch (noun) {
      case "servers" -> picture(p -> Tables.servers(ServerRow.of(p, showLag)));
      case "services" -> new Answer(DONE, Tables.services(sessions));
      case "listeners" -> new Answer(DONE, Tables.listeners(sessions));
      case "sessions" -> new Answer(DONE, Tables.sessions(sessions));
      case "monitors" -> new Answer(DONE, Tables.monitors(desk.spec().name()));
      default -> mistake("list what? servers, services, listeners, monitors or sessions");
    };
  }

  private Answer show(List<String> what) {
    String noun = what.isEmpty() ? "" : what.getFirst().toLowerCase(Locale.ROOT);
    if (noun.equals("server") && what.size() == 2) {
      Optional<ServerId> server = server(what.getLast());
      return server.isEmpty()
          ? noSuchServer(what.getLast())
          : picture(p -> ServerListing.of(row(p, server.get())));
    }
    return switch (what.size() == 1 ? noun : "") {
      case "servers" -> picture(p -> ServerListing.of(ServerRow.of(p, showLag)));
      case "monitors" -> picture(this::monitor);
      case "services" -> new Answer(DONE, service());
      case "sessions" ->
          new Answer(
              DONE, sessions.open().stream().map(AdminDesk::session).collect(Collectors.joining()));
      default -> mistake("show what? servers, server NAME, monitors, services or sessions");
    };
  }

  private ServerRow row(Picture picture, ServerId server) {
    return ServerRow.of(picture, showLag).stream()
        .filter(r -> r.name().equals(server.name()))
        .findFirst()
        .orElseThrow();
  }

  private Answer picture(Function<Picture, String> render) {
    return desk.picture()
        .map(p -> new Answer(DONE, render.apply(p)))
        .orElse(
            new Answer(
                INTERNAL, "The monitor has just started; no server was seen yet. Ask again.\n"));
  }

  private String monitor(Picture picture) {
    ClusterSpec spec = desk.spec();
    String servers =
        spec.servers().stream()
            .map(s -> s.address().host() + ":" + s.address().port())
            .collect(Collectors.joining(", "));
    return "Monitor: 0x1a71c370\n"
        + "\tName:\t\t"
        + spec.name()
        + "\n\tMonitor running\n\tSampling interval:\t"
        + spec.policy().detection().interval().toMillis()
        + " milliseconds\n\tMaxScale MonitorId:\t"
        + picture.snapshot().record().incarnation()
        + "\n\tReplication lag:\t"
        + (showLag ? "enabled" : "disabled")
        + "\n\tMonitored servers:\t"
        + servers
        + "\n";
  }

  private String service() {
    if (!sessions.listening()) {
      return "";
    }
    return "Service 0x1970c6a0\n\tService:\t\t\t\tCLI\n\tRouter:\t\t\t\tcli\n"
        + "\tTotal connections:\t\t\t"
        + sessions.total()
        + "\n\tCurrently connected:\t\t\t"
        + sessions.open().size()
        + "\n";
  }

  private static String session(AdminSessions.Open open) {
    Instant since = Instant.ofEpochMilli(open.sinceMillis());
    return String.format(Locale.ROOT, "Session 0x%x\n", open.handle())
        + "\tState:    \t\tSession ready for routing\n\tService:\t\tCLI\n\tClient Address:\t\t"
        + open.client()
        + "\n\tConnected:\t\t"
        + TIME.format(since.atZone(ZoneId.systemDefault()))
        + "\n";
  }

  // --- orders

  private Answer bit(String verb, List<String> rest, String by) {
    if (rest.size() != 3 || !rest.getFirst().equalsIgnoreCase("server")) {
      return mistake("Usage: " + verb + " server NAME maintenance");
    }
    Optional<ServerId> server = server(rest.get(1));
    if (server.isEmpty()) {
      return noSuchServer(rest.get(1));
    }
    if (!rest.get(2).toLowerCase(Locale.ROOT).matches("maint(enance)?")) {
      return mistake(
          "The bit "
              + rest.get(2)
              + " is not set by hand: it is seen on the servers. Only maintenance is.");
    }
    Command command =
        verb.equals("set")
            ? new Command.BeginMaintenance(by, server.get(), "maxadmin")
            : new Command.EndMaintenance(by, server.get());
    Answer answer = order(command);
    // MaxScale says nothing where all went well.
    return answer.exit() == DONE ? new Answer(DONE, "") : answer;
  }

  /** {@code call command mariadbmon failover MONITOR}, as from 2.2 on. */
  private Answer call(List<String> rest, String by) {
    String usage =
        """
        Usage: call command mariadbmon failover MONITOR
               call command mariadbmon switchover MONITOR [NEW [OLD]]
               call command mariadbmon rejoin MONITOR SERVER\
        """;
    boolean known =
        rest.size() >= 4
            && rest.size() <= 6
            && rest.getFirst().equalsIgnoreCase("command")
            && rest.get(1).matches("mariadbmon|mysqlmon");
    if (!known) {
      return mistake(usage);
    }
    if (!rest.get(3).equals(desk.spec().name())) {
      return mistake("Invalid argument: " + rest.get(3) + "; the monitor is " + desk.spec().name());
    }
    for (String name : rest.subList(4, rest.size())) {
      if (server(name).isEmpty()) {
        return noSuchServer(name);
      }
    }
    return called(rest.get(2), rest.subList(4, rest.size()), by, usage);
  }

  private Answer called(String what, List<String> servers, String by, String usage) {
    Optional<ServerId> first = servers.stream().findFirst().map(ServerId::new);
    if (what.equals("failover") && servers.isEmpty()) {
      return order(new Command.FailOver(by, Optional.empty(), false, false));
    }
    if (what.equals("switchover")) {
      Optional<ServerId> primary =
          desk.picture().flatMap(p -> p.snapshot().primary()).map(v -> v.id());
      boolean from =
          servers.size() < 2 || primary.filter(p -> p.name().equals(servers.get(1))).isPresent();
      return from
          ? order(new Command.SwitchOver(by, first, false, false))
          : new Answer(HELD, servers.get(1) + " is not the primary\n");
    }
    if (what.equals("rejoin") && servers.size() == 1) {
      return order(new Command.Rejoin(by, first.orElseThrow(), false));
    }
    return mistake(usage);
  }

  private Answer order(Command command) {
    try {
      Reply reply = orders.order(command).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      int exit =
          switch (reply.result()) {
            case DONE, PLANNED -> DONE;
            case HELD -> HELD;
            case FAILED -> FAILED;
          };
      return new Answer(exit, reply.message() + "\n");
    } catch (TimeoutException e) {
      return new Answer(FAILED, "No reply yet; the order may still be carried out.\n");
    } catch (ExecutionException e) {
      return new Answer(INTERNAL, "The daemon stops.\n");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(INTERNAL, "The daemon stops.\n");
    }
  }

  private Optional<ServerId> server(String name) {
    return desk.spec().servers().stream()
        .map(ClusterSpec.Server::id)
        .filter(id -> id.name().equals(name))
        .findFirst();
  }

  private Answer noSuchServer(String name) {
    return mistake(
        "Invalid argument: "
            + name
            + "; the servers are "
            + desk.spec().servers().stream()
                .map(s -> s.id().name())
                .collect(Collectors.joining(", ")));
  }

  private static final String HELP =
      """
      Available commands:
          call command mariadbmon [failover|switchover|rejoin] MONITOR [SERVER...]
          clear server NAME maintenance
          list [listeners|monitors|services|servers|sessions]
          set server NAME maintenance
          show [monitors|server NAME|servers|services|sessions]

      Names that contain whitespace are enclosed in double quotes ".
      """;
}
