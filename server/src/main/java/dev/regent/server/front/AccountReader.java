package dev.regent.server.front;

import dev.regent.proxy.auth.Account;
import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.auth.HostPattern;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.net.AccountSource;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the primary's accounts as the manager, when a proxy asks. What was read last stays good
 * while there is no primary: its server has the last word on every login anyway.
 */
public final class AccountReader implements AccountSource {
  private static final Logger LOG = LoggerFactory.getLogger(AccountReader.class);
  private static final Duration READ_MAX = Duration.ofSeconds(2);

  /**
   * Whoever tries passwords does not make us read for each. What was read before a login came is
   * not enough to deny it: it waits for the next reading.
   */
  private static final Duration FRESH = Duration.ofMillis(200);

  /** utf8mb4_general_ci, where the server's own collation has no number below 256. */
  private static final int CHARSET = 45;

  private static final String SERVER =
      """
      SELECT VERSION(),
        COALESCE((SELECT ID FROM information_schema.COLLATIONS
                  WHERE COLLATION_NAME = @@GLOBAL.collation_server AND ID < 256), 0),
        NOT @@GLOBAL.skip_name_resolve\
      """;

  private static final String ACCOUNTS =
      """
      SELECT User, Host,
        COALESCE(JSON_VALUE(Priv, '$.plugin'), ''),
        COALESCE(JSON_VALUE(Priv, '$.authentication_string'), ''),
        COALESCE(JSON_VALUE(Priv, '$.account_locked'), ''),
        COALESCE(JSON_VALUE(Priv, '$.ssl_type'), 0)
      FROM mysql.global_priv
      WHERE COALESCE(JSON_VALUE(Priv, '$.is_role'), '') NOT IN ('1', 'true')\
      """;

  private final Supplier<Optional<Dialer>> primary;
  private volatile Optional<Accounts> current = Optional.empty();

  /** One reading at a time, so that an older one never comes last. */
  private final ReentrantLock reading = new ReentrantLock();

  /** Guarded by this: who waits for the next reading. */
  private final List<Runnable> waiting = new ArrayList<>();

  /** Guarded by this. */
  private Deadline freshUntil = Deadline.after(Duration.ZERO);

  /**
   * @param primary asked at each reading; must not block
   */
  public AccountReader(Supplier<Optional<Dialer>> primary) {
    this.primary = primary;
  }

  @Override
  public Optional<Accounts> current() {
    return current;
  }

  @Override
  public synchronized void refresh(Runnable done) {
    waiting.add(done);
    if (waiting.size() == 1) {
      Deadline notBefore = freshUntil;
      Thread.ofVirtual()
          .name("proxy-accounts")
          .start(() -> {
            while (!notBefore.passed()) {
              LockSupport.parkNanos(notBefore.left().toNanos());
            }
            reading.lock();
            try {
              read();
            } finally {
              reading.unlock();
            }
          });
    }
  }

  private void read() {
    Deadline deadline = Deadline.after(READ_MAX);
    Optional<Dialer> dialer = primary.get();
    List<Runnable> served = waiting();
    if (dialer.isPresent()) {
      try (Link link = dialer.get().dial(deadline)) {
        current = Optional.of(read(link, deadline));
      } catch (LinkException e) {
        LOG.warn("the primary's accounts cannot be read: {}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.warn("the primary's accounts cannot be read", e);
      }
    }
    served.forEach(Runnable::run);
  }

  /** Who came before this reading, and is served by it; the next one begins a while later. */
  private synchronized List<Runnable> waiting() {
    freshUntil = Deadline.after(FRESH);
    List<Runnable> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }

  private static Accounts read(Link link, Deadline deadline) throws LinkException {
    List<Account> all =
        link.read(
            ACCOUNTS,
            deadline,
            rows -> {
              List<Account> accounts = new ArrayList<>();
              while (rows.next()) {
                accounts.add(account(rows));
              }
              return accounts;
            });
    return link.read(
        SERVER,
        deadline,
        rows -> {
          rows.next();
          int charset = rows.getInt(2);
          return new Accounts(
              greeted(rows.getString(1)),
              charset == 0 ? CHARSET : charset,
              rows.getBoolean(3),
              all);
        });
  }

  /** Before 11.0 a server's greeting says that it replicates to MySQL 5.5. */
  private static String greeted(String version) {
    return version.startsWith("10.") ? "5.5.5-" + version : version;
  }

  private static Account account(ResultSet row) throws SQLException {
    String locked = row.getString(5);
    return new Account(
        row.getString(1),
        new HostPattern(row.getString(2)),
        transport(row.getInt(6)),
        password(row.getString(3), row.getString(4)),
        locked.equals("1") || locked.equals("true"));
  }

  /** REQUIRE NONE, SSL, X509; and issuer, subject or cipher. */
  private static Account.Transport transport(int type) {
    return switch (type) {
      case 0 -> Account.Transport.ANY;
      case 1 -> Account.Transport.ENCRYPTED;
      default -> Account.Transport.CERTIFIED;
    };
  }

  private static Optional<Account.Password> password(String plugin, String stored) {
    if (!plugin.isEmpty() && !plugin.equals(NativePassword.PLUGIN)) {
      return Optional.empty();
    }
    if (stored.isEmpty()) {
      return Optional.of(new Account.Password.None());
    }
    return Optional.of(
        NativePassword.Stored.parse(stored)
            .<Account.Password>map(Account.Password.Native::new)
            .orElseGet(Account.Password.Never::new));
  }
}
