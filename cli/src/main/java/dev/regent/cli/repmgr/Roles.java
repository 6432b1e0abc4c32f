package dev.regent.cli.repmgr;

import dev.regent.cli.flags.Request;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerFacts;
import dev.regent.core.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Who is what, from one look at every server. Whether the primary is dead and who may follow it is
 * not decided here: the core does, from the same evidence as in the daemon.
 */
final class Roles {
  /**
   * A receiving thread that tries in vain for one of these reasons reached nobody. For any other
   * reason, a refused login say, its source answered, and so it testifies to no death.
   */
  private static final Set<Integer> UNREACHED =
      Set.of(0, 1053, 1158, 1159, 1160, 1161, 2002, 2003, 2005, 2006, 2013, 2026);

  private final Request request;
  private final List<Look> looks;
  private final BiPredicate<Endpoint, Endpoint> same;
  private final SortedSet<ServerId> halted;

  /**
   * @param same whether two addresses that are written differently lead to the same server
   * @param halted servers whose receiving an earlier run stopped, to test the primary perhaps
   */
  Roles(
      Request request,
      List<Look> looks,
      BiPredicate<Endpoint, Endpoint> same,
      SortedSet<ServerId> halted) {
    this.request = request;
    this.looks = List.copyOf(looks);
    this.same = same;
    this.halted = new TreeSet<>(halted);
  }

  /** What comes of it. */
  sealed interface Verdict {
    /** The primary that is to be replaced, and who follows it. */
    record Cast(Look primary, Endpoint known, List<Look> replicas, List<Look> witnesses)
        implements Verdict {
      public Cast {
        replicas = List.copyOf(replicas);
        witnesses = List.copyOf(witnesses);
      }

      /** Whoever answered, and has to replicate from the new primary unless it is that one. */
      boolean isToFollow(ServerId server) {
        return Stream.concat(Stream.of(primary), replicas.stream())
            .anyMatch(l -> l.answers() && l.id().equals(server));
      }
    }

    /** Somebody did it already. */
    record Already(String words) implements Verdict {}

    /** It cannot be done, for this reason. */
    record Refused(String reason) implements Verdict {}
  }

  Verdict judge() {
    Optional<Look> primary =
        request.primary().isPresent() ? named(request.primary().get()) : found();
    if (primary.isEmpty()) {
      return nobody();
    }
    List<Look> replicas = followersOf(primary.get());
    if (replicas.isEmpty()) {
      return successor(primary.get())
          .<Verdict>map(s -> new Verdict.Already(already(primary.get(), s)))
          .orElse(
              new Verdict.Refused(
                  "no server that answers follows "
                      + primary.get().address()
                      + silent(primary.get())));
    }
    return new Verdict.Cast(
        primary.get(),
        knownAs(primary.get(), replicas),
        replicas,
        replicas.stream().filter(r -> testifies(r, primary.get())).toList());
  }

  private Optional<Look> named(Endpoint address) {
    return looks.stream().filter(l -> l.address().equals(address)).findFirst();
  }

  /** Switchover: the one that answers and is followed; failover: the one that does not. */
  private Optional<Look> found() {
    boolean alive = request.act() == Request.Act.SWITCHOVER;
    List<Look> followed =
        looks.stream()
            .filter(l -> l.answers() == alive)
            .filter(l -> !alive || l.there().facts().channels().isEmpty() || !closed(l))
            .filter(l -> !followersOf(l).isEmpty())
            .toList();
    return followed.size() == 1 ? Optional.of(followed.getFirst()) : Optional.empty();
  }

  private static boolean closed(Look look) {
    return look.facts().map(ServerFacts::readOnly).orElse(true);
  }

  private Verdict nobody() {
    List<Look> leading =
        looks.stream().filter(l -> l.answers() && !closed(l) && !followersOf(l).isEmpty()).toList();
    if (request.act() == Request.Act.SWITCHOVER) {
      return new Verdict.Refused(
          leading.size() > 1
              ? "several servers take writes and are followed: " + addresses(leading)
              : "no server that answers is followed by another one: is the primary among them?");
    }
    if (leading.size() != 1) {
      return new Verdict.Refused(
          "no server that does not answer is followed by one that does" + silent());
    }
    Look leader = leading.getFirst();
    List<Look> followers = followersOf(leader);
    // A primary that was replaced is gone, or is back and follows nobody.
    boolean replaced = looks.stream().anyMatch(l -> !l.equals(leader) && !followers.contains(l));
    return recentReign(leader)
        .filter(words -> replaced)
        .<Verdict>map(words -> new Verdict.Already(leader.address() + " is the primary" + words))
        .orElse(
            new Verdict.Refused(
                "the primary answers: "
                    + leader.address()
                    + ", followed by "
                    + addresses(followers)
                    + "; -switchover=keep moves the role away from a primary that lives"));
  }

  /** The one that took over from a primary that nobody follows any more. */
  private Optional<Look> successor(Look old) {
    List<Look> leading =
        looks.stream()
            .filter(l -> !l.equals(old) && l.answers() && !closed(l))
            .filter(l -> !followersOf(l).isEmpty() || recentReign(l).isPresent())
            .toList();
    return leading.size() == 1 ? Optional.of(leading.getFirst()) : Optional.empty();
  }

  private String already(Look old, Look successor) {
    List<Look> followers = followersOf(successor);
    return old.address()
        + " is not the primary any more: "
        + successor.address()
        + " is"
        + recentReign(successor).orElse("")
        + (followers.isEmpty() ? "" : ", followed by " + addresses(followers));
  }

  /** If the newest reign that we know of is this server's, and began a moment ago. */
  private Optional<String> recentReign(Look look) {
    return look.there()
        .reign()
        .filter(
            r -> r.primary().equals(look.id().name()) && r.secondsAgo() < Cluster.RECENT_SECONDS)
        .map(r -> " (epoch " + r.epoch() + ", begun " + r.secondsAgo() + " s ago by another run)");
  }

  // --- who follows whom

  private List<Look> followersOf(Look source) {
    return looks.stream()
        .filter(l -> !l.equals(source) && l.answers() && channelTo(l, source).isPresent())
        .toList();
  }

  private Optional<Channel> channelTo(Look replica, Look source) {
    return replica.there().facts().channels().stream()
        .filter(c -> leadsTo(c.source(), source))
        .findFirst();
  }

  /** Names are looked up only where no server is called as the replica calls its source. */
  private boolean leadsTo(Endpoint address, Look look) {
    boolean exactly = looks.stream().anyMatch(l -> l.address().equals(address));
    return exactly ? address.equals(look.address()) : same.test(address, look.address());
  }

  /** By which address its replicas know it. */
  private Endpoint knownAs(Look primary, List<Look> replicas) {
    return channelTo(replicas.getFirst(), primary).map(Channel::source).orElse(primary.address());
  }

  private boolean testifies(Look replica, Look primary) {
    return channelTo(replica, primary)
        .filter(c -> c.io() != ThreadState.NO || halted.contains(replica.id()))
        .filter(c -> UNREACHED.contains(c.ioProblem().number()))
        .isPresent();
  }

  // --- words

  private static String addresses(List<Look> looks) {
    return String.join(", ", looks.stream().map(l -> l.address().toString()).toList());
  }

  private String silent(Look but) {
    List<String> details = new ArrayList<>();
    looks.stream()
        .filter(l -> !l.answers() && !l.equals(but))
        .forEach(l -> details.add(l.detail()));
    return details.isEmpty() ? "" : " (" + String.join("; ", details) + ")";
  }

  private String silent() {
    List<String> details = looks.stream().filter(l -> !l.answers()).map(Look::detail).toList();
    return details.isEmpty() ? ": all of them answer" : " (" + String.join("; ", details) + ")";
  }
}
