package dev.regent.cli.repmgr;

import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerFacts.SemiSync;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which guarantee the servers' semi-sync settings allow, since nobody configured one.
 *
 * @param timeout how long commits of the next primary wait for an acknowledgement
 * @param members who could have acknowledged, if all of them have to be reached
 * @param sentence for people
 */
record Promise(Profile profile, Duration timeout, List<ServerId> members, String sentence) {
  /** The largest that the server's variable takes in a finite wait of ours. */
  private static final Duration TIMEOUT_MAX = Duration.ofDays(1);

  private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);

  Promise {
    members = List.copyOf(members);
  }

  /**
   * A primary that answers tells how its commits wait. One that does not is taken to be set up as
   * its replicas are, each of which is meant to take its place.
   */
  static Promise of(Roles.Verdict.Cast cast, List<Look> looks) {
    List<Look> acknowledging =
        cast.replicas().stream()
            .filter(r -> r.there().facts().semiSync().replicaEnabled())
            .toList();
    Optional<SemiSync> primary = cast.primary().facts().map(ServerFacts::semiSync);
    boolean off = primary.filter(s -> !s.primaryEnabled()).isPresent();
    // One that was a primary has it left on from the time when it was made a replica.
    boolean all = acknowledging.size() == cast.replicas().size();
    if (acknowledging.isEmpty() || off || (primary.isEmpty() && !all)) {
      return new Promise(
          Profile.ASYNC,
          Duration.ofSeconds(1),
          List.of(),
          "no semi-sync: a failover loses the writes that no replica had received");
    }
    SemiSync model = primary.orElse(acknowledging.getFirst().there().facts().semiSync());
    if (endless(model)) {
      return safe(cast, looks, acknowledging, primary.isPresent());
    }
    Duration timeout = timeout(model);
    return new Promise(
        Profile.AVAILABLE,
        timeout,
        List.of(),
        "semi-sync gives up after "
            + timeout.toMillis()
            + " ms: a failover loses what was written after that, if no replica had it");
  }

  private static Promise safe(
      Roles.Verdict.Cast cast, List<Look> looks, List<Look> acknowledging, boolean told) {
    List<ServerId> members = new ArrayList<>();
    for (Look look : looks) {
      boolean unknown = !look.answers() && !look.equals(cast.primary());
      if (unknown || acknowledging.contains(look)) {
        members.add(look.id());
      }
    }
    return new Promise(
        Profile.SAFE,
        Duration.ofSeconds(1),
        members,
        (told ? "semi-sync without end: " : "semi-sync without end, as the replicas are set up: ")
            + "no acknowledged write is lost if all of "
            + String.join(", ", members.stream().map(ServerId::name).toList())
            + " are reached");
  }

  private static boolean endless(SemiSync settings) {
    return new SemiSync(
            true,
            settings.replicaEnabled(),
            settings.timeoutMillis(),
            settings.waitPoint(),
            settings.waitNoReplica())
        .endlessAfterSync();
  }

  private static Duration timeout(SemiSync settings) {
    boolean huge = Long.compareUnsigned(settings.timeoutMillis(), TIMEOUT_MAX.toMillis()) >= 0;
    Duration timeout = huge ? TIMEOUT_MAX : Duration.ofMillis(settings.timeoutMillis());
    return timeout.compareTo(TIMEOUT_MIN) < 0 ? TIMEOUT_MIN : timeout;
  }
}
