package dev.regent.cli.repmgr;

import dev.regent.cli.flags.Request;
import dev.regent.core.control.ControlStore.StoreException;
import dev.regent.core.control.Entry;
import dev.regent.core.model.Channel;
import dev.regent.core.model.Channel.ThreadState;
import dev.regent.core.model.Policy.Profile;
import dev.regent.core.model.ServerFacts.Durability;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Receiving.RestoreDurability;
import dev.regent.core.plan.Step;
import dev.regent.server.connect.Channels;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import dev.regent.server.store.LocalStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a daemon would repair in its own time, and a run that ends has to put right itself. */
final class Housekeeping {
  private static final Duration SETTING = Duration.ofSeconds(5);

  private final Map<ServerId, Dialer> dialers;
  private final Talk talk;

  Housekeeping(Map<ServerId, Dialer> dialers, Talk talk) {
    this.dialers = new LinkedHashMap<>(dialers);
    this.talk = talk;
  }

  /**
   * Puts back what a role change sets for its own purposes. A former primary gets semi-sync, so
   * that it takes back transactions of its own; one that was closed in a switchover lacks none.
   */
  void tidy(Request request, Roles.Verdict.Cast cast, Promise promise) {
    Look old = cast.primary();
    boolean plain = promise.profile() == Profile.ASYNC && old.answers();
    if (plain && !old.there().facts().semiSync().replicaEnabled()) {
      set(old, "SET GLOBAL rpl_semi_sync_slave_enabled=0", "has its semi-sync setting again");
    }
    for (Look look : cast.replicas()) {
      if (request.limits().reopen() && !look.there().facts().readOnly()) {
        set(look, "SET GLOBAL read_only=0", "takes writes again, as before");
      }
    }
  }

  /**
   * Nobody else will: whom a test of a silent primary stopped, and no failover has pointed anew,
   * tries to reach it again. Only where the other thread runs, else the relay log would be deleted.
   */
  void receiveAgain(List<Look> looks, SortedSet<ServerId> before, LocalStore store)
      throws StoreException {
    TreeSet<ServerId> halted = new TreeSet<>(before);
    halted.addAll(store.state().halted());
    TreeSet<ServerId> again = new TreeSet<>();
    for (Look look : looks) {
      Dialer dialer = dialers.get(look.id());
      if (dialer == null || !halted.contains(look.id())) {
        continue;
      }
      Deadline deadline = Deadline.after(SETTING);
      try (Link link = dialer.dial(deadline)) {
        for (Channel channel : link.read(Channels.SQL, deadline, new Channels())) {
          if (channel.sqlRunning() && channel.io() == ThreadState.NO) {
            link.run("START SLAVE" + Step.channel(channel.name()) + " IO_THREAD", deadline);
          }
        }
        again.add(look.id());
      } catch (LinkException e) {
        talk.warn("receiving on " + look.address() + " was stopped: " + e.getMessage());
      }
    }
    if (!again.isEmpty()) {
      store.append(List.of(new Entry.ReceivingAgain(again)));
    }
  }

  /** For the next run that is none for show: these still do not receive. */
  void remember(SortedSet<ServerId> halted, LocalStore store) throws StoreException {
    if (!store.state().halted().containsAll(halted)) {
      store.append(
          List.of(
              new Entry.Intended(
                  0, List.of(), new TreeSet<>(), Optional.empty(), new TreeMap<>(), halted)));
    }
  }

  /** What an earlier run relaxed for a drain and did not get to restore. */
  void makeDurable(List<Look> looks, LocalStore store) throws StoreException {
    for (Map.Entry<ServerId, Durability> relaxed : store.state().relaxed().entrySet()) {
      ServerId server = relaxed.getKey();
      Dialer dialer = dialers.get(server);
      if (dialer == null || looks.stream().noneMatch(l -> l.id().equals(server) && l.answers())) {
        continue;
      }
      Deadline deadline = Deadline.after(SETTING);
      try (Link link = dialer.dial(deadline)) {
        for (String sql : new RestoreDurability(server, relaxed.getValue()).sql()) {
          link.run(sql, deadline);
        }
        store.append(List.of(new Entry.DurabilityRestored(server)));
        talk.info("restored the durability of " + server + ", which an earlier run had relaxed");
      } catch (LinkException e) {
        talk.warn("the durability of " + server + " could not be restored: " + e.getMessage());
      }
    }
  }

  void wouldMakeDurable(LocalStore store) {
    for (ServerId server : store.state().relaxed().keySet()) {
      talk.info("would restore the durability of " + server + ", which an earlier run had relaxed");
    }
  }

  private void set(Look look, String sql, String what) {
    Dialer dialer = dialers.get(look.id());
    Deadline deadline = Deadline.after(SETTING);
    if (dialer == null) {
      return;
    }
    try (Link link = dialer.dial(deadline)) {
      link.run(sql, deadline);
      talk.debug(look.address() + " " + what);
    } catch (LinkException e) {
      talk.warn(sql + " on " + look.address() + ": " + e.getMessage());
    }
  }
}
