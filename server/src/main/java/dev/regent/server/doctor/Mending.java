package dev.regent.server.doctor;

import dev.regent.core.model.ServerId;
import dev.regent.server.checkup.Finding;
import dev.regent.server.checkup.Mend;
import dev.regent.server.config.Config;
import dev.regent.server.connect.Account;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sends the statements that mend something at once. They only set what a finding names, so sending
 * them twice does no harm; nothing of it enters a binary log.
 *
 * @param other who grants what Regent's account lacks; empty: grants are left to the operator
 */
public record Mending(Config config, Optional<Account> other, Duration patience) {

  /** One statement that was sent. */
  public record Deed(ServerId server, String sql, Optional<String> error) {
    public String sentence() {
      return server.name() + ": " + sql + error.map(e -> " FAILED: " + e).orElse("");
    }
  }

  /** One statement and where it goes. */
  public record Intent(ServerId server, String sql, boolean grant) {
    public String sentence() {
      return server.name() + ": " + sql;
    }
  }

  /** What would be sent, in this order: whoever has no rights cannot mend the rest. */
  public List<Intent> plan(Report report) {
    List<Intent> grants = new ArrayList<>();
    List<Intent> settings = new ArrayList<>();
    for (Finding finding : report.findings()) {
      switch (finding.mend()) {
        case Mend.Grant g when other.isPresent() ->
            g.sql().forEach(sql -> grants.add(new Intent(finding.server(), sql, true)));
        case Mend.Dynamic d ->
            d.sql().forEach(sql -> settings.add(new Intent(finding.server(), sql, false)));
        case Mend.Grant _, Mend.ByHand _, Mend.Restart _, Mend.Advice _ -> {}
      }
    }
    grants.addAll(settings);
    return grants.stream().distinct().toList();
  }

  /** Sends all of it, server by server; one that fails does not keep the others back. */
  public List<Deed> apply(List<Intent> plan) {
    Map<ServerId, List<Intent>> byServer = new TreeMap<>();
    plan.forEach(i -> byServer.computeIfAbsent(i.server(), _ -> new ArrayList<>()).add(i));
    List<Deed> deeds = new ArrayList<>();
    byServer.forEach((server, intents) -> {
      List<Intent> grants = intents.stream().filter(Intent::grant).toList();
      List<Intent> settings = intents.stream().filter(i -> !i.grant()).toList();
      other.ifPresent(account -> deeds.addAll(send(server, grants, account)));
      deeds.addAll(send(server, settings, config.admin().account()));
    });
    return deeds;
  }

  /** Privileges count from the next connection on, so each account has one of its own. */
  private List<Deed> send(ServerId server, List<Intent> intents, Account account) {
    List<Deed> deeds = new ArrayList<>();
    if (intents.isEmpty()) {
      return deeds;
    }
    Deadline deadline = Deadline.after(patience);
    Dialer dialer = new Dialer(config.spec().server(server).address(), account, config.tls());
    try (Link link = dialer.dial(deadline)) {
      for (Intent intent : intents) {
        deeds.add(new Deed(server, intent.sql(), error(link, intent.sql(), deadline)));
      }
    } catch (LinkException e) {
      intents.forEach(
          i -> deeds.add(new Deed(server, i.sql(), Optional.of(String.valueOf(e.getMessage())))));
    }
    return deeds;
  }

  private static Optional<String> error(Link link, String sql, Deadline deadline) {
    try {
      link.run(sql, deadline);
      return Optional.empty();
    } catch (LinkException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
