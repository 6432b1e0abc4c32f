package dev.regent.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.cli.terminal.Look;
import dev.regent.core.analyze.Diagnosis.Severity;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScreenTest {
  private static final Sight.Reign REIGN = new Sight.Reign("db1", 7);
  private static final Look COLOR = new Look(true, true, ZoneOffset.UTC);
  private static final Look PLAIN = new Look(false, false, ZoneOffset.UTC);

  @Test
  void healthyClusterOnAnOrdinaryTerminal() {
    assertThat(text(Sights.state(Sights.healthy()), 80, 24))
        .startsWith(
            """
             regent top  shop  healthy  safe, automatic failover, epoch 7          12:00:00
            primary   db1  127.0.0.1:3306  open  11.4.5-MariaDB
            guarantee loss-free failover: yes
            position  0-1-103  writes go to db1; semi-sync replicas: 2

              SERVER  ROLE     RW  LAG  RECV  APPL  SYNC  ERR  STATE
            > db1     primary  rw                              open
              db2     replica  ro  0 s  all   all   sync  0    running
              db3     replica  ro  4 s  all   -3    sync  0    running, to be compared
            db1       127.0.0.1:3306, 11.4.5-MariaDB, has applied 0-1-103
            -- events, newest first --------------------------------------------------------
            12:00:29  event number 29
            12:00:28  event number 28
            """)
        .endsWith(
            """
            12:00:18  event number 18
             ? help  s switchover  f failover  d dry run  m maintenance  p pause  q quit
            """);
  }

  @Test
  void whatIsWrongAndWhyItIsHeldStandsAboveTheEvents() {
    assertThat(text(Sights.state(Sights.held()), 80, 24))
        .contains(
            " regent top  shop  NOT HEALTHY  safe,",
            "primary   db1  127.0.0.1:3306  connection refused\n",
            "position  0-1-103  (last seen)  writes go nowhere",
            "guarantee loss-free failover: no, because db3 is unreachable",
            "paused    by ann: new switch",
            """
            critical  db1 is dead: its port refuses connections, and db2 lost it too
              hold    paused by ann: no automatic action
            """,
            "-- events");
  }

  @Test
  void moreRoomShowsMore() {
    assertThat(text(Sights.state(Sights.healthy()), 120, 40))
        .contains("SOURCE", "GTID", "  db3     replica  db1     ro  4 s  all   -3    0-1-100  sync")
        .contains("event number 5\n")
        .contains("p pause  q quit");
  }

  @Test
  void lowAndNarrowTerminalKeepsServersAndState() {
    assertThat(text(Sights.state(Sights.healthy()), 60, 15))
        .contains(
            """
            primary   db1  127.0.0.1:3306  open  11.4.5-MariaDB
            guarantee loss-free failover: yes

              SERVER  ROLE     RW  LAG  RECV  APPL  STATE
            > db1     primary  rw                   open
              db2     replica  ro  0 s  all   all   running
              db3     replica  ro  4 s  all   -3    running, to be comp~
            """)
        .contains("-- events", "event number 29");
  }

  @ParameterizedTest
  @CsvSource({"80,24", "120,40", "60,15", "200,60", "40,8", "12,4", "3,2", "1,1"})
  void neverLeavesTheTerminal(int columns, int rows) {
    List<Dialog> dialogs =
        List.of(
            new Dialog.None(),
            new Dialog.Help(0),
            new Dialog.Help(Integer.MAX_VALUE),
            new Dialog.DryRun(),
            new Dialog.Choose(true, false, List.of("", "db2", "gone"), 1),
            new Dialog.Asking(new Order.Failover("db2", true), true, REIGN),
            new Dialog.Plan(new Order.Failover("db2", true), false, answer(60), REIGN, 7),
            new Dialog.Working(new Order.Pause(true), List.of("a", "b")),
            new Dialog.Outcome(new Order.Pause(true), answer(3), 0),
            new Dialog.Gone(),
            new Dialog.Message("no " + "very ".repeat(60) + "well"));
    for (Sight sight : List.of(Sights.healthy(), Sights.held(), Sights.many(40))) {
      for (Dialog dialog : dialogs) {
        for (Look look : List.of(COLOR, PLAIN)) {
          State state = Sights.state(sight).lost("it went away").with(dialog);
          List<AttributedString> lines = render(state, columns, rows, look);
          assertThat(lines).hasSize(rows).allMatch(l -> l.columnLength() <= columns);
        }
      }
    }
    assertThat(render(State.empty(), columns, rows, COLOR)).hasSize(rows);
  }

  @Test
  void lostDaemonLeavesThePictureAndItsAge() {
    State state = Sights.state(Sights.healthy()).lost("no daemon answers at x.sock");
    assertThat(text(state, 80, 24, Sights.NOW + 42_000))
        .contains("NOT CONNECTED")
        .contains("lost      what is below was seen 42 s ago; no daemon answers at x.sock\n")
        .contains("  db2     replica  ro");
    assertThat(text(Sights.state(Sights.healthy()), 80, 24, Sights.NOW + 4_000))
        .contains("NOT CONNECTED", "seen 4 s ago; no new picture comes");
    assertThat(text(State.empty().lost("no daemon"), 80, 24)).contains("lost      no daemon");
  }

  @Test
  void planIsShownWithTheServersAndItsQuestion() {
    State state =
        Sights.state(Sights.healthy())
            .with(new Dialog.Plan(new Order.Switchover("db2", false), false, answer(60), REIGN, 0));
    assertThat(text(state, 80, 24))
        .contains("> db1     primary", "  db3     replica")
        .contains("-- Plan: switchover to db2  (10 of 60 lines) --")
        .contains(" line 9\n Do this? [y/N]")
        .doesNotContain("line 10");
    assertThat(text(state, 60, 15)).contains("> db1", "Do this? [y/N]");
    State scrolled =
        state.with(new Dialog.Plan(new Order.Switchover("", false), true, answer(60), REIGN, 99));
    assertThat(text(scrolled, 80, 24))
        .contains("Dry run: switchover  (60 of 60 lines)", "line 59\n nothing was changed.")
        .doesNotContain("Do this?");
  }

  @Test
  void selectedServerOfManyIsInView() {
    State state = Sights.state(Sights.many(40)).selecting(29);
    assertThat(text(state, 80, 24))
        .contains("servers 25 to 35 of 40", "> db30    replica", "-- events");
  }

  @Test
  void withoutColourNoneIsUsedAndEveryLineIsAscii() {
    State state = Sights.state(Sights.held());
    assertThat(render(state, 80, 24, COLOR))
        .anyMatch(l -> l.toAnsi().contains("\033[1;31m") || l.toAnsi().contains("\033[31;1m"));
    assertThat(render(state, 80, 24, PLAIN))
        .allMatch(l -> !l.toAnsi().matches("(?s).*\033\\[[0-9;]*3[0-8].*"))
        .allMatch(l -> l.toString().chars().allMatch(c -> c >= ' ' && c < 127));
  }

  @Test
  void wordsOfOthersDoNotMoveTheCursor() {
    State state =
        Sights.state(Sights.healthy())
            .told(new Happening.Line(Sights.NOW, Severity.CRITICAL, "bad\033[2J\nname\tof \u4e2d"));
    assertThat(text(state, 80, 24)).contains("12:00:00  bad [2J name of ?\n");
  }

  private static Backend.Answer answer(int lines) {
    return new Backend.Answer(
        Backend.Answer.Result.DONE, IntStream.range(0, lines).mapToObj(i -> "line " + i).toList());
  }

  private static List<AttributedString> render(State state, int columns, int rows, Look look) {
    return Screen.render(state, Sights.NOW, columns, rows, look);
  }

  private static String text(State state, int columns, int rows) {
    return text(state, columns, rows, Sights.NOW);
  }

  private static String text(State state, int columns, int rows, long now) {
    StringBuilder text = new StringBuilder();
    Screen.render(state, now, columns, rows, PLAIN)
        .forEach(l -> text.append(l.toString().stripTrailing()).append('\n'));
    return text.toString();
  }
}
