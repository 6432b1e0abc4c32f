package dev.regent.cli.flags;

import dev.regent.cli.flags.Request.Act;
import dev.regent.cli.flags.Request.Choice;
import dev.regent.cli.flags.Request.Limits;
import dev.regent.cli.flags.Request.Place;
import dev.regent.cli.flags.Request.Scripts;
import dev.regent.core.model.Endpoint;
import dev.regent.server.config.Config.Login;
import dev.regent.server.connect.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Makes a request of the flags; all mistakes are found at once. */
public final class RequestReader {
  static final String CONSOLE =
      "this is the console, which needs a terminal: give -failover=dead|force|check or"
          + " -switchover=keep|kill (or, as 0.3 had it, -interactive=false for a switchover)";

  /** Accepted, so that old calls work. Most of them were for the old tool's monitor alone. */
  private static final List<String> WITHOUT_EFFECT =
      List.of("socket", "conf", "failcount", "autorejoin", "failover-limit");

  private final GoFlags flags;
  private final Logins logins;
  private final boolean terminal;
  private final List<String> mistakes = new ArrayList<>();

  /**
   * @param terminal whether there is one to show the console on
   */
  public RequestReader(GoFlags flags, Logins logins, boolean terminal) {
    this.flags = flags;
    this.logins = logins;
    this.terminal = terminal;
  }

  /** Whether the flags ask for the console: none of them names an act. */
  public static boolean console(GoFlags flags) {
    return flags.on("interactive")
        && flags.text("switchover").isEmpty()
        && List.of("", "alive", "monitor").contains(flags.text("failover"));
  }

  public List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  /** Empty together with at least one mistake. */
  public Optional<Request> read() {
    if (!flags.rest().isEmpty()) {
      mistakes.add("unexpected word \"" + flags.rest().getFirst() + "\": flags begin with a dash");
    }
    Optional<Act> act = act();
    Optional<Endpoint> primary =
        flags.text("host").isEmpty() ? Optional.empty() : address("host", flags.text("host"));
    List<Endpoint> servers = servers(primary.stream().toList());
    Optional<Login> admin = login("user");
    Optional<Login> replication = login("rpluser");
    Tls tls = tls();
    Choice choice = choice(servers);
    Request.Scripts scripts =
        new Scripts(program("pre-failover-script"), program("post-failover-script"));
    Limits limits =
        new Limits(
            Duration.ofSeconds(Math.max(1, flags.number("connect-timeout"))),
            Duration.ofMillis(Math.max(1000, flags.number("wait-kill"))),
            Duration.ofSeconds(flags.number("failover-time-limit")),
            !flags.on("readonly"));
    if (!mistakes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Request(
            act.orElseThrow(),
            primary,
            servers,
            admin.orElseThrow(),
            replication.orElseThrow(),
            tls,
            choice,
            scripts,
            limits,
            new Place(path("state-dir"), path("logfile"), flags.on("verbose")),
            notes()));
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (flags.text("switchover").equals("kill")) {
      notes.add("-switchover=kill does what keep does, as it always did");
    }
    for (String flag : WITHOUT_EFFECT) {
      if (flags.has(flag)) {
        notes.add("-" + flag + " has no effect");
      }
    }
    return notes;
  }

  private Optional<Act> act() {
    String failover = flags.text("failover");
    String switchover = flags.text("switchover");
    if (!failover.isEmpty() && !failover.equals("alive") && !switchover.isEmpty()) {
      return mistake("-failover and -switchover: only one of them can be done");
    }
    if (!switchover.isEmpty()) {
      return switchover.equals("keep") || switchover.equals("kill")
          ? Optional.of(Act.SWITCHOVER)
          : mistake("-switchover=" + switchover + ": keep or kill is wanted");
    }
    return switch (failover) {
      case "dead", "force", "check" -> Optional.of(Act.FAILOVER);
      // In the console the act is chosen later.
      case "", "alive" ->
          console(flags) && !terminal ? mistake(CONSOLE) : Optional.of(Act.SWITCHOVER);
      case "monitor" ->
          console(flags)
              ? terminal ? Optional.of(Act.SWITCHOVER) : mistake(CONSOLE)
              : mistake(
                  "-failover=monitor would fail over by itself, for ever; regent run does that, with"
                      + " all it needs in one file (regent config example)");
      default -> mistake("-failover=" + failover + ": dead, force, check or alive is wanted");
    };
  }

  private <T> Optional<T> mistake(String what) {
    mistakes.add(what);
    return Optional.empty();
  }

  private List<Endpoint> servers(List<Endpoint> first) {
    Set<Endpoint> servers = new LinkedHashSet<>(first);
    if (flags.has("hosts") && (flags.has("host") || flags.has("slaves"))) {
      mistakes.add("-hosts takes the place of -host and -slaves: give either");
    }
    if (!flags.has("hosts") && flags.text("host").isEmpty()) {
      mistakes.add("no server is named: -hosts, or -host with -slaves");
    }
    for (String flag : List.of("slaves", "hosts")) {
      flags.list(flag).forEach(text -> address(flag, text).ifPresent(servers::add));
    }
    return List.copyOf(servers);
  }

  private Optional<Endpoint> address(String flag, String text) {
    Optional<Endpoint> address = Address.parse(text);
    return address.isPresent()
        ? address
        : mistake(
            "-"
                + flag
                + ": \""
                + text
                + "\" is no address; host, host:port or [address]:port is wanted"
                + (text.startsWith(":") ? " (sockets of this machine cannot be used)" : ""));
  }

  private Optional<Login> login(String flag) {
    try {
      return Optional.of(logins.read(flag, flags));
    } catch (GoFlags.Mistake e) {
      return mistake(String.valueOf(e.getMessage()));
    }
  }

  private Tls tls() {
    Optional<Path> authority = path("tls-ca");
    authority
        .filter(file -> !Files.isReadable(file))
        .ifPresent(file -> mistakes.add("-tls-ca: " + file + " cannot be read"));
    String mode = flags.text("tls");
    if (authority.isPresent() && !mode.equals("verify")) {
      mistakes.add("-tls-ca is used only with -tls=verify");
    }
    if (!List.of("off", "trust", "verify").contains(mode)) {
      mistakes.add("-tls=" + mode + ": off, trust or verify is wanted");
      return Tls.OFF;
    }
    Tls.Mode meant = Tls.Mode.valueOf(mode.toUpperCase(Locale.ROOT));
    return new Tls(meant, authority, Optional.empty());
  }

  private Choice choice(List<Endpoint> servers) {
    String preferred = flags.text("prefmaster");
    Optional<Endpoint> prefer =
        preferred.isEmpty() ? Optional.empty() : address("prefmaster", preferred);
    if (prefer.isPresent() && !servers.contains(prefer.get())) {
      mistakes.add("-prefmaster: " + prefer.get() + " is not among the servers");
    }
    List<Endpoint> ignored = new ArrayList<>();
    for (String text : flags.list("ignore-servers")) {
      address("ignore-servers", text).ifPresent(ignored::add);
    }
    return new Choice(
        prefer,
        ignored,
        flags.number("maxdelay"),
        flags.on("gtidcheck"),
        flags.on("force"),
        flags.on("dry-run") || flags.text("failover").equals("check"));
  }

  private Optional<Path> program(String flag) {
    Optional<Path> file = path(flag);
    file.filter(f -> !Files.isExecutable(f) || Files.isDirectory(f))
        .ifPresent(f -> mistakes.add("-" + flag + ": " + f + " is no program that can be run"));
    return file;
  }

  private Optional<Path> path(String flag) {
    String text = flags.text(flag);
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text).toAbsolutePath());
  }
}
