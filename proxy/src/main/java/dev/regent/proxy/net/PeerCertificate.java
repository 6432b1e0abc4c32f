package dev.regent.proxy.net;

import dev.regent.proxy.auth.Secured;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/** What a client has shown, in the words of OpenSSL, which accounts are written in. */
final class PeerCertificate {
  /** As OpenSSL calls them, where RFC 2253 has another name or none. */
  private static final Map<String, String> NAMES =
      Map.of(
          "1.2.840.113549.1.9.1", "emailAddress",
          "2.5.4.4", "SN",
          "2.5.4.5", "serialNumber",
          "2.5.4.9", "street",
          "2.5.4.12", "title",
          "2.5.4.17", "postalCode",
          "2.5.4.42", "GN");

  private PeerCertificate() {}

  static Secured of(SSLSession session) {
    return new Secured(cipher(session.getCipherSuite()), shown(session));
  }

  private static Optional<Secured.Shown> shown(SSLSession session) {
    try {
      X509Certificate first = (X509Certificate) session.getPeerCertificates()[0];
      return Optional.of(
          new Secured.Shown(
              oneLine(first.getSubjectX500Principal()), oneLine(first.getIssuerX500Principal())));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /** As X509_NAME_oneline() has it: {@code /C=DE/O=Shop/CN=app}. */
  static String oneLine(X500Principal name) {
    StringBuilder line = new StringBuilder();
    try {
      // The last one stands first in there, and each may have several parts.
      List<Rdn> parts = new LdapName(name.getName(X500Principal.RFC2253, NAMES)).getRdns();
      for (Rdn part : parts) {
        var all = part.toAttributes().getAll();
        while (all.hasMore()) {
          Attribute one = all.next();
          line.append('/').append(one.getID()).append('=');
          append(line, one.get());
        }
      }
    } catch (NamingException e) {
      // Nobody wrote such a name into an account: it is none of theirs.
      return "";
    }
    return line.toString();
  }

  private static void append(StringBuilder line, Object value) {
    byte[] bytes =
        value instanceof byte[] raw ? raw : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    for (byte b : bytes) {
      if (b >= ' ' && b <= '~') {
        line.append((char) b);
      } else {
        line.append(String.format(Locale.ROOT, "\\x%02X", b));
      }
    }
  }

  /** {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256} is {@code ECDHE-RSA-AES128-GCM-SHA256}. */
  static String cipher(String standard) {
    if (!standard.contains("_WITH_")) {
      return standard;
    }
    return standard
        .replaceFirst("^TLS_", "")
        .replaceFirst("^RSA_WITH_", "")
        .replace("_WITH_", "-")
        .replaceFirst("AES_(\\d+)_(CBC_)?", "AES$1-")
        .replaceFirst("CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305")
        .replace('_', '-');
  }
}
