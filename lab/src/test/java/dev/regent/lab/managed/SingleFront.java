package dev.regent.lab.managed;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.proxy.seen.Counters.Reading;
import dev.regent.proxy.seen.SessionView;
import dev.regent.proxy.session.Settings.Kind;
import dev.regent.proxy.session.Settings.Reads;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.ClientPasswords;
import dev.regent.server.front.Counter.Said;
import dev.regent.server.front.Front;
import dev.regent.server.front.FrontSettings;
import dev.regent.server.front.FrontSettings.Listener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A proxy before the primary of a lab cluster, which stays the primary: no manager is there. */
final class SingleFront implements AutoCloseable {
  static final Listener PLAIN = new Listener(Kind.PRIMARY, "127.0.0.1", 0, Reads.USUAL);

  private static final ServerId SERVER = new ServerId("server1");
  private static final ServerId NOWHERE = new ServerId("nowhere");
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
    return over(cluster, listener, tls, ClientPasswords.NONE);
  }

  static SingleFront over(LabCluster cluster, Listener listener, Tls tls, ClientPasswords passwords)
      throws IOException {
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
    Dialer nowhere =
        new Dialer(
            new Endpoint("127.0.0.1", 1),
            new dev.regent.server.connect.Account(regent.user(), regent.password()),
            Tls.OFF);
    Front front =
        Front.open(
            new FrontSettings(
                List.of(listener),
                Map.of(),
                HOLD,
                1 << 20,
                passwords,
                FrontSettings.EACH_PROCESSOR),
            Map.of(SERVER, dialer, NOWHERE, nowhere),
            tls,
            suspected -> {});
    front.publish(new RoutingTable(1, Optional.of(SERVER), false, List.of()));
    return new SingleFront(front);
  }

  /** How many clients are there. */
  int sessions() {
    return front.sessions();
  }

  /** Where its clients come from, as operators see it. */
  List<String> seen() {
    return front.counter().sessions().stream().map(SessionView::client).toList();
  }

  /** What its sessions do. */
  List<SessionView.Activity> activities() {
    return front.counter().sessions().stream().map(SessionView::activity).toList();
  }

  /** Who was refused, by reason. */
  Map<String, Double> refusals() {
    return front.counter().counters().stream()
        .filter(r -> r.label().equals("listener,reason"))
        .collect(Collectors.toMap(r -> r.of().substring(r.of().indexOf(',') + 1), r -> r.value()));
  }

  /** A counter, whatever its labels. */
  double count(String name) {
    return front.counter().counters().stream()
        .filter(reading -> reading.name().equals(name))
        .mapToDouble(Reading::value)
        .sum();
  }

  /** Kills a session, or only its statement, as operators do it. */
  Said kill(long number, boolean query) {
    return front.counter().kill(number, query);
  }

  /** By the number that its server knows it by. */
  Optional<SessionView> atThread(long thread) {
    return front.counter().sessions().stream().filter(s -> s.thread() == thread).findFirst();
  }

  /** Another server has the role, one that is not there. */
  void moveAway() {
    front.publish(new RoutingTable(2, Optional.of(NOWHERE), false, List.of()));
  }

  int port() {
    return front.addresses().getFirst().getPort();
  }

  @Override
  public void close() {
    front.close();
  }
}
