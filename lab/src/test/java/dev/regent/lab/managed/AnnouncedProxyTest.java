package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.lab.cluster.TlsFiles;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings.Listener;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers that know where the clients of the proxy come from. */
@Tag("real")
class AnnouncedProxyTest {
  private static final Account TIED = new Account("tied", "right");

  @Test
  void accountsAreTiedToTheClientsAddress() throws Exception {
    LabOptions options = LabOptions.of(1).withTls().withConfig("proxy_protocol_networks=127.0.0.1");
    Listener listener = SingleFront.PLAIN.announcing();
    try (LabCluster cluster = LabCluster.start(options)) {
      TlsFiles files = cluster.primary().tls().orElseThrow();
      Tls tls = new Tls(Tls.Mode.VERIFY, Optional.of(files.authority()), Optional.empty());
      cluster.primary().execute("CREATE USER tied@'127.0.0.9' IDENTIFIED BY 'right'");
      try (SingleFront front = SingleFront.over(cluster, listener, tls);
          RawClient there = new RawClient("127.0.0.9", front.port(), TIED);
          RawClient elsewhere = new RawClient("127.0.0.1", front.port(), TIED)) {
        assertThat(there.welcome()).isEmpty();
        assertThat(there.query("SELECT CURRENT_USER()")).isEqualTo("tied@127.0.0.9");
        assertThat(there.query("SELECT USER()")).isEqualTo("tied@127.0.0.9");
        assertThat(elsewhere.welcome())
            .startsWith("1045 28000 Access denied for user 'tied'@'127.0.0.1'");
      }
    }
  }
}
