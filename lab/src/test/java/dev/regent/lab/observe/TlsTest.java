package dev.regent.lab.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.regent.core.model.Observation.Kind;
import dev.regent.lab.cluster.Accounts.Account;
import dev.regent.lab.cluster.LabCluster;
import dev.regent.lab.cluster.LabOptions;
import dev.regent.server.connect.Tls;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real")
class TlsTest {
  @Test
  void serverMustProveWhoItIs() {
    try (LabCluster lab = LabCluster.start(LabOptions.of(1).withTls());
        LabCluster strangers = LabCluster.start(LabOptions.of(1).withTls())) {
      Path authority = lab.primary().tls().orElseThrow().authority();
      Path stranger = strangers.primary().tls().orElseThrow().authority();
      int port = lab.primary().port();
      Account regent = lab.accounts().regent();

      try (Watching trusting = new Watching(port, regent, signedBy(authority))) {
        assertThat(trusting.awaitSeen().serverId()).isEqualTo(1);
        // The sentinel's raw read and the probes' encryption do not disturb each other.
        trusting.awaitSettled();
        lab.primary().kill();
        await().until(() -> !trusting.losses().isEmpty());
        lab.primary().start().awaitReady();
      }
      try (Watching doubting = new Watching(port, regent, signedBy(stranger))) {
        assertThat(doubting.awaitMissed().kind()).isEqualTo(Kind.TLS);
      }
    }
  }

  @Test
  void serverWithoutTlsIsNoMatchForVerification() {
    try (LabCluster lab = LabCluster.start(LabOptions.of(1));
        Watching watching =
            new Watching(lab.primary().port(), lab.accounts().regent(), Tls.VERIFIED)) {
      assertThat(watching.awaitMissed().kind()).isEqualTo(Kind.TLS);
    }
  }

  private static Tls signedBy(Path authority) {
    return new Tls(Tls.Mode.VERIFY, Optional.of(authority), Optional.empty());
  }
}
