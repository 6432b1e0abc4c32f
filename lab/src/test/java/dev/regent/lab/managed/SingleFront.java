package dev.regent.lab.managed;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.Front;
import dev.regent.server.front.FrontSettings;
import dev.regent.server.front.FrontSettings.Kind;
import dev.regent.server.front.FrontSettings.Listener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A proxy before the primary of a lab cluster, which stays the primary: no manager is there. */
final class SingleFront implements AutoCloseable {
  static final Listener PLAIN = new Listener(Kind.PRIMARY, "127.0.0.1", 0);

  private static final ServerId SERVER = new ServerId("server1");
  private static final Duration HOLD = Duration.ofSeconds(30);

  private final Front front;

  private SingleFront(Front front) {
    this.front = front;
  }

  static SingleFront over(LabCluster cluster) throws IOException {
    return over(cluster, PLAIN, Tls.OFF);
  }

  /** With the encryption to the server as told; accounts are read as the cluster wants it. */
  static SingleFront over(LabCluster cluster, Listener listener, Tls tls) throws IOException {
    Account regent = cluster.accounts().regent();
    Tls manager =
        cluster
            .primary()
            .tls()
            .map(
                files -> new Tls(Tls.Mode.VERIFY, Optional.of(files.authority()), Optional.empty()))
            .orElse(Tls.OFF);
    Dialer dialer =
        new Dialer(
            new Endpoint("127.0.0.1", cluster.primary().port()),
            new dev.regent.server.connect.Account(regent.user(), regent.password()),
            manager);
    Front front =
        Front.open(new FrontSettings(List.of(listener), HOLD), Map.of(SERVER, dialer), tls);
    front.publish(new RoutingTable(1, Optional.of(SERVER), false, List.of()));
    return new SingleFront(front);
  }

  int port() {
    return front.addresses().getFirst().getPort();
  }

  @Override
  public void close() {
    front.close();
  }
}
