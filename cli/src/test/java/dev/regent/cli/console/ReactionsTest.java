package dev.regent.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.cli.console.Backend.Answer;
import dev.regent.cli.console.Reactions.Effect;
import dev.regent.cli.terminal.Key;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReactionsTest {
  private static final Reactions DAEMON =
      new Reactions(o -> o instanceof Order.ReadOnly ? "the daemon keeps them" : "", false);
  private static final Reactions ALONE = new Reactions(o -> "", true);
  private static final Sight.Reign REIGN = new Sight.Reign("db1", 7);
  private static final Order TO_DB2 = new Order.Switchover("db2", false);
  private static final Answer STEPS = new Answer(Answer.Result.DONE, List.of("would", "1. freeze"));
  private static final Answer REFUSED = new Answer(Answer.Result.HELD, List.of("db3 is missing"));

  private final List<Effect> effects = new ArrayList<>();

  @Test
  void switchoverIsChosenPlannedAskedAndThenDone() {
    State chosen = press(start(), Key.DOWN, Key.SWITCHOVER);
    assertThat(chosen.dialog())
        .isEqualTo(new Dialog.Choose(false, false, List.of("", "db2", "db3"), 1));
    State asking = press(chosen, Key.ENTER);
    assertThat(effects).containsExactly(new Effect.Plan(TO_DB2));
    State planned = happen(asking, new Happening.Planned(TO_DB2, STEPS));
    assertThat(planned.dialog()).isEqualTo(new Dialog.Plan(TO_DB2, false, STEPS, REIGN, 0));
    State working = press(planned, Key.YES);
    assertThat(effects).containsExactly(new Effect.Plan(TO_DB2), new Effect.CarryOut(TO_DB2));
    State ended =
        happen(
            happen(working, new Happening.Progress("frozen")),
            new Happening.Ended(TO_DB2, new Answer(Answer.Result.DONE, List.of("frozen", "db2"))));
    assertThat(ended.dialog()).isInstanceOf(Dialog.Outcome.class);
    assertThat(press(ended, Key.ENTER).dialog()).isEqualTo(new Dialog.None());
  }

  @Test
  void anythingButYesDoesNothing() {
    for (Key key : Key.values()) {
      effects.clear();
      press(happen(press(start(), Key.SWITCHOVER, Key.ENTER), planned("", STEPS)), key);
      boolean yes = key == Key.YES || key == Key.FORCED_YES;
      assertThat(effects.stream().anyMatch(e -> e instanceof Effect.CarryOut))
          .as(key.name())
          .isEqualTo(yes);
    }
  }

  @Test
  void dryRunNeverAsksAndNeverActs() {
    State plan = happen(press(start(), Key.DRY_RUN, Key.SWITCHOVER, Key.ENTER), planned("", STEPS));
    assertThat(((Dialog.Plan) plan.dialog()).asks()).isFalse();
    press(plan, Key.YES);
    press(plan, Key.FORCED_YES);
    assertThat(effects).containsExactly(new Effect.Plan(new Order.Switchover("", false)));
  }

  @Test
  void whatIsHeldCanBeForcedOnlyWithItsPriceAndACapitalY() {
    Order plain = new Order.Failover("", false);
    Order forced = new Order.Failover("", true);
    State held =
        happen(press(start(), Key.FAILOVER, Key.ENTER), new Happening.Planned(plain, REFUSED));
    press(held, Key.YES);
    press(held, Key.FORCED_YES);
    assertThat(effects).containsExactly(new Effect.Plan(plain));
    State price = happen(press(held, Key.FORCE), new Happening.Planned(forced, STEPS));
    press(price, Key.YES);
    assertThat(effects).containsExactly(new Effect.Plan(plain), new Effect.Plan(forced));
    press(price, Key.FORCED_YES);
    assertThat(effects).endsWith(new Effect.CarryOut(forced));
  }

  @Test
  void planThatComesTooLateIsDropped() {
    State left = press(start(), Key.SWITCHOVER, Key.ENTER, Key.CANCEL);
    assertThat(happen(left, planned("", STEPS)).dialog()).isEqualTo(new Dialog.None());
    State other = press(left, Key.PAUSE);
    assertThat(happen(other, planned("", STEPS)).dialog())
        .isEqualTo(new Dialog.Asking(new Order.Pause(true), false, REIGN));
  }

  /** db1 was lost and db3 missing; then db3 came back, and Regent itself failed over to db2. */
  @Test
  void planOfAnEarlierReignIsNotDone() {
    Order forced = new Order.Failover("", true);
    State gone = State.empty().seen(Sights.held());
    State held =
        happen(
            press(gone, Key.FAILOVER, Key.ENTER),
            new Happening.Planned(new Order.Failover("", false), REFUSED));
    State price = happen(press(held, Key.FORCE), new Happening.Planned(forced, STEPS));
    State same = happen(price, new Happening.Seen(Sights.held()));
    assertThat(same.dialog()).isEqualTo(price.dialog());
    State moved = happen(same, new Happening.Seen(Sights.moved()));
    assertThat(((Dialog.Message) moved.dialog()).text())
        .contains("db1 led (epoch 7) when", "db2 led (epoch 8) now", "Nothing was done");
    press(moved, Key.FORCED_YES);
    press(moved, Key.YES);
    assertThat(effects).noneMatch(e -> e instanceof Effect.CarryOut);
  }

  @Test
  void planThatWasMadeForAnEarlierReignDoesNotAsk() {
    State asking = press(start(), Key.SWITCHOVER, Key.ENTER);
    State moved = happen(asking, new Happening.Seen(Sights.moved()));
    assertThat(happen(moved, planned("", STEPS)).dialog()).isInstanceOf(Dialog.Message.class);
    State dry = press(start(), Key.DRY_RUN, Key.SWITCHOVER, Key.ENTER);
    State told = happen(happen(dry, new Happening.Seen(Sights.moved())), planned("", STEPS));
    assertThat(told.dialog()).as("it asks nothing").isInstanceOf(Dialog.Plan.class);
  }

  @Test
  void closedTerminalEndsItWhateverIsOpen() {
    State plan = happen(press(start(), Key.SWITCHOVER, Key.ENTER), planned("", STEPS));
    for (State open : List.of(start(), press(start(), Key.HELP), plan, press(plan, Key.YES))) {
      assertThat(DAEMON.after(open, new Happening.Gone()).effect())
          .as(open.dialog().toString())
          .contains(new Effect.Quit());
    }
    Order order = new Order.Switchover("", false);
    for (State working : List.of(press(plan, Key.YES), press(plan, Key.YES, Key.CANCEL))) {
      Reactions.Next gone = ALONE.after(working, new Happening.Gone());
      assertThat(gone.effect()).as("it would die with the console").isEmpty();
      State told = ALONE.after(gone.state(), new Happening.Progress("frozen")).state();
      assertThat(ALONE.after(told, new Happening.Ended(order, STEPS)).effect())
          .contains(new Effect.Quit());
    }
    assertThat(ALONE.after(plan, new Happening.Gone()).effect()).contains(new Effect.Quit());
  }

  @Test
  void maintenanceAndPauseTurnToTheirOpposites() {
    press(start(), Key.DOWN, Key.MAINTENANCE);
    press(State.empty().seen(Sights.held()), Key.PAUSE);
    assertThat(effects)
        .containsExactly(
            new Effect.Plan(new Order.Maintenance("db2", true)),
            new Effect.Plan(new Order.Pause(false)));
  }

  @Test
  void whatCannotBeOrderedIsExplained() {
    assertThat(press(start(), Key.DOWN, Key.READ_ONLY).dialog())
        .isEqualTo(new Dialog.Message("the daemon keeps them"));
    assertThat(effects).isEmpty();
    State alone =
        ALONE.after(press(start(), Key.DOWN), new Happening.Pressed(Key.READ_ONLY)).state();
    assertThat(alone.dialog())
        .isEqualTo(new Dialog.Asking(new Order.ReadOnly("db2", false), false, REIGN));
  }

  @Test
  void oneOrderAtATimeAndItCanBeLeftAndFoundAgain() {
    State working =
        press(happen(press(start(), Key.SWITCHOVER, Key.ENTER), planned("", STEPS)), Key.YES);
    State left = press(working, Key.CANCEL);
    assertThat(press(left, Key.FAILOVER).dialog())
        .isEqualTo(new Dialog.Message("switchover is still at work; Enter shows how far it is."));
    State told = happen(left, new Happening.Progress("frozen"));
    assertThat(press(told, Key.ENTER).dialog())
        .isEqualTo(new Dialog.Working(new Order.Switchover("", false), List.of("frozen")));
    assertThat(ALONE.after(left, new Happening.Pressed(Key.QUIT)).effect()).isEmpty();
    press(left, Key.QUIT);
    assertThat(effects).endsWith(new Effect.Quit());
  }

  @Test
  void nothingIsOrderedBeforeAnythingWasSeen() {
    for (Key key : Key.values()) {
      effects.clear();
      press(State.empty(), key);
      assertThat(effects)
          .as(key.name())
          .noneMatch(e -> e instanceof Effect.Plan || e instanceof Effect.CarryOut);
    }
  }

  @Test
  void selectionAndScrollStayWhereTheyAre() {
    State third = press(Sights.state(Sights.healthy()), Key.DOWN, Key.DOWN, Key.DOWN, Key.DOWN);
    assertThat(third.selected()).isEqualTo("db3");
    assertThat(third.seen(Sights.many(2)).selected()).isEqualTo("db1");
    State scrolled = press(third, Key.PAGE_DOWN);
    State told = happen(scrolled, new Happening.Told(scrolled.log().getFirst()));
    assertThat(told.logScroll()).isEqualTo(scrolled.logScroll() + 1);
    assertThat(press(told, Key.PAGE_UP, Key.PAGE_UP).logScroll()).isZero();
  }

  private static State start() {
    return State.empty().seen(Sights.healthy());
  }

  private static Happening planned(String to, Answer answer) {
    return new Happening.Planned(new Order.Switchover(to, false), answer);
  }

  private State press(State state, Key... keys) {
    State now = state;
    for (Key key : keys) {
      now = happen(now, new Happening.Pressed(key));
    }
    return now;
  }

  private State happen(State state, Happening happening) {
    Reactions.Next next = DAEMON.after(state, happening);
    next.effect().ifPresent(effects::add);
    return next.state();
  }
}
