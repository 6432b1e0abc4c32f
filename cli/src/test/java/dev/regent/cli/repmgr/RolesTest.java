package dev.regent.cli.repmgr;

import static dev.regent.cli.repmgr.Looks.gone;
import static dev.regent.cli.repmgr.Looks.primary;
import static dev.regent.cli.repmgr.Looks.replica;
import static dev.regent.cli.repmgr.Looks.request;
import static dev.regent.cli.repmgr.Looks.withReign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.regent.cli.flags.Request;
import dev.regent.cli.repmgr.Roles.Verdict;
import dev.regent.cli.repmgr.Roles.Verdict.Already;
import dev.regent.cli.repmgr.Roles.Verdict.Cast;
import dev.regent.cli.repmgr.Roles.Verdict.Refused;
import dev.regent.core.model.Channel.ThreadState;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RolesTest {
  private static final String[] NAMED = {"-host=a", "-slaves=b,c", "-failover=dead"};
  private static final String[] ALL = {"-hosts=a,b,c", "-failover=force"};
  private static final String[] SWITCHOVER = {"-hosts=a,b,c", "-switchover=keep"};

  private static Verdict judge(Request request, Look... looks) {
    return new Roles(request, List.of(looks), (one, other) -> false, new TreeSet<>()).judge();
  }

  private static Cast cast(Request request, Look... looks) {
    return assertThat(judge(request, looks)).asInstanceOf(type(Cast.class)).actual();
  }

  private static String refused(Request request, Look... looks) {
    return assertThat(judge(request, looks)).asInstanceOf(type(Refused.class)).actual().reason();
  }

  private static String already(Request request, Look... looks) {
    return assertThat(judge(request, looks)).asInstanceOf(type(Already.class)).actual().words();
  }

  private static Look lost(String name, String source) {
    return replica(name, source, ThreadState.CONNECTING, 2003);
  }

  @Test
  void theNamedPrimaryIsItAndItsReplicasTestify() throws Exception {
    for (String[] words : List.of(NAMED, ALL)) {
      Cast cast = cast(request(words), gone("a"), lost("b", "a"), lost("c", "a"));
      assertThat(cast.primary().id().name()).isEqualTo("a:3306");
      assertThat(cast.replicas()).hasSize(2);
      assertThat(cast.witnesses()).hasSize(2);
    }
  }

  /** Its source answered it; a thread that somebody stopped says nothing either. */
  @Test
  void aReplicaWhoseLoginIsRefusedIsNoWitness() throws Exception {
    Cast cast =
        cast(
            request(NAMED),
            gone("a"),
            replica("b", "a", ThreadState.CONNECTING, 1045),
            replica("c", "a", ThreadState.NO, 0));
    assertThat(cast.replicas()).hasSize(2);
    assertThat(cast.witnesses()).isEmpty();
  }

  /** It tested a silent primary for an earlier run, which was killed. */
  @Test
  void aReplicaThatARunStoppedIsAskedAgain() throws Exception {
    Look b = replica("b", "a", ThreadState.NO, 0);
    Look c = replica("c", "a", ThreadState.NO, 0);
    Verdict verdict =
        new Roles(
                request(NAMED),
                List.of(gone("a"), b, c),
                (one, other) -> false,
                new TreeSet<>(List.of(b.id())))
            .judge();
    assertThat(verdict)
        .asInstanceOf(type(Cast.class))
        .satisfies(cast -> assertThat(cast.witnesses()).containsExactly(b));
  }

  @Test
  void aReplicaThatFollowsSomebodyElseIsNoReplicaOfIt() throws Exception {
    Cast cast = cast(request(NAMED), gone("a"), lost("b", "a"), replica("c", "elsewhere"));
    assertThat(cast.replicas()).extracting(l -> l.address().host()).containsExactly("b");
  }

  @Test
  void anAddressInOtherWordsIsTheSameServer() throws Exception {
    Look b = lost("b", "10.0.0.1");
    Verdict verdict =
        new Roles(
                request(NAMED),
                List.of(gone("a"), b, lost("c", "10.0.0.1")),
                (one, other) -> one.host().equals("10.0.0.1") && other.host().equals("a"),
                new TreeSet<>())
            .judge();
    assertThat(verdict)
        .asInstanceOf(type(Cast.class))
        .satisfies(c -> assertThat(c.known()).hasToString("10.0.0.1:3306"))
        .satisfies(c -> assertThat(c.replicas()).hasSize(2));
  }

  @Test
  void whoComesSecondSeesWhatTheFirstHasDone() throws Exception {
    assertThat(already(request(NAMED), gone("a"), primary("b"), replica("c", "b")))
        .isEqualTo("a:3306 is not the primary any more: b:3306 is, followed by c:3306");
    assertThat(
            already(
                request(ALL), gone("a"), withReign(primary("b"), "b:3306", 2), replica("c", "b")))
        .contains("b:3306 is the primary (epoch 4, begun 2 s ago by another run)");
  }

  @Test
  void anOldReignExcusesNothing() throws Exception {
    assertThat(
            refused(
                request(ALL),
                gone("a"),
                withReign(primary("b"), "b:3306", 86_400),
                replica("c", "b")))
        .startsWith("the primary answers: b:3306, followed by c:3306")
        .contains("-switchover=keep");
  }

  @Test
  void aPrimaryThatEverybodyFollowsWasNotReplacedJustNow() throws Exception {
    Look leader = withReign(primary("a"), "a:3306", 2);
    assertThat(refused(request(ALL), leader, replica("b", "a"), replica("c", "a")))
        .startsWith("the primary answers: a:3306");
    assertThat(already(request(ALL), leader, replica("b", "a"), primary("c")))
        .startsWith("a:3306 is the primary");
  }

  /** Two servers, one gone: the one that is left was promoted, and nobody can follow it. */
  @Test
  void theLastOneStandingIsASuccessorIfItsReignIsNew() throws Exception {
    Request request = request("-host=a", "-slaves=b", "-failover=dead");
    assertThat(already(request, gone("a"), withReign(primary("b"), "b:3306", 9)))
        .contains("b:3306");
    assertThat(refused(request, gone("a"), primary("b")))
        .contains("no server that answers follows");
  }

  @Test
  void aSwitchoverNeedsOnePrimaryThatAnswersAndIsFollowed() throws Exception {
    assertThat(
            cast(request(SWITCHOVER), primary("a"), replica("b", "a"), replica("c", "a")).known())
        .hasToString("a:3306");
    assertThat(refused(request(SWITCHOVER), gone("a"), lost("b", "a"), lost("c", "a")))
        .contains("is the primary among them?");
    assertThat(refused(request(SWITCHOVER), primary("a"), primary("b"), primary("c")))
        .contains("is the primary among them?");
  }

  @Test
  void aRelayIsNotThePrimary() throws Exception {
    Cast cast = cast(request(SWITCHOVER), primary("a"), replica("b", "a"), replica("c", "b"));
    assertThat(cast.primary().address().host()).isEqualTo("a");
  }
}
