package dev.regent.cli.flags;

import dev.regent.cli.client.ExitCode;
import java.util.Locale;

/** What {@code -help} prints. */
public final class HelpPage {
  private static final String HEAD =
      """
      Usage: mariadb-repmgr FLAGS
      Moves the role of a primary, once, and ends. Flags as in MariaDB Replication Manager 0.3
      to 0.6: one dash or two, -flag=value or -flag value.

      """;

  private static final String FOOT =
      """

      Examples:
        mariadb-repmgr -host db3:3306 -slaves db1:3306,db2:3306 -user @admin -rpluser @repl -failover=dead
        mariadb-repmgr -hosts db1,db2,db3 -user @admin -rpluser @repl -failover=force -interactive=false
        mariadb-repmgr -hosts db1,db2,db3 -user @admin -rpluser @repl -switchover=keep -prefmaster=db2
        mariadb-repmgr -hosts db1,db2,db3 -user @admin -rpluser @repl -failover=check
        mariadb-repmgr -hosts db1,db2,db3 -user @admin -rpluser @repl       # the console

      A password on the command line is taken off it at once; in a file (@FILE) it never stood there.
      """;

  private HelpPage() {}

  public static String text() {
    StringBuilder text = new StringBuilder(HEAD);
    for (Flag flag : Flag.ALL) {
      String standard = flag.standard().isEmpty() ? "" : " (" + flag.standard() + ")";
      text.append(
          String.format(Locale.ROOT, "  -%-21s %s%s%n", flag.name(), flag.help(), standard));
    }
    return text.append(FOOT).append('\n').append(ExitCode.HELP).append('\n').toString();
  }
}
