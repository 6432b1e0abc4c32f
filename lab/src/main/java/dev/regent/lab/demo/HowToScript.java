package dev.regent.lab.demo;

import dev.regent.lab.cluster.Accounts;
import dev.regent.lab.cluster.Accounts.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The script of the how-to about automatic failover with MaxScale and {@code mariadb-repmgr}: word
 * for word, but for the logins, and for where this source folder is.
 */
public final class HowToScript {
  private static final String TEXT =
      """
      #!/bin/bash
      export PATH="@HOME:$PATH" JAVA_HOME="@JAVA" REGENT_NO_BUILD=yes XDG_STATE_HOME="@HERE/state"
      echo "$@" >> "@HERE/calls"
      user=@USER
      repluser=@REPL

      ARGS=$(getopt -o '' --long 'event:,initiator:,nodelist:' -- "$@")

      eval set -- "$ARGS"

      while true; do
      \tcase "$1" in
      \t\t--event)
      \t\t\tshift;
      \t\t\tevent=$1
      \t\t\tshift;
      \t\t;;
      \t\t--initiator)
      \t\t\tshift;
      \t\t\tinitiator=$1
      \t\t\tshift;
      \t\t;;
      \t\t--nodelist)
      \t\t\tshift;
      \t\t\tnodelist=$1
      \t\t\tshift;
      \t\t;;
      \t\t--)
      \t\t\tshift;
      \t\t\tbreak;
      \t\t;;
      \tesac
      done
      cmd="mariadb-repmgr -host $initiator -user $user -rpluser $repluser -slaves $nodelist -failover=dead"
      eval $cmd
      """;

  private final Path folder;

  private HowToScript(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes the script, with passwords in it, for its owner alone.
   *
   * @param home where {@code mariadb-repmgr} is
   */
  public static HowToScript write(Path folder, Path home, Accounts accounts) throws IOException {
    HowToScript script = new HowToScript(folder);
    String text =
        TEXT.replace("@HOME", home.toString())
            .replace("@JAVA", System.getProperty("java.home"))
            .replace("@HERE", folder.toString())
            .replace("@USER", pair(accounts.regent()))
            .replace("@REPL", pair(accounts.repl()));
    Files.createFile(
        script.file(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(script.file(), text);
    return script;
  }

  public Path file() {
    return folder.resolve("failover.sh");
  }

  /** With which arguments it was called, a line each. */
  public String calls() throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls) ? Files.readString(calls).strip() : "";
  }

  private static String pair(Account account) {
    return account.user() + ":" + account.password();
  }
}
