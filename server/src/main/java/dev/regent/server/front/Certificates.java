package dev.regent.server.front;

import dev.regent.proxy.net.ServerTls;
import dev.regent.proxy.net.ServerTls.Trust;
import dev.regent.server.connect.Tls;
import dev.regent.server.front.FrontSettings.ClientTls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Certificates and keys from files, as TLS wants them. */
public final class Certificates {
  private static final String KEY_BEGINS = "-----BEGIN PRIVATE KEY-----";
  private static final String KEY_ENDS = "-----END PRIVATE KEY-----";
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  /** A certificate with its chain, and a key, are a few KiB. */
  private static final long SIZE_MAX = 1 << 20;

  /** The keys are in memory only. */
  private static final char[] NO_PASSWORD = new char[0];

  private Certificates() {}

  /**
   * What clients are shown, and whose certificates are taken of them: PEM, the proxy's own
   * certificate first, then those that lead to its authority; its key in unencrypted PKCS #8.
   *
   * @throws GeneralSecurityException they are no pair; the message says what to do
   * @throws IOException a file cannot be read
   */
  public static SSLContext forClients(ClientTls tls) throws GeneralSecurityException, IOException {
    Path certificate = tls.certificate();
    Path key = tls.key();
    Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
    PrivateKey secret = key(key);
    if (!isPair(chain[0].getPublicKey(), secret)) {
      throw new GeneralSecurityException(key + " is not the key of " + certificate);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("proxy", secret, NO_PASSWORD, chain);
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager[] trusted =
        tls.authority().isPresent()
            ? new TrustManager[] {trusting(signedBy(tls.authority().get()))}
            : null;
    context.init(managers(store, NO_PASSWORD), trusted, new SecureRandom());
    return context;
  }

  /**
   * Empty: connections to servers are plain.
   *
   * @throws GeneralSecurityException a file is not what it should be
   * @throws IOException a file cannot be read
   */
  static Optional<ServerTls> forServers(Tls tls) throws GeneralSecurityException, IOException {
    if (tls.mode() == Tls.Mode.OFF) {
      return Optional.empty();
    }
    Trust trust =
        tls.mode() == Tls.Mode.TRUST
            ? Trust.NOTHING
            : tls.authority().isPresent() ? Trust.CERTIFIED : Trust.CERTIFIED_OR_PROVED;
    List<KeyManager> keys = List.of();
    if (tls.key().isPresent()) {
      char[] password = tls.key().get().password().toCharArray();
      KeyStore store = KeyStore.getInstance(tls.key().get().store().toFile(), password);
      keys = List.of(managers(store, password));
    }
    return Optional.of(new ServerTls(trust, keys, authorities(tls)));
  }

  /** Those of the system, if none is named. */
  private static X509ExtendedTrustManager authorities(Tls tls)
      throws GeneralSecurityException, IOException {
    TrustManagerFactory factory = factory();
    if (tls.authority().isPresent()) {
      factory = signedBy(tls.authority().get());
    } else {
      factory.init((KeyStore) null);
    }
    return trusting(factory);
  }

  private static TrustManagerFactory factory() throws NoSuchAlgorithmException {
    return TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
  }

  private static TrustManagerFactory signedBy(Path authority)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates(authority)) {
      store.setCertificateEntry("authority" + number++, certificate);
    }
    TrustManagerFactory factory = factory();
    factory.init(store);
    return factory;
  }

  private static X509ExtendedTrustManager trusting(TrustManagerFactory factory)
      throws GeneralSecurityException {
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("this Java has no X509ExtendedTrustManager");
  }

  private static KeyManager[] managers(KeyStore store, char[] password)
      throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (!all.isEmpty()) {
        return all;
      }
    } catch (CertificateException e) {
      throw new CertificateException(file + " holds no certificate: " + e.getMessage(), e);
    }
    throw new CertificateException(file + " holds no certificate");
  }

  private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
    if (Files.size(file) > SIZE_MAX) {
      throw new GeneralSecurityException(file + " is too large for a key");
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    int from = text.indexOf(KEY_BEGINS);
    int to = text.indexOf(KEY_ENDS);
    if (from < 0 || to < from) {
      throw new GeneralSecurityException(
          file
              + " holds no key in PKCS #8 without a password (make one with: openssl pkcs8 -topk8"
              + " -nocrypt)");
    }
    byte[] content;
    try {
      content = Base64.getMimeDecoder().decode(text.substring(from + KEY_BEGINS.length(), to));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException(file + " is no PEM file", e);
    }
    for (String algorithm : ALGORITHMS) {
      Optional<PrivateKey> key = key(algorithm, content);
      if (key.isPresent()) {
        return key.get();
      }
    }
    throw new GeneralSecurityException(file + " holds a key of none of " + ALGORITHMS);
  }

  /** Empty if it is a key of another algorithm. */
  private static Optional<PrivateKey> key(String algorithm, byte[] content)
      throws NoSuchAlgorithmException {
    KeyFactory factory = KeyFactory.getInstance(algorithm);
    try {
      return Optional.of(factory.generatePrivate(new PKCS8EncodedKeySpec(content)));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }

  private static boolean isPair(PublicKey shown, PrivateKey key) throws GeneralSecurityException {
    if (!shown.getAlgorithm().equals(key.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> "EdDSA";
        };
    byte[] words = "a pair".getBytes(StandardCharsets.UTF_8);
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(words);
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(shown);
    verifying.update(words);
    return verifying.verify(signing.sign());
  }
}
