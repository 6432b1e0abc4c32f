package dev.regent.lab.install;

import dev.regent.lab.machine.AtomicFolder;
import dev.regent.lab.machine.LabException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Unpacks what a server needs to run from its published jar: 30 MB of the 360.
 *
 * <p>Safe for many processes at once: each unpacks into a folder of its own and renames it; the
 * first rename wins and the others throw their copy away.
 */
final class ServerUnpacker {
  /** Raise it when what is unpacked changes, so that older caches are not used. */
  private static final int FORMAT = 1;

  private static final String PROGRAM = "bin/mariadbd";

  private final Path cache;

  ServerUnpacker(Path cache) {
    this.cache = cache;
  }

  ServerInstall unpack(Path jar, String version) {
    String name = "mariadb-%s-%d".formatted(version, FORMAT);
    Path home = cache.resolve(name);
    ServerInstall install =
        new ServerInstall(version, home.resolve(PROGRAM), home.resolve("share"));
    if (Files.isDirectory(home)) {
      return install;
    }
    AtomicFolder.create(cache, name, folder -> unpackInto(folder, jar));
    return install;
  }

  private static void unpackInto(Path folder, Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      String root = rootOf(zip, jar);
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        String name = entry.getName();
        if (name.startsWith(root) && isWanted(name.substring(root.length()))) {
          copy(zip, entry, folder.resolve(name.substring(root.length())));
        }
      }
    }
    // A server that cannot run must not get into the cache.
    ServerBinaries.askVersion(folder.resolve(PROGRAM));
  }

  private static String rootOf(ZipFile zip, Path jar) {
    Optional<String> program =
        zip.stream().map(ZipEntry::getName).filter(n -> n.endsWith("/" + PROGRAM)).findFirst();
    String name =
        program.orElseThrow(
            () -> new LabException("Server jar %s holds no %s.".formatted(jar, PROGRAM)));
    return name.substring(0, name.length() - PROGRAM.length());
  }

  private static boolean isWanted(String name) {
    return name.equals(PROGRAM)
        || name.equals("share/english/errmsg.sys")
        || (name.startsWith("share/charsets/") && !name.endsWith("/"))
        || name.equals("share/maria_add_gis_sp_bootstrap.sql")
        || name.matches("share/(mariadb|mysql)_(system|performance)_tables(_data)?\\.sql");
  }

  private static void copy(ZipFile zip, ZipEntry entry, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try (InputStream in = zip.getInputStream(entry);
        OutputStream out = Files.newOutputStream(to)) {
      ElfImage.copyLoadable(in, out);
    }
    if (to.endsWith(PROGRAM)) {
      Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
