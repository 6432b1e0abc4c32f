package dev.regent.lab.cluster;

import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.LabFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A certificate authority and one certificate for all servers of a cluster, for localhost and
 * wherever they are reached, made by the JDK's keytool. Ready-made files matter: left alone, a
 * server from 11.4 on makes its own key at every start, which takes many seconds.
 *
 * <p>An address stands there twice, also as a name: the published 11.4 server is built with
 * WolfSSL, which compares an address it connects to with names only.
 */
public record TlsFiles(Path authority, Path certificate, Path key) {
  private static final String FOLDER = "tls";
  private static final String PASSWORD = "not-a-secret";

  private static final int KEYTOOL_SECONDS_MAX = 60;

  /** The files of the cluster in this folder, if it was started with TLS. */
  public static Optional<TlsFiles> in(Path clusterFolder) {
    TlsFiles files = at(clusterFolder.resolve(FOLDER));
    return Files.exists(files.key()) ? Optional.of(files) : Optional.empty();
  }

  private static TlsFiles at(Path folder) {
    return new TlsFiles(
        folder.resolve("ca.pem"), folder.resolve("server.pem"), folder.resolve("server.key"));
  }

  static TlsFiles create(Path clusterFolder, List<String> addresses) {
    Path folder = clusterFolder.resolve(FOLDER);
    Path store = folder.resolve("store.p12");
    try {
      LabFolders.createPrivate(folder);
      keytool(store, "-genkeypair", "-alias", "ca", "-dname", "CN=Regent lab CA", "-ext", "bc:c");
      keytool(
          store,
          "-genkeypair",
          "-alias",
          "server",
          "-signer",
          "ca",
          "-dname",
          "CN=localhost",
          "-ext",
          names(addresses));
      return export(store, folder);
    } catch (IOException | GeneralSecurityException e) {
      throw new LabException("Cannot make certificates in %s: %s".formatted(folder, e), e);
    }
  }

  private static String names(List<String> addresses) {
    StringBuilder names = new StringBuilder("san=dns:localhost");
    addresses.forEach(address -> names.append(",ip:" + address + ",dns:" + address));
    return names.toString();
  }

  private static void keytool(Path store, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    // It lives for a moment: no compiler that warms up, no collector with threads.
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30", "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!tool.waitFor(KEYTOOL_SECONDS_MAX, TimeUnit.SECONDS) || tool.exitValue() != 0) {
        tool.destroyForcibly();
        throw new IOException(command.getFirst() + " said: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }

  private static TlsFiles export(Path store, Path folder)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    TlsFiles files = at(folder);
    Files.writeString(
        files.authority(), pem("CERTIFICATE", keys.getCertificate("ca").getEncoded()));
    Files.writeString(
        files.certificate(), pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
    Key key = keys.getKey("server", PASSWORD.toCharArray());
    LabFolders.writePrivate(files.key(), pem("PRIVATE KEY", key.getEncoded()));
    return files;
  }

  /** RFC 7468. */
  private static String pem(String label, byte[] content) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }
}
