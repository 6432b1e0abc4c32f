package dev.regent.server.front;

import dev.regent.proxy.auth.Account;
import dev.regent.proxy.auth.Accounts;
import dev.regent.proxy.net.AccountSource;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.LinkException;
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
        NOT @@GLOBAL.skip_name_resolve,
        COALESCE((SELECT GLOBAL_VALUE FROM information_schema.SYSTEM_VARIABLES
                  WHERE VARIABLE_NAME = 'PAM_USE_CLEARTEXT_PLUGIN'), 'OFF') = 'ON'\
      """;

  private static final String ACCOUNTS = "SELECT User, Host, Priv FROM mysql.global_priv";

  private final ClientPasswords passwords;
  private final Supplier<Optional<Dialer>> primary;
  private volatile Optional<Accounts> current = Optional.empty();

  /** Guarded by {@link #reading}. */
  private Keys keys = Keys.none();

  /** Guarded by {@link #reading}: so that each mistake is told once. */
  private List<String> told = List.of();

  /** One reading at a time, so that an older one never comes last. */
  private final ReentrantLock reading = new ReentrantLock();

  /** Guarded by this: who waits for the next reading. */
  private final List<Runnable> waiting = new ArrayList<>();

  /** Guarded by this. */
  private Deadline freshUntil = Deadline.after(Duration.ZERO);

  /**
   * @param primary asked at each reading; must not block
   * @param passwords read again at each reading
   */
  public AccountReader(Supplier<Optional<Dialer>> primary, ClientPasswords passwords) {
    this.primary = primary;
    this.passwords = passwords;
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
    try {
      readPasswords();
      if (dialer.isPresent()) {
        read(dialer.get(), deadline);
      }
    } catch (RuntimeException e) {
      LOG.warn("the accounts cannot be read", e);
    } finally {
      served.forEach(Runnable::run);
    }
  }

  private void read(Dialer dialer, Deadline deadline) {
    try (Link link = dialer.dial(deadline)) {
      current = Optional.of(read(link, deadline));
    } catch (LinkException e) {
      LOG.warn("the primary's accounts cannot be read: {}", e.getMessage());
    }
  }

  /** Who came before this reading, and is served by it; the next one begins a while later. */
  private synchronized List<Runnable> waiting() {
    freshUntil = Deadline.after(FRESH);
    List<Runnable> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }

  private void readPasswords() {
    switch (passwords.read()) {
      case ClientPasswords.Reading.Read read -> {
        keys = keys.with(read);
        told = List.of();
      }
      case ClientPasswords.Reading.Failed failed -> {
        keys = keys.again();
        if (!told.equals(failed.mistakes())) {
          told = failed.mistakes();
          LOG.warn(
              "the passwords of clients are not read again, those from before stay: {}",
              String.join("; ", told));
        }
      }
    }
  }

  private Accounts read(Link link, Deadline deadline) throws LinkException {
    List<Privileges> rows =
        link.read(
            ACCOUNTS,
            deadline,
            found -> {
              List<Privileges> all = new ArrayList<>();
              while (found.next()) {
                all.add(new Privileges(found.getString(1), found.getString(2), found.getString(3)));
              }
              return all;
            });
    return link.read(
        SERVER,
        deadline,
        row -> {
          row.next();
          int charset = row.getInt(2);
          return new Accounts(
              greeted(row.getString(1)),
              charset == 0 ? CHARSET : charset,
              row.getBoolean(3),
              accounts(rows, row.getBoolean(4)));
        });
  }

  private List<Account> accounts(List<Privileges> rows, boolean bare) {
    List<Account> all = new ArrayList<>();
    for (Privileges row : rows) {
      row.account(keys, bare).ifPresent(all::add);
    }
    return all;
  }

  /** Before 11.0 a server's greeting says that it replicates to MySQL 5.5. */
  private static String greeted(String version) {
    return version.startsWith("10.") ? "5.5.5-" + version : version;
  }
}
