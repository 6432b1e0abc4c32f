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
 */
public record FrontSettings(
    List<Listener> listeners,
    Map<ServerId, Member> members,
    Duration hold,
    long replayMax,
    ClientPasswords passwords) {
  public FrontSettings(
      List<Listener> listeners, Map<ServerId, Member> members, Duration hold, long replayMax) {
    this(listeners, members, hold, replayMax, ClientPasswords.NONE);
  }

  public FrontSettings {
    listeners = List.copyOf(listeners);
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /**
   * @param kind where its statements go
   * @param reads how replicas are used
   * @param tls what clients are shown; empty: no TLS with them
   * @param connectionsMax how many clients it takes at one time
   * @param proxyProtocol servers are told where the client comes from
   * @param believed proxies there tell where their clients come from
   */
  public record Listener(
      Settings.Kind kind,
      String address,
      int port,
      Settings.Reads reads,
      Optional<ClientTls> tls,
      int connectionsMax,
      boolean proxyProtocol,
      Networks believed) {
    /** What a client may send before its login is bounded, and so is with this all of it. */
    public static final int CONNECTIONS_MAX = 10_000;

    public Listener(Settings.Kind kind, String address, int port, Settings.Reads reads) {
      this(kind, address, port, reads, Optional.empty(), CONNECTIONS_MAX, false);
    }

    public Listener(
        Settings.Kind kind,
        String address,
        int port,
        Settings.Reads reads,
        Optional<ClientTls> tls,
        int connectionsMax,
        boolean proxyProtocol) {
      this(kind, address, port, reads, tls, connectionsMax, proxyProtocol, Networks.NONE);
    }
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
