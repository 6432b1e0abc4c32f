package dev.regent.house;

import static dev.regent.house.Banned.code;
import static dev.regent.house.Banned.text;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The table of rules. A new one is a row, with a snippet that breaks it. */
final class HouseRules {
  private static final Predicate<Source> ANY_FILE = source -> true;
  private static final Predicate<Source> JAVA = Source::isJava;
  private static final Predicate<Source> MAIN = Source::isMain;
  private static final Predicate<Source> TEST = source -> source.isJava() && !source.isMain();

  /** All event loops of a proxy use these at one time. */
  private static final List<String> SHARED_BY_LOOPS =
      List.of("dev.regent.proxy.net", "dev.regent.proxy.seen");

  /** What decides, what speaks the protocol, and the simulated world: values in, values out. */
  private static final Predicate<Source> PURE =
      MAIN.and(source ->
          source.module().equals("core")
              || source.packageName().endsWith(".wire")
              || source.packageName().startsWith("dev.regent.sim.")
              || (source.module().equals("proxy")
                  && !SHARED_BY_LOOPS.contains(source.packageName())));

  private static final Predicate<Source> TALKS_TO_PEOPLE =
      source -> List.of("cli", "sim", "lab", "bench").contains(source.module());

  private static final String CORE = "core/src/main/java/dev/regent/core/plan/Some.java";
  private static final String A_TEST = "server/src/test/java/dev/regent/server/SomeTest.java";
  private static final String CLI = "cli/src/main/java/dev/regent/cli/Some.java";
  private static final String A_MAIN = "cli/src/main/java/dev/regent/cli/Main.java";

  private HouseRules() {}

  static List<Rule> all() {
    return Stream.of(shape(), purity(), waiting(), errors(), output(), tests(), words())
        .<Rule>flatMap(List::stream)
        .toList();
  }

  private static List<Rule> shape() {
    return List.of(
        new Rooms(),
        new PurePackages(PURE),
        new FileLength(),
        new MethodLength(),
        new OptionalParameter());
  }

  private static List<Rule> purity() {
    return List.of(
        code(
                "clock",
                PURE,
                "\\bSystem\\.(?!arraycopy\\b)\\w+|\\b[A-Z]\\w*\\.now\\(|\\bClock\\b",
                "time and surroundings come with the input; take them as a parameter")
            .badIn(CORE, "long t = System.nanoTime();", "var t = Instant.now();")
            .goodIn(
                CORE, "System.arraycopy(a, 0, b, 0, 1);", "// System.nanoTime()", "snapshot.now()")
            .good("long t = System.nanoTime();"),
        code(
                "chance",
                PURE,
                "\\b(Random|SplittableRandom|RandomGenerator|randomUUID|identityHashCode)\\b"
                    + "|\\bMath\\.random\\b",
                "randomness comes with the input; take a number or a seed as a parameter")
            .badIn(CORE, "int i = new Random().nextInt();", "var id = UUID.randomUUID();"),
        code(
                "thread",
                PURE,
                "\\b(Thread|synchronized|volatile|ThreadLocal|ScopedValue|Timer)\\b"
                    + "|\\.parallel\\(\\)",
                "the controller's one thread calls this; return a new value")
            .badIn(CORE, "private volatile int x;", "Thread.currentThread();", "list.parallel()"),
        code(
                "order",
                PURE,
                "\\b(HashMap|HashSet|IdentityHashMap|WeakHashMap)\\b"
                    + "|\\b(Map|Set)\\.(of\\((?!\\s*\\))|ofEntries\\(|copyOf\\()"
                    + "|\\bto(Unmodifiable)?(Set|Map)\\("
                    + "|\\bgroupingBy\\(",
                "its order changes from run to run; use List, TreeMap, LinkedHashMap or EnumMap")
            .badIn(CORE, "new HashMap<>()", "Map.of(1, 2)", "Set.copyOf(s)", "Collectors.toSet()")
            .goodIn(CORE, "Map.of()", "new LinkedHashMap<>()", "List.copyOf(x)"),
        code(
                "locale",
                PURE,
                "\\bString\\.format\\((?!\\s*Locale\\.)|\\.formatted\\(",
                "the machine's locale would change the text; use String.format(Locale.ROOT, ...)")
            .badIn(CORE, "String.format(\"%d\", 1)", "\"%d\".formatted(1)")
            .goodIn(CORE, "String.format(Locale.ROOT, \"%d\", 1)"));
  }

  private static List<Rule> waiting() {
    return List.of(
        code(
                "sleep",
                JAVA,
                "\\bThread\\s*\\.\\s*sleep\\b|\\bTimeUnit\\.\\w+\\.sleep\\b",
                "wait for what you need, with a deadline: poll(timeout), awaitNanos,"
                    + " in tests Awaitility")
            .bad("Thread.sleep(5);", "TimeUnit.SECONDS.sleep(1);")
            .badIn(A_TEST, "Thread.sleep(5);")
            .good("queue.poll(5, TimeUnit.SECONDS);"),
        code(
                "new-thread",
                JAVA,
                "\\bnew\\s+Thread\\s*\\(|\\bThread\\.startVirtualThread\\b",
                "name it: Thread.ofVirtual().name(\"probe-db1\").start(...), for a shutdown hook"
                    + " Thread.ofPlatform().name(...).unstarted(...)")
            .bad("new Thread(r).start();", "Thread.startVirtualThread(r);")
            .good("Thread.ofVirtual().name(\"probe\").start(r);"),
        code(
                "executor",
                JAVA,
                "\\bExecutors\\.(?!newThreadPerTaskExecutor\\b)\\w+",
                "own the thread: Thread.ofVirtual().name(...), or"
                    + " newThreadPerTaskExecutor(namedFactory) closed by its owner")
            .bad("Executors.newFixedThreadPool(4)", "Executors.newVirtualThreadPerTaskExecutor()")
            .good("Executors.newThreadPerTaskExecutor(factory)"),
        code(
                "common-pool",
                JAVA,
                "\\bForkJoinPool\\b|\\.parallelStream\\(|\\b(supply|run)Async\\(",
                "one full pool stops everybody; use a named virtual thread with a deadline")
            .bad("list.parallelStream()", "CompletableFuture.supplyAsync(x)"));
  }

  private static List<Rule> errors() {
    return List.of(
        code(
                "bare-exception",
                JAVA,
                "\\bnew\\s+(RuntimeException|Exception|Error|Throwable)\\s*\\(",
                "Check.that(...) for a programmer's error, a value or a named exception for the rest")
            .bad("throw new RuntimeException(e);", "throw new Exception();")
            .good("throw new IllegalStateException();"),
        code(
                "catch-all",
                MAIN,
                "\\bcatch\\s*\\(\\s*(final\\s+)?Throwable\\b",
                "catch what you can answer; at the top of a thread RuntimeException, logged once")
            .bad("try {} catch (Throwable t) {}")
            .good("try {} catch (IOException e) {}"),
        code(
                "stack-trace",
                JAVA,
                "\\.printStackTrace\\(",
                "log it once, at the top of the thread, with what the reader needs to act")
            .bad("e.printStackTrace();"),
        code("assert", MAIN, "(?m)^\\s*assert\\b", "it is off in production; use Check.that(...)")
            .bad("  assert x > 0;")
            .good("assertThat(x);"),
        code(
                "exit",
                source -> MAIN.test(source) && !source.fileName().equals("Main.java"),
                "\\bSystem\\.exit\\b|\\bRuntime\\.getRuntime\\(\\)\\.(exit|halt)\\b",
                "return an exit code; only a Main ends the process")
            .bad("System.exit(1);", "Runtime.getRuntime().halt(1);")
            .goodIn(A_MAIN, "System.exit(1);"));
  }

  private static List<Rule> output() {
    return List.of(
        code(
                "print",
                source -> MAIN.test(source) && !TALKS_TO_PEOPLE.test(source),
                "\\bSystem\\.(out|err)\\b",
                "log with org.slf4j.Logger, or return the text to the command that prints it")
            .bad("System.out.println();", "System.err.flush();")
            .goodIn(CLI, "System.out.println();"));
  }

  private static List<Rule> tests() {
    return List.of(
        code(
                "switched-off",
                TEST,
                "@Disabled\\b|\\bassumeTrue\\(\\s*false\\b",
                "a test that does not run proves nothing; mend it or delete it")
            .badIn(A_TEST, "@Disabled class X {}", "assumeTrue(false);"),
        code(
                "mock",
                TEST,
                "\\borg\\.mockito\\b|\\borg\\.easymock\\b",
                "write the fake, and write it well")
            .badIn(A_TEST, "import org.mockito.Mockito;"));
  }

  private static List<Rule> words() {
    return List.of(
        code(
                "words",
                MAIN,
                "\\b\\w*([Mm]aster|MASTER|[Ss]lave|SLAVE)\\w*\\b",
                "say primary and replica; the old words only in SQL and in compatible output")
            .bad("int slaves = 1;", "String masterHost;")
            .good("String sql = \"SHOW ALL SLAVES STATUS\";", "// Slave_IO_Running"),
        code(
                "wildcard-import",
                JAVA,
                "(?m)^import\\s+(static\\s+)?[\\w.]+\\.\\*;|^import\\s+module\\b.*",
                "import each class by its name")
            .bad("import java.util.*;", "import module java.base;")
            .good("import java.util.List;"),
        code(
                "deep-package",
                MAIN,
                "\\bpackage\\s+dev\\.regent\\.\\w+\\.\\w+\\.\\w+",
                "packages sit one level under their module's root; a deeper one mixes two concerns")
            .bad("package dev.regent.server.http.json;")
            .good("package dev.regent.server.http;"),
        text(
                "unfinished",
                JAVA,
                "\\b(FIX" + "ME|XX" + "X)\\b|\\bTO" + "DO\\b(?!\\(#\\d+\\))",
                "finish it, or name its issue: TO" + "DO(#12)")
            .bad("// FIX" + "ME later", "// TO" + "DO: later")
            .good("// TO" + "DO(#12): later"),
        text(
                "one-machine",
                ANY_FILE,
                "(?<![\\w.}$~-])/(work|root|home/\\w+)/|/jvm/[a-z0-9-]+-(amd64|arm64)",
                "a path of one machine; find it, or take it from the surroundings")
            .bad("Path.of(\"/wo" + "rk/main\")", "/usr/lib/jv" + "m/temurin-25-jdk-amd64")
            .badIn("README.md", "see /ro" + "ot/.m2/settings.xml")
            .good("/usr/lib/jvm/*", "lab/work/x"));
  }
}
