package dev.regent.server.config;

import dev.regent.core.model.ClusterSpec.Preference;
import dev.regent.core.model.Policy;
import dev.regent.core.model.Policy.Detection;
import dev.regent.core.model.Policy.Profile;
import dev.regent.server.config.ServersReader.Placed;
import java.time.Duration;
import java.util.List;

/** Settings that are right one by one and wrong together. */
final class Contradictions {
  private static final String SERVERS_MEND =
      "add a server, or write profile = \"available\" and accept a stated loss";

  private final Document document;

  Contradictions(Document document) {
    this.document = document;
  }

  void check(Policy policy, List<Placed> servers) {
    detection(policy.detection());
    replication(policy);
    if (policy.profile() == Profile.SAFE) {
      safe(servers);
      if (policy.failover().actor() == Policy.Actor.SCRIPT) {
        document
            .section("events")
            .mistake(
                "failover",
                "= \"script\" contradicts profile \"safe\": what a script promotes may lack"
                    + " acknowledged writes",
                "write profile = \"available\", or let Regent fail over");
      }
    }
    if (policy.failover().automatic()) {
      candidates(servers);
    }
  }

  private void detection(Detection detection) {
    Section detect = document.section("detect");
    Duration silence = detection.silence();
    if (detection.probeTimeout().compareTo(silence) >= 0) {
      detect.mistake(
          detect.has("probe_timeout") ? "probe_timeout" : "silence",
          "makes probe_timeout "
              + Spelling.of(detection.probeTimeout())
              + " and silence "
              + Spelling.of(silence)
              + ": no probe could end within the silence it is to prove",
          "make silence longer than probe_timeout, best three times");
    }
    if (detection.interval().compareTo(silence) >= 0) {
      detect.mistake(
          detect.has("interval") ? "interval" : "silence",
          "makes interval "
              + Spelling.of(detection.interval())
              + " and silence "
              + Spelling.of(silence)
              + ": there would be no probe within the silence",
          "make silence longer than interval, best ten times");
    }
    if (detection.staleAfter().compareTo(detection.interval()) <= 0) {
      detect.mistake(
          detect.has("stale_after") ? "stale_after" : "interval",
          "makes every observation stale (stale_after "
              + Spelling.of(detection.staleAfter())
              + ") before the next one comes (interval "
              + Spelling.of(detection.interval())
              + ")",
          "make stale_after longer than interval, best ten times");
    }
  }

  private void replication(Policy policy) {
    Section replication = document.section("replication");
    if (policy.profile() == Profile.SAFE && replication.has("semi_sync_timeout")) {
      replication.mistake(
          "semi_sync_timeout",
          "contradicts profile \"safe\", whose commits wait without end",
          "remove it, or write profile = \"available\"");
    }
    if (policy.profile() == Profile.ASYNC && policy.replication().manageSemiSync()) {
      replication.mistake(
          "manage_semi_sync",
          "contradicts profile \"async\", which has no semi-sync",
          "remove it, or write profile = \"available\"");
    }
  }

  private void safe(List<Placed> servers) {
    long synchronous = servers.stream().filter(s -> s.server().synchronous()).count();
    Section cluster = document.section("cluster");
    if (servers.size() == 2) {
      cluster.mistake(
          "profile",
          "\"safe\" with two servers stops all writes as soon as either is lost",
          SERVERS_MEND);
    } else if (servers.size() > 2 && synchronous < 2) {
      cluster.mistake(
          "profile",
          "\"safe\" needs at least two servers with synchronous = true, and there "
              + (synchronous == 1 ? "is 1" : "are " + synchronous),
          "remove synchronous = false from a server, or write profile = \"available\"");
    }
  }

  private void candidates(List<Placed> servers) {
    List<Placed> unwanted =
        servers.stream().filter(s -> s.server().preference() == Preference.NEVER).toList();
    if (servers.size() >= 2 && servers.size() - unwanted.size() < 2) {
      unwanted
          .getLast()
          .section()
          .mistake(
              "preference",
              "\"never\" leaves "
                  + (servers.size() == unwanted.size() ? "no server" : "one server only")
                  + " that may be primary, and automatic failover has nowhere to go",
              "let two servers be primary, or set [failover] automatic = false");
    }
  }
}
