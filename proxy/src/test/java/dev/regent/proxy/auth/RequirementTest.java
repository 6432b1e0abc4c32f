package dev.regent.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.auth.Requirement.Met;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequirementTest {
  private static final String CIPHER = "TLS_AES_256_GCM_SHA384";
  private static final Secured.Shown SHOWN = new Secured.Shown("/CN=app", "/CN=ca");
  private static final Requirement CERTIFIED = new Requirement.Certified();

  @Test
  void plainClientMeetsNothingThatWantsTls() {
    Visitor plain = visitor(Optional.empty(), true, true);

    assertThat(new Requirement.Nothing().by(plain)).isEqualTo(Met.YES);
    assertThat(new Requirement.Encrypted().by(plain)).isEqualTo(Met.NO);
    assertThat(CERTIFIED.by(plain)).isEqualTo(Met.NO);
    assertThat(specified(CIPHER, "", "").by(plain)).isEqualTo(Met.NO);
    assertThat(CERTIFIED.by(visitor(Optional.empty(), false, false))).isEqualTo(Met.NO);
  }

  @Test
  void certificateIsWantedOfTheClientAndThenOfUs() {
    assertThat(new Requirement.Encrypted().by(without())).isEqualTo(Met.YES);
    assertThat(CERTIFIED.by(without())).isEqualTo(Met.NO);
    assertThat(CERTIFIED.by(with(true, true))).isEqualTo(Met.YES);
    assertThat(CERTIFIED.by(with(true, false))).isEqualTo(Met.NOT_OURS);
    assertThat(CERTIFIED.by(with(false, true))).isEqualTo(Met.NOT_ASKED);
  }

  @Test
  void everythingThatIsSpecifiedMustBeSo() {
    assertThat(specified("", "/CN=ca", "/CN=app").by(with(true, true))).isEqualTo(Met.YES);
    assertThat(specified("", "", "/CN=app").by(with(true, true))).isEqualTo(Met.YES);
    assertThat(specified("", "/CN=ca", "/CN=ap").by(with(true, true))).isEqualTo(Met.NO);
    assertThat(specified("", "/CN=other", "/CN=app").by(with(true, true))).isEqualTo(Met.NO);
    assertThat(specified("other", "/CN=ca", "").by(with(true, true))).isEqualTo(Met.NO);
    assertThat(specified("", "/CN=ca", "").by(without())).isEqualTo(Met.NO);
  }

  /** As in the server: of these the cipher alone needs no certificate. */
  @Test
  void cipherNeedsNoCertificate() {
    assertThat(specified(CIPHER, "", "").by(without())).isEqualTo(Met.YES);
    assertThat(specified("other", "", "").by(without())).isEqualTo(Met.NO);
  }

  private static Requirement specified(String cipher, String issuer, String subject) {
    return new Requirement.Specified(cipher, issuer, subject);
  }

  private static Visitor without() {
    return visitor(Optional.of(new Secured(CIPHER, Optional.empty())), true, true);
  }

  private static Visitor with(boolean asks, boolean certified) {
    return visitor(Optional.of(new Secured(CIPHER, Optional.of(SHOWN))), asks, certified);
  }

  private static Visitor visitor(Optional<Secured> secured, boolean asks, boolean certified) {
    return new Visitor(
        HostPattern.Peer.at("10.1.2.3"), secured, new Visitor.Onward(asks, true, certified));
  }
}
