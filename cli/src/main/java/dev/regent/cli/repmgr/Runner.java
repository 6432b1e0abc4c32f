package dev.regent.cli.repmgr;

import dev.regent.cli.client.ExitCode;
import dev.regent.cli.flags.GoFlags;
import dev.regent.cli.flags.Names;
import dev.regent.cli.flags.Request;
import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.core.model.ClusterRecord.OpenPlan;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.LinkException;
import dev.regent.server.office.Mandate;
import dev.regent.server.office.Office;
import dev.regent.server.store.LocalStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * One run: look at the servers, let no other run beside us, finish what a killed run left, and do
 * the one act.
 */
final class Runner {
  /** Longer than a failover whose candidate has much to apply. */
  private static final Duration OTHER_RUN = Duration.ofSeconds(150);

  /** How often the servers may change under our eyes before somebody has to look at them. */
  private static final int ATTEMPTS_MAX = 5;

  private final Request request;
  private final Path folder;
  private final Talk talk;
  private final boolean watched;
  private final Map<ServerId, Dialer> dialers = new LinkedHashMap<>();
  private final Survey survey;
  private final Names names = new Names();
  private final Housekeeping housekeeping;

  /**
   * @param watched by somebody who agreed to what he was shown, and to nothing that comes after
   *     what an interrupted run left is settled
   */
  Runner(Request request, Path folder, Talk talk, boolean watched) {
    this.request = request;
    this.folder = folder;
    this.talk = talk;
    this.watched = watched;
    this.dialers.putAll(dialers(request));
    this.survey = survey(request, dialers);
    this.housekeeping = new Housekeeping(dialers, talk);
  }

  static Map<ServerId, Dialer> dialers(Request request) {
    Map<ServerId, Dialer> dialers = new LinkedHashMap<>();
    for (Endpoint server : request.servers()) {
      dialers.put(
          new ServerId(server.toString()),
          new Dialer(server, request.admin().account(), request.tls()));
    }
    return dialers;
  }

  static Survey survey(Request request, Map<ServerId, Dialer> dialers) {
    return new Survey(dialers, Cluster.NAME, request.limits().answer());
  }

  /**
   * The request with all servers, where only the primary was named.
   *
   * @throws GoFlags.Mistake they have to be named: the primary does not know or tell them
   */
  static Request complete(Request request) throws GoFlags.Mistake {
    if (request.servers().size() > 1) {
      return request;
    }
    Endpoint primary = request.servers().getFirst();
    try {
      Set<Endpoint> all = new LinkedHashSet<>(request.servers());
      all.addAll(survey(request, dialers(request)).replicas(primary));
      if (all.size() == 1) {
        throw new GoFlags.Mistake(
            "-slaves: " + primary + " names no replica (report_host is empty there?); name them");
      }
      return request.with(List.copyOf(all));
    } catch (LinkException e) {
      throw new GoFlags.Mistake(
          "-slaves is empty, and the primary cannot be asked: " + e.getMessage());
    }
  }

  /** Returns the exit code; the last message says why it is not 0. */
  int run() throws InterruptedException {
    request.notes().forEach(talk::warn);
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      List<Look> looks = look();
      if (looks.stream().noneMatch(Look::answers)) {
        looks.forEach(l -> talk.error(l.detail()));
        talk.error("no server answers: nothing can be done");
        return ExitCode.UNREACHABLE;
      }
      try (RunLock lock = RunLock.take(looks, dialers, Cluster.NAME, OTHER_RUN)) {
        if (lock.waited()) {
          talk.info("another run was at work; looking again");
          looks = look();
        }
        return alone(looks);
      } catch (RunLock.Busy e) {
        return held(String.valueOf(e.getMessage()));
      } catch (LinkException e) {
        talk.debug("looking again: " + e.getMessage());
      } catch (StoreException e) {
        talk.error(String.valueOf(e.getMessage()));
        return ExitCode.UNREACHABLE;
      }
    }
    talk.error("the servers went away while they were asked, " + ATTEMPTS_MAX + " times");
    return ExitCode.UNREACHABLE;
  }

  private List<Look> look() throws InterruptedException {
    boolean lost = request.act() == Request.Act.FAILOVER;
    return survey.of(
        request.servers(), s -> lost && request.primary().filter(s::equals).isPresent());
  }

  private int held(String reason) {
    talk.error("held: " + reason);
    return ExitCode.HELD;
  }

  private int alone(List<Look> looks) throws StoreException, InterruptedException {
    Optional<String> manager = manager(looks);
    if (manager.isPresent()) {
      return held(manager.get());
    }
    try (LocalStore store = LocalStore.open(folder)) {
      List<Look> now = looks;
      Optional<OpenPlan> left = store.state().plan();
      if (left.isPresent() && request.choice().dryRun()) {
        talk.info(
            "would first finish or undo what an interrupted run left: it wanted to "
                + left.get().why()
                + (watched ? "; and then end, so that the rest can be shown" : ""));
        return ExitCode.DONE;
      }
      if (left.isPresent()) {
        Optional<String> trouble = new Leftover(request, store, parts(looks), talk).settle(looks);
        if (trouble.isPresent()) {
          return held(trouble.get());
        }
        now = look();
      }
      if (request.choice().dryRun()) {
        housekeeping.wouldMakeDurable(store);
      } else {
        housekeeping.makeDurable(now, store);
      }
      Optional<Integer> enough =
          left.isPresent() ? settled(left.get(), now, store) : Optional.empty();
      if (enough.isPresent()) {
        return enough.get();
      }
      return switch (new Roles(request, now, names::same, store.state().halted()).judge()) {
        case Roles.Verdict.Already already -> {
          talk.info("nothing to do: " + already.words());
          yield ExitCode.DONE;
        }
        case Roles.Verdict.Refused refused -> held(refused.reason());
        case Roles.Verdict.Cast cast -> act(cast, now, store);
      };
    }
  }

  /** The exit code, where nothing is to be done beyond what the interrupted run wanted. */
  private Optional<Integer> settled(OpenPlan left, List<Look> now, LocalStore store)
      throws StoreException {
    boolean done = request.act() == Request.Act.SWITCHOVER && moved(left, store);
    if (!watched && !done) {
      return Optional.empty();
    }
    // Who still hangs below another server must not acknowledge for it (DESIGN 7).
    List<Look> following = now.stream().filter(l -> follows(l, leader(store))).toList();
    housekeeping.receiveAgain(following, store.state().halted(), store);
    now.stream()
        .filter(l -> l.answers() && store.state().halted().contains(l.id()))
        .filter(l -> !follows(l, leader(store)))
        .forEach(l ->
            talk.warn(
                "receiving on "
                    + l.address()
                    + " stays stopped: it does not follow "
                    + leader(store)));
    if (watched) {
      return Optional.of(
          held(
              "what an interrupted run left is settled, primary is "
                  + leader(store)
                  + "; nothing else was done, ask again"));
    }
    talk.info("done: the interrupted run has moved the role, to " + leader(store));
    return Optional.of(ExitCode.DONE);
  }

  private static boolean follows(Look look, String leader) {
    return look.facts()
        .filter(f -> f.channels().stream().allMatch(c -> c.source().toString().equals(leader)))
        .isPresent();
  }

  private static String leader(LocalStore store) {
    return store.state().reign().map(r -> r.primary().name()).orElse("nobody");
  }

  /** Whoever orders a switchover again wants it finished, not the role moved once more. */
  private static boolean moved(OpenPlan plan, LocalStore store) {
    return plan.from().filter(f -> !f.name().equals(leader(store))).isPresent();
  }

  private Manager parts(List<Look> looks) {
    return new Manager(request, dialers, Cluster.incarnation(looks), talk);
  }

  /** Two managers of one cluster would both act, unless that one leaves it to whom it calls. */
  static Optional<String> manager(List<Look> looks) {
    for (Look look : looks) {
      for (Office office : look.glance().map(g -> g.offices()).orElse(List.of())) {
        boolean ours =
            office.cluster().equals(Cluster.NAME)
                || office.manager().endsWith(Mandate.LEAVES_FAILOVER);
        if (!ours && office.held()) {
          return Optional.of(
              look.address()
                  + " is managed by Regent (cluster "
                  + office.cluster()
                  + ", manager "
                  + office.manager()
                  + "): order it there, with regent failover or regent switchover");
        }
        if (!ours) {
          return Optional.of(
              look.address()
                  + " was managed by Regent (cluster "
                  + office.cluster()
                  + ", manager "
                  + office.manager()
                  + "), which is not there now: start it again; or if it is gone for good, on every"
                  + " server: DELETE FROM regent_local.fence WHERE cluster='"
                  + office.cluster()
                  + "'");
        }
      }
    }
    return Optional.empty();
  }

  private int act(Roles.Verdict.Cast cast, List<Look> looks, LocalStore store)
      throws StoreException, InterruptedException {
    Optional<String> recent = tooSoon(looks);
    if (recent.isPresent()) {
      return held(recent.get());
    }
    Promise promise = Promise.of(cast, looks);
    talk.info(
        "primary "
            + cast.primary().address()
            + (cast.primary().answers() ? "" : " (" + cast.primary().detail() + ")")
            + "; "
            + promise.sentence());
    Cluster cluster = new Cluster(request, cast, looks, promise);
    cluster.remarks().forEach(talk::warn);
    // Told as witnesses, they are forgotten as halted.
    SortedSet<ServerId> halted = store.state().halted();
    int exit = parts(looks).act(cluster, cast, store);
    if (request.choice().dryRun()) {
      housekeeping.remember(halted, store);
      return exit;
    }
    if (exit == ExitCode.DONE) {
      housekeeping.tidy(request, cast, promise);
      look().stream()
          .filter(l -> cast.isToFollow(l.id()))
          .forEach(l -> l.obstacle(leader(store)).ifPresent(talk::warn));
    } else {
      // What a daemon would repair in its own time, this run may have left.
      housekeeping.makeDurable(look(), store);
      housekeeping.receiveAgain(looks, halted, store);
    }
    return exit;
  }

  private Optional<String> tooSoon(List<Look> looks) {
    long wanted = request.limits().sinceFailover().toSeconds();
    return looks.stream()
        .flatMap(l -> l.glance().stream())
        .flatMap(g -> g.reign().stream())
        .filter(r -> wanted > 0 && r.secondsAgo() < wanted)
        .map(r ->
            "the last change of role, to "
                + r.primary()
                + ", is "
                + r.secondsAgo()
                + " s ago: -failover-time-limit="
                + wanted)
        .findFirst();
  }
}
