package dev.regent.cli.repmgr;

import static dev.regent.cli.repmgr.Looks.channel;
import static dev.regent.cli.repmgr.Looks.gone;
import static dev.regent.cli.repmgr.Looks.look;
import static dev.regent.cli.repmgr.Looks.replica;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromiseTest {
  private static final SemiSync ENDLESS = new SemiSync(false, true, -1, "AFTER_SYNC", true);
  private static final SemiSync FINITE = new SemiSync(false, true, 2_000, "AFTER_SYNC", true);

  private static Look with(SemiSync settings, String name) {
    return replica(name, channel("a", ThreadState.CONNECTING, 2003), settings, "0-1-10");
  }

  private static Promise promise(Look primary, Look... others) {
    List<Look> replicas = List.of(others).stream().filter(Look::answers).toList();
    List<Look> all = new ArrayList<>(List.of(primary));
    all.addAll(List.of(others));
    return Promise.of(new Roles.Verdict.Cast(primary, primary.address(), replicas, List.of()), all);
  }

  @Test
  void replicasThatWaitWithoutEndPromiseThatNothingIsLost() {
    Promise promise = promise(gone("a"), with(ENDLESS, "b"), with(ENDLESS, "c"));
    assertThat(promise.profile()).isEqualTo(Profile.SAFE);
    assertThat(promise.members()).extracting(ServerId::name).containsExactly("b:3306", "c:3306");
  }

  /** It may have acknowledged what nobody else has. */
  @Test
  void whoDoesNotAnswerCountsAsAMember() {
    Promise promise = promise(gone("a"), with(ENDLESS, "b"), gone("c"));
    assertThat(promise.members()).extracting(ServerId::name).containsExactly("b:3306", "c:3306");
  }

  @Test
  void aTimeOutIsTakenOver() {
    Promise promise = promise(gone("a"), with(FINITE, "b"), with(FINITE, "c"));
    assertThat(promise.profile()).isEqualTo(Profile.AVAILABLE);
    assertThat(promise.timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(promise.sentence()).contains("gives up after 2000 ms");
  }

  @Test
  void withoutSemiSyncOnAllOfThemThereIsNone() {
    assertThat(promise(gone("a"), with(ENDLESS, "b"), with(Looks.NO_SEMI_SYNC, "c")).profile())
        .isEqualTo(Profile.ASYNC);
  }

  @Test
  void aPrimaryThatAnswersIsBelieved() {
    SemiSync off = new SemiSync(false, false, -1, "AFTER_SYNC", true);
    SemiSync on = new SemiSync(true, false, -1, "AFTER_SYNC", true);
    Look closed = look("a", false, off, List.of(), "0-1-10", Optional.empty());
    Look open = look("a", false, on, List.of(), "0-1-10", Optional.empty());
    assertThat(promise(closed, with(ENDLESS, "b")).profile()).isEqualTo(Profile.ASYNC);
    assertThat(promise(open, with(ENDLESS, "b")).profile()).isEqualTo(Profile.SAFE);
  }
}
