package dev.regent.core.toy;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.ClusterSpec.Hooks;
import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.ClusterSpec.Server;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Policy;
import dev.regent.core.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Clusters as operators configure them: db1, db2, ... */
public final class Specs {
  private Specs() {}

  public static ClusterSpec of(Policy.Profile profile, int servers) {
    List<Server> list = new ArrayList<>();
    for (int i = 1; i <= servers; i++) {
      Endpoint address = new Endpoint("db" + i, 3306);
      list.add(
          new Server(new ServerId("db" + i), address, address, Preference.NEUTRAL, 0, "", true));
    }
    return new ClusterSpec("shop", list, Policy.of(profile), Hooks.NONE);
  }

  public static ClusterSpec with(ClusterSpec spec, UnaryOperator<Policy> change) {
    return new ClusterSpec(spec.name(), spec.servers(), change.apply(spec.policy()), spec.hooks());
  }

  public static ClusterSpec with(ClusterSpec spec, Hooks hooks) {
    return new ClusterSpec(spec.name(), spec.servers(), spec.policy(), hooks);
  }

  public static ClusterSpec preferring(ClusterSpec spec, ServerId id, Preference preference) {
    return changing(
        spec,
        id,
        s ->
            new Server(
                s.id(),
                s.address(),
                s.replicationAddress(),
                preference,
                s.priority(),
                s.zone(),
                s.synchronous()));
  }

  /** This server may not acknowledge semi-sync commits. */
  public static ClusterSpec asynchronous(ClusterSpec spec, ServerId id) {
    return changing(
        spec,
        id,
        s ->
            new Server(
                s.id(),
                s.address(),
                s.replicationAddress(),
                s.preference(),
                s.priority(),
                s.zone(),
                false));
  }

  public static ClusterSpec placed(ClusterSpec spec, ServerId id, String zone, int priority) {
    return changing(
        spec,
        id,
        s ->
            new Server(
                s.id(),
                s.address(),
                s.replicationAddress(),
                s.preference(),
                priority,
                zone,
                s.synchronous()));
  }

  private static ClusterSpec changing(ClusterSpec spec, ServerId id, UnaryOperator<Server> change) {
    List<Server> servers =
        spec.servers().stream().map(s -> s.id().equals(id) ? change.apply(s) : s).toList();
    return new ClusterSpec(spec.name(), servers, spec.policy(), spec.hooks());
  }

  /** A crashed primary may come back first. */
  public static UnaryOperator<Policy> grace(int seconds) {
    return p -> {
      Policy.Detection d = p.detection();
      return policy(
          p,
          new Policy.Detection(
              d.interval(),
              d.probeTimeout(),
              d.silence(),
              d.confirmations(),
              Duration.ofSeconds(seconds),
              d.staleAfter()),
          p.failover(),
          p.automaticRejoin());
    };
  }

  /** Failovers by command only. */
  public static UnaryOperator<Policy> manual() {
    return p -> {
      Policy.Failover f = p.failover();
      return policy(
          p,
          p.detection(),
          new Policy.Failover(
              false, f.drainBudget(), f.onDrainTimeout(), f.relaxAbove(), f.lagBoundSeconds()),
          p.automaticRejoin());
    };
  }

  /** Failovers by an operator's script only. */
  public static UnaryOperator<Policy> byScript() {
    return p -> {
      Policy.Failover f = p.failover();
      return policy(
          p,
          p.detection(),
          new Policy.Failover(
              f.automatic(),
              f.drainBudget(),
              f.onDrainTimeout(),
              f.relaxAbove(),
              f.lagBoundSeconds(),
              Policy.Actor.SCRIPT),
          p.automaticRejoin());
    };
  }

  /** What happens when a candidate needs too long to apply what it received. */
  public static UnaryOperator<Policy> drain(Duration budget, Policy.DrainTimeout then) {
    return p ->
        policy(
            p,
            p.detection(),
            new Policy.Failover(
                true, budget, then, Duration.ofHours(1), p.failover().lagBoundSeconds()),
            p.automaticRejoin());
  }

  /** Returned servers are attached by command only. */
  public static UnaryOperator<Policy> rejoinByHand() {
    return p -> policy(p, p.detection(), p.failover(), false);
  }

  /** Fails over as often as it has to. */
  public static UnaryOperator<Policy> tireless() {
    return p ->
        new Policy(
            p.profile(),
            p.detection(),
            p.failover(),
            new Policy.Flapping(1000, Duration.ofHours(1), Duration.ZERO),
            p.replication(),
            p.switchover(),
            p.automaticRejoin());
  }

  private static Policy policy(
      Policy p, Policy.Detection detection, Policy.Failover failover, boolean automaticRejoin) {
    return new Policy(
        p.profile(),
        detection,
        failover,
        p.flapping(),
        p.replication(),
        p.switchover(),
        automaticRejoin);
  }
}
