package dev.regent.lab.install;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A server program that can be started, and the folder with its messages and table scripts. */
public record ServerInstall(String version, Path program, Path share) {

  /** The scripts that make the system tables, in order, under their name in this version. */
  public List<Path> tableScripts() {
    return List.of(
        script("system_tables.sql"),
        script("performance_tables.sql"),
        script("system_tables_data.sql"),
        share.resolve("maria_add_gis_sp_bootstrap.sql"));
  }

  private Path script(String name) {
    Path current = share.resolve("mariadb_" + name);
    return Files.exists(current) ? current : share.resolve("mysql_" + name);
  }

  public boolean isComplete() {
    return Files.isExecutable(program) && tableScripts().stream().allMatch(Files::isReadable);
  }

  /** Arguments that every run of this program needs to find its own files. */
  public List<String> placeArguments() {
    return List.of(
        "--basedir=" + share.resolve("..").normalize(),
        "--lc-messages-dir=" + share,
        "--character-sets-dir=" + share.resolve("charsets"));
  }
}
