package dev.regent.server.front;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.fleet.Member;
import dev.regent.proxy.net.Networks;
import dev.regent.proxy.session.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What clients find.
 *
 * @param members what is said of servers as far as reads go; the others are usual ones
 * @param hold how long a statement waits for a server that takes it
 * @param replayMax bytes of a transaction's statements beyond which it is not repeated
 * @param passwords of clients whose plugin does not let them pass through
 * @param loops event loops; {@link #EACH_PROCESSOR}: as many as there are processors
 */
public record FrontSettings(
    List<Listener> listeners,
    Map<ServerId, Member> members,
    Duration hold,
    long replayMax,
    ClientPasswords passwords,
    int loops) {
  public static final int EACH_PROCESSOR = 0;

  public FrontSettings(
      List<Listener> listeners, Map<ServerId, Member> members, Duration hold, long replayMax) {
    this(listeners, members, hold, replayMax, ClientPasswords.NONE, EACH_PROCESSOR);
  }

  public FrontSettings {
    listeners = List.copyOf(listeners);
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /**
   * @param kind where its statements go
   * @param reads how replicas are used
   * @param tls what clients are shown; empty: no TLS with them
   * @param proxyProtocol servers are told where the client comes from
   * @param commitToken the table that decides lost commits; empty: they are told to be unknown
   * @param believed proxies there tell where their clients come from
   * @param pool connections to servers that sessions leave to others
   */
  public record Listener(
      Settings.Kind kind,
      String address,
      int port,
      Settings.Reads reads,
      Optional<ClientTls> tls,
      Room room,
      boolean proxyProtocol,
      Networks believed,
      Optional<String> commitToken,
      Pool pool) {
    public Listener(Settings.Kind kind, String address, int port, Settings.Reads reads) {
      this(
          kind,
          address,
          port,
          reads,
          Optional.empty(),
          Room.USUAL,
          false,
          Networks.NONE,
          Optional.empty(),
          Pool.NONE);
    }

    public Listener with(ClientTls shown) {
      return new Listener(
          kind,
          address,
          port,
          reads,
          Optional.of(shown),
          room,
          proxyProtocol,
          believed,
          commitToken,
          pool);
    }

    public Listener with(Room wanted) {
      return new Listener(
          kind, address, port, reads, tls, wanted, proxyProtocol, believed, commitToken, pool);
    }

    public Listener with(Pool wanted) {
      return new Listener(
          kind, address, port, reads, tls, room, proxyProtocol, believed, commitToken, wanted);
    }

    /** The same; it tells servers where its clients come from. */
    public Listener announcing() {
      return new Listener(kind, address, port, reads, tls, room, true, believed, commitToken, pool);
    }

    /** The same; proxies in these networks tell where their clients come from. */
    public Listener believing(Networks networks) {
      return new Listener(
          kind, address, port, reads, tls, room, proxyProtocol, networks, commitToken, pool);
    }
  }

  /**
   * How many clients a listener takes at one time.
   *
   * @param perUser of one user; 0: no bound but that of all
   * @param queue connections that may wait to be taken; more is up to the system (somaxconn)
   */
  public record Room(int all, int perUser, int queue) {
    public static final Room USUAL = new Room(10_000, 0, 1024);
  }

  /**
   * Connections to servers that a session has left and another one may take.
   *
   * @param max so many at each server; 0: none, every session has its own
   * @param time after which one that nobody has taken is closed
   */
  public record Pool(int max, Duration time) {
    public static final Pool NONE = new Pool(0, Duration.ofSeconds(60));
  }

  /**
   * @param required who does not want TLS does not come in
   * @param authority signs the certificates that clients are asked for; empty: they are not
   */
  public record ClientTls(Path certificate, Path key, boolean required, Optional<Path> authority) {
    public ClientTls(Path certificate, Path key, boolean required) {
      this(certificate, key, required, Optional.empty());
    }
  }
}
