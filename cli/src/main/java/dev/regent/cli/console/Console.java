package dev.regent.cli.console;

import dev.regent.cli.client.CommandException;
import dev.regent.cli.client.ExitCode;
import dev.regent.cli.client.Surroundings;
import dev.regent.cli.terminal.Key;
import dev.regent.cli.terminal.Keys;
import dev.regent.cli.terminal.Look;
import dev.regent.cli.terminal.Paper;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.ShutdownHooks;
import org.jspecify.annotations.Nullable;

/**
 * The console on its terminal. One thread owns the state and draws; keys, looks and the outcomes of
 * orders are put into its queue by threads of their own, so that it never waits for anybody.
 */
public final class Console {
  /** Events that are kept: more than any screen shows, and a good while to scroll back. */
  public static final int LOG_MAX = 500;

  /** The clock in the first line, and the age of a picture. */
  private static final long TICK_MILLIS = 500;

  /** A terminal that takes nothing must not keep a process that is told to end. */
  private static final Duration RESTORING_MAX = Duration.ofSeconds(1);

  private final Surroundings surroundings;
  private final Backend backend;
  private final Reactions reactions;
  private final boolean plain;
  private final Inbox inbox = new Inbox();
  private final Errands errands;
  private State state = State.empty();

  /**
   * @param alone whether acts die with the console
   * @param plain no colours, whatever the terminal can do
   */
  public Console(Surroundings surroundings, Backend backend, boolean alone, boolean plain) {
    this.surroundings = surroundings;
    this.backend = backend;
    this.reactions = new Reactions(backend::refusal, alone);
    this.plain = plain;
    this.errands = new Errands(backend, inbox::post);
  }

  /** Whether there is a terminal to draw on and to type at. */
  public static boolean possible(Surroundings surroundings) {
    return surroundings.inIsTerminal() && surroundings.outIsTerminal();
  }

  /** Returns when its user has enough, with the exit code. */
  public int run() throws CommandException {
    try (Terminal terminal = terminal();
        Paper paper = new Paper(terminal, typewriter(), new FileOutputStream(FileDescriptor.out))) {
      Thread restore = Thread.ofPlatform().name("console-ending").unstarted(() -> abandon(paper));
      Runtime.getRuntime().addShutdownHook(restore);
      terminal.handle(Terminal.Signal.WINCH, signal -> inbox.post(new Happening.Tick()));
      Thread.ofPlatform().daemon().name("console-keys").start(() -> type(new Keys(terminal)));
      backend.watch(inbox::post);
      try {
        converse(paper, look(terminal));
      } finally {
        backend.close();
      }
      return ExitCode.DONE;
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE, "the terminal cannot be used: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.DONE;
    }
  }

  private static void abandon(Paper paper) {
    Thread restore = Thread.ofPlatform().daemon().name("console-restore").start(paper::abandon);
    try {
      restore.join(RESTORING_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean typewriter() {
    return List.of("", "dumb").contains(surroundings.environment().getOrDefault("TERM", ""));
  }

  private Terminal terminal() throws IOException {
    // Its own hook closes the terminal beside ours, which then could not be given back.
    System.setProperty(ShutdownHooks.PROP_DISABLE_SHUTDOWN_HOOK, "true");
    // The library gives a dumb terminal no keys; it has them, it only cannot move its cursor.
    String type = typewriter() ? "ansi" : surroundings.environment().getOrDefault("TERM", "");
    return TerminalBuilder.builder()
        .name("regent")
        .system(true)
        .dumb(false)
        .provider("ffm")
        .type(type)
        .encoding(encoding())
        .nativeSignals(true)
        .env(this::variable)
        .build();
  }

  /**
   * The library asks a terminal what it can do, unless it is this one, which cannot be asked. Over
   * a slow line the answer would come late, and there is a {@code y} in it.
   */
  private @Nullable String variable(String name) {
    return name.equals("TERM_PROGRAM") ? "Apple_Terminal" : surroundings.environment().get(name);
  }

  /** As the locale has it; a JVM in the C locale would say ASCII as well. */
  private Charset encoding() {
    for (String name : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
      String locale = surroundings.environment().getOrDefault(name, "");
      if (!locale.isEmpty()) {
        String upper = locale.toUpperCase(Locale.ROOT);
        boolean utf8 = upper.contains("UTF-8") || upper.contains("UTF8");
        return utf8 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
      }
    }
    return StandardCharsets.US_ASCII;
  }

  private Look look(Terminal terminal) {
    Integer colors = terminal.getNumericCapability(Capability.max_colors);
    return new Look(
        !plain && surroundings.color() && colors != null && colors >= 8,
        encoding().equals(StandardCharsets.UTF_8),
        ZoneId.systemDefault());
  }

  private void type(Keys keys) {
    try {
      Optional<Key> key = keys.next();
      while (key.isPresent()) {
        inbox.post(new Happening.Pressed(key.get()));
        key = keys.next();
      }
    } finally {
      inbox.post(new Happening.Gone());
    }
  }

  private void converse(Paper paper, Look look) throws InterruptedException {
    while (true) {
      State before = state;
      Optional<Happening> next = inbox.next(TICK_MILLIS);
      while (next.isPresent()) {
        Reactions.Next after = reactions.after(state, next.get());
        state = after.state();
        if (after.effect().isPresent() && !perform(after.effect().get(), paper)) {
          return;
        }
        next = inbox.next(0);
      }
      Size size = paper.size();
      boolean urgent = !state.dialog().equals(before.dialog());
      paper.draw(
          Screen.render(state, System.currentTimeMillis(), size.getColumns(), size.getRows(), look),
          size,
          urgent);
    }
  }

  /** False: it is over. */
  private boolean perform(Reactions.Effect effect, Paper paper) {
    switch (effect) {
      case Reactions.Effect.Plan e -> errands.plan(e.order());
      case Reactions.Effect.CarryOut e -> errands.carryOut(e.order());
      case Reactions.Effect.Redraw e -> paper.redraw();
      case Reactions.Effect.Quit e -> {
        return false;
      }
    }
    return true;
  }
}
