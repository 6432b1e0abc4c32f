package dev.regent.lab.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Gives out ports that stay ours while a server is down.
 *
 * <p>A killed server must come back on its port, so a port is reserved for as long as its server's
 * folder exists: by a symbolic link, named after the port, to that folder. Making a link is atomic
 * between processes, and one that leads nowhere is visibly abandoned. Ports that the kernel gives
 * to outgoing connections are avoided: a replica that keeps trying the port of a dead primary from
 * that range sooner or later connects to itself.
 */
public final class Ports {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_767;
  private static final int ATTEMPTS_MAX = 200;
  private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

  private Ports() {}

  /** A free port on loopback, reserved while {@code owner}, an existing folder, exists. */
  public static int reserve(Path owner) {
    try {
      Path links = LabFolders.createPrivate(links());
      for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        int port = ThreadLocalRandom.current().nextInt(LOWEST, highest() + 1);
        if (isReserved(links.resolve("" + port), owner) && isFree(port)) {
          return port;
        }
      }
    } catch (IOException e) {
      throw new LabException("Cannot reserve a port in %s: %s".formatted(links(), e), e);
    }
    throw new LabException(
        "No free port on 127.0.0.1 between %d and %d in %d attempts."
            .formatted(LOWEST, highest(), ATTEMPTS_MAX));
  }

  /** Gives back what this owner has reserved. */
  public static void release(Path owner) {
    try (Stream<Path> all = Files.list(links())) {
      all.filter(link -> leadsTo(link, owner)).forEach(Ports::delete);
    } catch (IOException e) {
      // A link leads nowhere once the folder is deleted: abandoned, which is as good.
    }
  }

  private static boolean leadsTo(Path link, Path owner) {
    try {
      return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(owner);
    } catch (IOException e) {
      return false;
    }
  }

  private static void delete(Path link) {
    try {
      Files.deleteIfExists(link);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + link, e);
    }
  }

  /** Where the reservations are: links to owners, named after ports. */
  static Path links() {
    return LabFolders.cache().resolve("ports");
  }

  private static boolean isReserved(Path link, Path owner) throws IOException {
    try {
      Files.createSymbolicLink(link, owner);
      return true;
    } catch (FileAlreadyExistsException e) {
      deleteIfAbandoned(link);
      return false;
    }
  }

  /** Only long after, so that nobody who reserves it at this moment loses it. */
  private static void deleteIfAbandoned(Path link) throws IOException {
    if (Files.exists(link) || !Files.isSymbolicLink(link)) {
      return;
    }
    Instant made = Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS).toInstant();
    if (made.isBefore(Instant.now().minus(ABANDONED_AFTER))) {
      Files.deleteIfExists(link);
    }
  }

  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Below what the kernel uses for outgoing connections, where it leaves us enough. */
  private static int highest() {
    try {
      String range = Files.readString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
      int outgoing = Integer.parseInt(range.strip().split("\\s+")[0]);
      return outgoing - 1 > LOWEST + 1000 ? Math.min(HIGHEST, outgoing - 1) : HIGHEST;
    } catch (IOException | NumberFormatException e) {
      return HIGHEST;
    }
  }
}
