package dev.regent.proxy.net;

import dev.regent.core.model.Endpoint;
import dev.regent.proxy.auth.ServerProof;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS towards servers. */
public final class ServerTls {
  /** What a server must show. */
  public enum Trust {
    /** A certificate that an authority signed for the address that was asked for. */
    CERTIFIED,
    /** Such a certificate, or else that it knows the user's password. */
    CERTIFIED_OR_PROVED,
    NOTHING
  }

  private final Trust trust;
  private final List<KeyManager> keys;
  private final X509ExtendedTrustManager authorities;
  private final SSLContext shared;

  /**
   * @param keys our own certificate, if servers want one
   */
  public ServerTls(Trust trust, List<KeyManager> keys, X509ExtendedTrustManager authorities)
      throws GeneralSecurityException {
    this.trust = trust;
    this.keys = List.copyOf(keys);
    this.authorities = authorities;
    this.shared = context(trust == Trust.NOTHING ? new Anybody(authorities) : authorities);
  }

  private SSLContext context(TrustManager trusted) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.toArray(KeyManager[]::new), new TrustManager[] {trusted}, new SecureRandom());
    return context;
  }

  /** Whether a server has to prove that it is the one that was asked for. */
  public boolean isStrict() {
    return trust != Trust.NOTHING;
  }

  /** Whether servers are shown a certificate of our own. */
  public boolean isCertified() {
    return !keys.isEmpty();
  }

  /** For one connection. */
  Handshake handshake(Endpoint server) throws GeneralSecurityException {
    if (trust != Trust.CERTIFIED_OR_PROVED) {
      return new Handshake(engine(shared, server, trust == Trust.CERTIFIED), Optional.empty());
    }
    // One context for each: a session that is resumed shows no certificate to look at.
    Doubtful doubtful = new Doubtful(authorities);
    return new Handshake(engine(context(doubtful), server, true), Optional.of(doubtful));
  }

  private static SSLEngine engine(SSLContext context, Endpoint server, boolean named) {
    SSLEngine engine = context.createSSLEngine(server.host(), server.port());
    engine.setUseClientMode(true);
    if (named) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      engine.setSSLParameters(parameters);
    }
    return engine;
  }

  /** One connection's. */
  record Handshake(SSLEngine engine, Optional<Doubtful> doubtful) {
    /** What the server has yet to prove, once the handshake is over. */
    Optional<ServerProof> wanted() {
      return doubtful.flatMap(Doubtful::wanted);
    }
  }

  /** Everybody is believed; a {@code X509ExtendedTrustManager}, since Java checks names else. */
  private static final class Anybody extends Deciding {
    Anybody(X509ExtendedTrustManager authorities) {
      super(authorities);
    }

    @Override
    void decide(X509Certificate[] chain, CertificateException why) {}
  }

  /** Lets a handshake end whose certificate is not good, and remembers what it was. */
  static final class Doubtful extends Deciding {
    private volatile Optional<ServerProof> wanted = Optional.empty();

    Doubtful(X509ExtendedTrustManager authorities) {
      super(authorities);
    }

    Optional<ServerProof> wanted() {
      return wanted;
    }

    @Override
    void decide(X509Certificate[] chain, CertificateException why) throws CertificateException {
      try {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        wanted = Optional.of(new ServerProof(sha256.digest(chain[0].getEncoded())));
      } catch (GeneralSecurityException e) {
        why.addSuppressed(e);
        throw why;
      }
    }
  }

  /** Asks the authorities first, and decides itself when they say no. */
  abstract static class Deciding extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager authorities;

    Deciding(X509ExtendedTrustManager authorities) {
      this.authorities = authorities;
    }

    /** Throws, unless the certificate is good enough for now. */
    abstract void decide(X509Certificate[] chain, CertificateException why)
        throws CertificateException;

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      try {
        authorities.checkServerTrusted(chain, type, engine);
      } catch (CertificateException e) {
        decide(chain, e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("only engines are used");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("only engines are used");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("there are no clients here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return authorities.getAcceptedIssuers();
    }
  }
}
