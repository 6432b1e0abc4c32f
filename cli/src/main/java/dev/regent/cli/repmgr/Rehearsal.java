package dev.regent.cli.repmgr;

import dev.regent.cli.flags.GoFlags;
import dev.regent.cli.flags.HelpPage;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.ServerId;
import dev.regent.server.connect.Account;
import dev.regent.server.connect.Dialer;
import dev.regent.server.connect.Tls;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;

/**
 * What the launcher runs once after a build, to have the JVM write down all classes as they are
 * after a start: a log-in to a pretended server that says yes to everything, and the classes of
 * everything that is needed after that. Touches nothing.
 */
final class Rehearsal {
  private static final List<String> OURS = List.of("regent-core", "regent-server", "regent-cli");

  /** Greeting of protocol 10: version, connection 1, scramble, capabilities of protocol 4.1. */
  private static final byte[] GREETING =
      packet(
          0,
          "\n11.4.0-MariaDB\0\1\0\0\0abcdefgh\0\u000f\u00a2!\2\0:\0\25"
              + "\0\0\0\0\0\0\0\0\0\0ijklmnopqrst\0mysql_native_password\0");

  private static final String OK = "\0\0\0\2\0\0\0";

  private Rehearsal() {}

  /** {@code words[0]}: the class path whose classes are wanted. */
  public static void main(String[] words) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().name("pretended").start(() -> pretend(listener));
      Endpoint server = new Endpoint("127.0.0.1", listener.getLocalPort());
      Dialer dialer = new Dialer(server, new Account("nobody", "nothing"), Tls.OFF);
      Survey survey =
          new Survey(
              Map.of(new ServerId(server.toString()), dialer), Cluster.NAME, Duration.ofSeconds(2));
      survey.of(List.of(server), s -> false).forEach(l -> System.out.println(l.detail()));
    }
    GoFlags.parse(List.of("-host", "a", "-slaves=b,c:1", "-failover=dead"));
    System.out.println(HelpPage.text().length() + ", " + load(words[0]) + " classes");
  }

  private static void pretend(ServerSocket listener) {
    try (Socket client = listener.accept()) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      out.write(GREETING);
      skip(in);
      out.write(packet(2, OK));
      while (true) {
        skip(in);
        out.write(packet(1, OK));
      }
    } catch (IOException e) {
      // The end of the rehearsal.
    }
  }

  private static void skip(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte() | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16;
    in.readUnsignedByte();
    in.skipNBytes(length);
  }

  private static byte[] packet(int number, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    byte[] packet = new byte[4 + bytes.length];
    packet[0] = (byte) bytes.length;
    packet[3] = (byte) number;
    System.arraycopy(bytes, 0, packet, 4, bytes.length);
    return packet;
  }

  private static long load(String classPath) {
    return Arrays.stream(classPath.split(":"))
        .filter(jar -> OURS.stream().anyMatch(jar::contains))
        .mapToLong(Rehearsal::loadAll)
        .sum();
  }

  private static long loadAll(String jar) {
    try (JarFile file = new JarFile(jar)) {
      return file.stream()
          .map(e -> e.getName())
          .filter(n -> n.endsWith(".class") && !n.contains("-info"))
          .filter(n -> wanted(n.substring(0, n.length() - ".class".length()).replace('/', '.')))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(jar + " cannot be read", e);
    }
  }

  private static boolean wanted(String name) {
    try {
      Class.forName(name, false, Rehearsal.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
