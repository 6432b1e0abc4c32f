package dev.regent.core.plan;

import dev.regent.core.analyze.Fitness;
import dev.regent.core.analyze.Loss;
import dev.regent.core.model.Channel;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.Policy;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.core.model.Snapshot.View;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a role change was decided on. It is acted on with the same evidence (DESIGN 3); each step
 * rechecks its precondition on the server itself.
 *
 * @param epoch the epoch that the promotion opens
 * @param old the server that has, or had, the role
 * @param wanted the server the operator asked for
 * @param force the operator gave up the guarantee that would make this a hold
 * @param includeOld the old primary is itself a candidate: it restarted
 */
record Brief(
    Snapshot evidence,
    long epoch,
    ServerId old,
    Optional<ServerId> wanted,
    boolean force,
    boolean includeOld) {

  Policy policy() {
    return evidence.policy();
  }

  boolean safe() {
    return policy().profile() == Profile.SAFE;
  }

  /** The operator named the server, and gives up what it has passed over. */
  boolean overrules() {
    return force && wanted.isPresent();
  }

  /** Opens the old primary again as it was. */
  Step reopen(boolean eventScheduler, GtidPosition holding) {
    boolean acknowledged = safe() && policy().replication().manageSemiSync();
    return new Freezing.Unfreeze(old, eventScheduler, holding, acknowledged);
  }

  /** What the old primary held when it was last seen. */
  GtidPosition oldPosition() {
    return oldFacts().map(ServerFacts::binlogPosition).orElse(GtidPosition.EMPTY);
  }

  ClusterSpec spec() {
    return evidence.spec();
  }

  ClusterSpec.Hooks hooks() {
    return spec().hooks();
  }

  /** The server's last facts, however old. */
  Optional<ServerFacts> facts(ServerId server) {
    return evidence.view(server).seen().map(s -> s.facts());
  }

  /** Reasons against promoting this server, judged beside the old primary if it is known. */
  List<String> fitness(ServerFacts candidate) {
    return oldFacts()
        .map(old -> Fitness.reasons(candidate, old))
        .orElseGet(() -> Fitness.reasons(candidate, candidate));
  }

  Optional<ServerFacts> oldFacts() {
    return facts(old);
  }

  /** The channel by which a server follows the old primary. */
  Optional<Channel> fromOld(ServerId server) {
    return facts(server).flatMap(f -> f.channels().stream().filter(this::isFromOld).findFirst());
  }

  private boolean isFromOld(Channel channel) {
    return spec().at(channel.source()).filter(s -> s.id().equals(old)).isPresent();
  }

  /** The name of the channel inside this cluster; the default connection if there is none. */
  String channel(ServerId server) {
    return facts(server).stream()
        .flatMap(f -> f.channels().stream())
        .filter(c -> spec().at(c.source()).isPresent())
        .map(Channel::name)
        .findFirst()
        .orElse("");
  }

  boolean hasChannel(ServerId server) {
    return facts(server).stream()
        .flatMap(f -> f.channels().stream())
        .anyMatch(c -> spec().at(c.source()).isPresent());
  }

  /**
   * Reachable servers that can have acknowledged for the old primary: those that follow it, and
   * sync members wherever an earlier attempt has pointed them.
   */
  List<ServerId> direct() {
    return evidence.servers().stream()
        .filter(v -> !v.id().equals(old))
        .filter(View::reachable)
        .map(View::id)
        .filter(id -> fromOld(id).isPresent() || (members().contains(id) && hasChannel(id)))
        .filter(id -> !evidence.record().quarantine().containsKey(id))
        .toList();
  }

  /**
   * Whether it goes on from its own log: it was attached again, not compared since, and may have to
   * learn what it wrote itself. Only who may acknowledge does, since both need the same setting.
   */
  boolean learnsOwn(ServerId server, boolean acknowledges) {
    return (acknowledges || !safe()) && evidence.record().unverified().contains(server);
  }

  /** Members of the sync set besides the old primary. */
  SortedSet<ServerId> members() {
    SortedSet<ServerId> members = new TreeSet<>(evidence.record().syncSet());
    members.remove(old);
    return members;
  }

  /**
   * What a failover loses, as far as it is known before the old primary is back.
   *
   * @param standings of the servers that were reached and could keep what they received
   * @param received all that any reached server received, whether or not it could be kept
   */
  Loss loss(
      List<Evidence.Standing> standings,
      GtidPosition received,
      Evidence.Standing winner,
      boolean oldIsBack) {
    GtidPosition kept = winner.applied();
    // Its position names them all the same.
    List<GtidState.Range> ranges = Election.passedOver(this, standings, winner);
    boolean allReached = Election.unreached(this, standings).isEmpty() && !members().isEmpty();
    if (safe() && allReached && kept.covers(received) && ranges.isEmpty()) {
      return new Loss(Loss.Proof.NONE_LOST, 0, OptionalLong.empty(), kept);
    }
    long passedOver = GtidState.count(ranges);
    if (winner.server().equals(old)) {
      long cut = sighted().merge(received).beyond(kept) + passedOver;
      return new Loss(Loss.Proof.SAME_SERVER, cut, OptionalLong.empty(), kept);
    }
    GtidPosition last = oldFacts().map(ServerFacts::binlogPosition).orElse(sighted());
    View view = evidence.view(old);
    double blind =
        view.seen().map(s -> evidence.now().since(s.at()).toMillis() / 1000.0).orElse(0.0);
    OptionalLong estimate =
        view.commitsPerSecond() > 0 && !oldIsBack
            ? OptionalLong.of(Math.round(view.commitsPerSecond() * blind))
            : OptionalLong.empty();
    // What a twin wrote looks like its own: that proves no loss.
    boolean twin = Findings.hasTwin(evidence, winner.server());
    long atLeast = last.merge(received).beyond(kept) + (twin ? 0 : passedOver);
    return new Loss(Loss.Proof.LOWER_BOUND, atLeast, estimate, kept);
  }

  private GtidPosition sighted() {
    var sighting = evidence.record().sightings().get(old);
    return sighting == null ? GtidPosition.EMPTY : sighting.held();
  }
}
