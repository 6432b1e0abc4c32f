package dev.regent.cli.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.Endpoint;
import dev.regent.server.connect.Account;
import dev.regent.server.connect.Channels;
import dev.regent.server.connect.Deadline;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Link;
import dev.regent.server.connect.Tls;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FakeClusterTest {
  private static Link dial(int port) throws Exception {
    Dialer dialer =
        new Dialer(new Endpoint("127.0.0.1", port), new Account("regent", "pretended"), Tls.OFF);
    return dialer.dial(Deadline.after(Duration.ofSeconds(20)));
  }

  @Test
  void speaksTheProtocolThatTheDaemonSpeaks() throws Exception {
    Deadline deadline = Deadline.after(Duration.ofSeconds(20));
    try (FakeCluster cluster = FakeCluster.of(2);
        Link primary = dial(cluster.ports().get(0));
        Link replica = dial(cluster.ports().get(1))) {
      assertThat(primary.value("SELECT @@global.read_only", deadline)).contains("0");
      assertThat(replica.value("SELECT @@global.read_only", deadline)).contains("1");
      assertThat(primary.read(Channels.SQL, deadline, new Channels())).isEmpty();
      assertThat(replica.read(Channels.SQL, deadline, new Channels()))
          .singleElement()
          .satisfies(c -> assertThat(c.running()).isTrue())
          .satisfies(c -> assertThat(c.source().port()).isEqualTo(cluster.ports().get(0)));
      assertThat(cluster.probes()).isEqualTo(2);
    }
  }
}
