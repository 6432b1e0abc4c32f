package dev.regent.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.control.Event;
import dev.regent.core.model.GtidState;
import dev.regent.lab.check.Evidence.Allowed;
import dev.regent.lab.check.Evidence.Promise;
import dev.regent.lab.check.Glimpse.Access;
import dev.regent.lab.load.Write.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every check finds what it is there for, and finds nothing else. */
class ChecksTest {
  private final Seen seen = new Seen();

  @Test
  void nothingSpeaksAgainstACleanFailover() {
    assertThat(seen.complaints()).isEmpty();
    assertThat(Checks.lost(seen.evidence())).isEmpty();
  }

  @Test
  void acknowledgedWriteThatIsNotThereIsLost() {
    seen.write(5, 950, 960, Outcome.OK, Seen.ONE);

    assertThat(seen.complaints())
        .containsExactly("ACKNOWLEDGED: 1 acknowledged writes are lost: row 5 (one:3306)");
    assertThat(Checks.lost(seen.evidence())).hasSize(1);
  }

  @Test
  void refusedWriteThatIsThereIsALie() {
    seen.write(4, 950, 960, Outcome.FAIL, Seen.ONE);

    assertThat(seen.complaints())
        .containsExactly("ACKNOWLEDGED: 1 writes were refused and are there: row 4 (one:3306)");
  }

  @Test
  void lossIsAllowedWhereItIsAccountedFor() {
    seen.promise = Promise.ACCOUNTED;
    seen.write(5, 950, 960, Outcome.OK, Seen.ONE).oneIsHeldOut(2, 2, 5).account(2);

    assertThat(seen.complaints()).isEmpty();
    assertThat(Checks.lost(seen.evidence())).hasSize(1);
    assertThat(Checks.errant(seen.evidence())).isEqualTo(2);
  }

  @Test
  void lossThatNoServerHasIsNotAccountedFor() {
    seen.promise = Promise.ACCOUNTED;
    seen.write(5, 950, 960, Outcome.OK, Seen.ONE).oneIsHeldOut(1, 2).account(1);

    assertThat(seen.complaints())
        .containsExactly(
            "ACKNOWLEDGED: 1 acknowledged writes are lost and on no server held out: row 5"
                + " (one:3306)");
  }

  @Test
  void accountThatIsWrongIsFound() {
    seen.promise = Promise.ACCOUNTED;
    seen.write(5, 950, 960, Outcome.OK, Seen.ONE).oneIsHeldOut(2, 2, 5).account(1);

    assertThat(seen.complaints())
        .containsExactly("ACKNOWLEDGED: the account of one is 1, it has 2");
  }

  @Test
  void accountThatIsMissingIsFound() {
    seen.noAccount();

    assertThat(seen.complaints())
        .containsExactly("ACKNOWLEDGED: one is back, and no exact account was told; it has 0");
  }

  @Test
  void transactionThatNoClientKnowsOfIsFound() {
    seen.oneIsHeldOut(2, 2).account(2);

    assertThat(seen.complaints())
        .containsExactly("ACKNOWLEDGED: one has 2 transactions of its own, clients know of 1");
    seen.allowed = new Allowed(0, Set.of(), Map.of("one", 1), false);
    assertThat(seen.complaints()).isEmpty();
  }

  @Test
  void writeThatTheOldPrimaryBeganAndAcknowledgedInTheNewReignIsFound() {
    seen.write(4, 1_090, 1_300, Outcome.OK, Seen.ONE);
    assertThat(seen.complaints()).as("under way when its reign ended").isEmpty();

    seen.write(4, 1_200, 1_210, Outcome.OK, Seen.ONE);
    assertThat(seen.complaints())
        .containsExactly(
            "ONE REIGN: 1 writes were begun on and acknowledged by one while another server"
                + " reigned");

    seen.obedient = 0;
    assertThat(seen.complaints()).as("safe protects who does not listen, too").hasSize(1);
    seen.promise = Promise.ACCOUNTED;
    assertThat(seen.complaints()).isEmpty();
  }

  @Test
  void newPrimaryThatAcknowledgesBeforeItsReignIsFound() {
    seen.write(4, 1_000, 1_050, Outcome.OK, Seen.TWO);

    assertThat(seen.complaints()).hasSize(1).first().asString().startsWith("ONE REIGN: 1 writes");
  }

  @Test
  void reignThatOnlyOneSideKnowsOfIsFound() {
    seen.reigns.add(new Reign(3, "three"));
    assertThat(seen.complaints())
        .containsExactly(
            "ONE REIGN: the reign table says epoch 3 of three, untold",
            "INTENT FIRST: a reign row was written that nobody had announced: "
                + new Reign(3, "three"));

    seen.reigns.removeIf(r -> r.epoch() > 1);
    assertThat(seen.complaints())
        .containsExactly("ONE REIGN: the reign table has no row of epoch 2 of two");
  }

  @Test
  void twoServersOpenAtOnceAreFound() {
    seen.glimpse(Seen.THREE, 500, Access.OPEN).glimpse(Seen.THREE, 520, Access.OPEN);

    assertThat(seen.complaints())
        .containsExactly(
            "ONE WRITABLE: two servers took writes at once for 19 ms, allowed are 0 ms");
    assertThat(Checks.twoWritableMillis(seen.evidence())).isEqualTo(19);
    seen.allowed = new Allowed(50, Set.of(), Map.of(), false);
    assertThat(seen.complaints()).isEmpty();
  }

  @Test
  void frozenServerIsNotOpenWhileItDoesNotAnswer() {
    seen.glimpses.removeIf(g -> g.server().equals("one") && g.answeredNanos() > 1_000_000_000L);
    seen.glimpses.add(new Glimpse("one", 1_000_000_000L, 1_900_000_000L, Access.OPEN));

    assertThat(seen.complaints()).isEmpty();
  }

  @Test
  void otherDataIsFound() {
    Standing three = Objects.requireNonNull(seen.standings.get("three"));
    seen.standings.put(
        "three",
        new Standing(
            "three", true, three.log(), Map.of("shop.orders", "41"), Set.of(), Optional.empty()));

    assertThat(seen.complaints())
        .containsExactly(
            "SAME DATA: three takes writes beside two",
            "SAME DATA: shop.orders differs on three (41) and two (42)");
  }

  @Test
  void transactionsOfAReplicaAloneAreFound() {
    Standing three = Objects.requireNonNull(seen.standings.get("three"));
    GtidState own = GtidState.parse("0-1-10,0-2-12,0-3-13");
    seen.standings.put(
        "three", new Standing("three", false, own, three.checksums(), Set.of(), Optional.empty()));

    assertThat(seen.complaints())
        .containsExactly("NOTHING ERRANT: three replicates and has of its own [0-3-13]");
  }

  @Test
  void serverThatIsHeldOutForOtherTransactionsIsFound() {
    seen.oneIsHeldOut(1, 2).account(1);
    Standing one = Objects.requireNonNull(seen.standings.get("one"));
    seen.standings.put(
        "one",
        new Standing(
            "one", false, one.log(), Map.of(), one.rows(), Optional.of(List.of("0-1-99"))));

    assertThat(seen.complaints())
        .containsExactly(
            "NOTHING ERRANT: one is held out for [0-1-99], and has of its own [0-1-11]");
  }

  @Test
  void stepThatWasNeverSentIsFound() {
    seen.told.removeIf(e -> e instanceof Event.StepsSent s && s.sentence().contains("stop"));

    assertThat(seen.complaints())
        .containsExactly(
            "INTENT FIRST: a step ended that was never sent: stop receiving on two and read");
  }

  @Test
  void serverThatOpensUnannouncedIsFound() {
    seen.glimpse(Seen.THREE, 300, Access.CLOSED).glimpse(Seen.THREE, 500, Access.OPEN);

    assertThat(seen.complaints())
        .containsExactly("INTENT FIRST: three opened for writes, and nobody had said so");
    seen.allowed = new Allowed(0, Set.of("three"), Map.of(), false);
    assertThat(seen.complaints()).isEmpty();
  }

  @Test
  void twoPlansAtOnceAreFound() {
    seen.told.add(2, new Event.PlanOpened(1_030, 99, "repair", "something", true));

    assertThat(seen.complaints())
        .contains("ONE PLAN: plan 99 began while plan 7 was open")
        .anyMatch(c -> c.startsWith("ONE PLAN: plan 7 acts, and open is 99"));
  }

  @Test
  void planThatNeverEndsIsFoundUnlessItsManagerDied() {
    seen.told.removeLast();
    assertThat(seen.complaints()).hasSize(1).first().asString().endsWith(" never ended");

    seen.told.add(new Event.Started(1_600, "shop", 2, 2));
    assertThat(seen.complaints()).isEmpty();
  }

  @Test
  void clientsOfTheProxyMayHearWhatIsListed() {
    Seen seen = new Seen();
    seen.proxied(4, Outcome.OK, "");
    seen.proxied(5, Outcome.FAIL, "ROLLED_BACK 1213 40001 the transaction was rolled back");
    seen.proxied(6, Outcome.UNKNOWN, "UNKNOWN 2013 08007 it may have taken effect");
    seen.proxied(7, Outcome.FAIL, "REFUSED 1836 HY000 no server took writes");
    assertThat(seen.complaints()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WRONG 1290 HY000 read-only",
        "SILENCE 0 08000 no answer",
        "NO_PROXY 0 08000 refused",
        "UNREAD its own client does not find it"
      })
  void clientsOfTheProxyHearNothingElse(String error) {
    Seen seen = new Seen();
    seen.proxied(5, Outcome.FAIL, error);
    assertThat(seen.complaints()).singleElement().asString().startsWith("PROXY: 1 answers that");
  }

  @Test
  void whoLosesTheManagerLosesItsProxy() {
    Seen seen = new Seen();
    seen.proxied(5, Outcome.FAIL, "NO_PROXY 0 08000 refused");
    seen.allowed = new Allowed(0, Set.of(), Map.of(), true);
    assertThat(seen.complaints()).isEmpty();
  }

  @Test
  void whatTheProxySaysIsTrue() {
    Seen seen = new Seen();
    seen.proxied(4, Outcome.FAIL, "ROLLED_BACK 1213 40001 the transaction was rolled back");
    assertThat(seen.complaints()).anyMatch(c -> c.contains("refused and are there"));
    assertThat(new Seen().proxied(8, Outcome.OK, "").complaints())
        .anyMatch(c -> c.startsWith("ACKNOWLEDGED: 1 acknowledged writes are lost"));
  }
}
