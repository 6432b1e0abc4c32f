package dev.regent.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerCertificateTest {
  @Test
  void namesAreThoseOfOpenSsl() {
    // The text of a principal has its last part first, as RFC 2253 wants it.
    String text =
        "CN=app\\, the second, OU=Net+STREET=Hof 1, O=M\u00fcller,"
            + " 1.2.840.113549.1.9.1=#16066140622e6465, L=Ulm, ST=BW, C=DE";
    assertThat(PeerCertificate.oneLine(new X500Principal(text)))
        .startsWith("/C=DE/ST=BW/L=Ulm/emailAddress=")
        .contains("/O=M\\xC3\\xBCller/")
        .contains("/OU=Net")
        .contains("/street=Hof 1")
        .endsWith("/CN=app, the second");
  }

  @ParameterizedTest
  @CsvSource({
    "TLS_AES_256_GCM_SHA384, TLS_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, ECDHE-ECDSA-AES256-SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, ECDHE-RSA-CHACHA20-POLY1305",
    "TLS_RSA_WITH_AES_256_CBC_SHA, AES256-SHA"
  })
  void ciphersAreThoseOfOpenSsl(String standard, String name) {
    assertThat(PeerCertificate.cipher(standard)).isEqualTo(name);
  }
}
