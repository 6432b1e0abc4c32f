package dev.regent.server.checkup;

import static dev.regent.server.checkup.Exam.WELL;
import static dev.regent.server.checkup.Exam.ill;

import dev.regent.server.checkup.Exam.Complaint;
import dev.regent.server.connect.Quoted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What Regent's account must be allowed, by release. It comes from the statements that Regent
 * sends, and was measured on 10.11.5 and 11.4.5 by taking away one at a time.
 *
 * <p>MariaDB cut SUPER into pieces in 10.5.2. Until 10.11 SUPER still stands for some of them, from
 * 11.0 on for none.
 */
public final class Privileges {
  private static final Release PIECES = Release.of(10, 5, 2);

  /** {@code SHOW ALL SLAVES STATUS} has a privilege of its own since. */
  private static final Release MONITOR = Release.of(10, 5, 9);

  /** From here on SUPER stands for nothing else (measured: not on 10.11.5, but on 11.4.5). */
  private static final Release SUPER_ALONE = Release.of(11, 0, 0);

  /** What SUPER stands for before (measured on 10.11.5); for the other pieces it does not. */
  private static final List<String> IN_SUPER =
      List.of("BINLOG ADMIN", "CONNECTION ADMIN", "REPLICATION SLAVE ADMIN", "SET USER");

  private static final Release NEVER = Release.of(0, 0, 0);
  private static final String EVERYWHERE = "";

  /** The manager's own databases: the reign, which is replicated, and the fence, which is not. */
  private static final List<String> OWN = List.of("regent", "regent_local");

  private static final List<String> OWN_PRIVILEGES =
      List.of("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE");

  private Privileges() {}

  /**
   * One privilege.
   *
   * @param database empty: everywhere
   * @param from the release that has it
   */
  record Need(String name, String database, Release from, String purpose) {
    boolean at(Release release) {
      return release.compareTo(from) >= 0;
    }

    String place() {
      return database.isEmpty() ? "*.*" : Quoted.name(database.replace("_", "\\_")) + ".*";
    }
  }

  private static final List<Need> NEEDS = needs();

  private static List<Need> needs() {
    List<Need> needs = new ArrayList<>();
    needs.add(everywhere("SUPER", NEVER, "set durability, the event scheduler and session logs"));
    needs.add(everywhere("RELOAD", NEVER, "freeze writes, flush logs, forget a source"));
    needs.add(everywhere("PROCESS", NEVER, "see who writes and what waits"));
    needs.add(everywhere("EVENT", NEVER, "move scheduled events with the role"));
    needs.add(everywhere("SELECT", NEVER, "see table locks, and who may write when read-only"));
    needs.add(everywhere("REPLICATION SLAVE", NEVER, "read transactions that only it has"));
    needs.add(everywhere("REPLICATION CLIENT", NEVER, "list binary logs and their events"));
    needs.add(everywhere("BINLOG ADMIN", PIECES, "keep its own sessions out of the binary log"));
    needs.add(everywhere("CONNECTION ADMIN", PIECES, "end connections of others"));
    needs.add(
        everywhere("READ_ONLY ADMIN", PIECES, "close and open a server, write its fence row"));
    needs.add(everywhere("REPLICATION MASTER ADMIN", PIECES, "set semi-sync, list replicas"));
    needs.add(everywhere("REPLICATION SLAVE ADMIN", PIECES, "start, stop and point replication"));
    needs.add(everywhere("SET USER", PIECES, "keep the definer of an event"));
    needs.add(everywhere("REPLICA MONITOR", MONITOR, "see how a replica follows"));
    for (String database : OWN) {
      for (String name : OWN_PRIVILEGES) {
        needs.add(new Need(name, database, NEVER, "keep its own tables"));
      }
    }
    return List.copyOf(needs);
  }

  private static Need everywhere(String name, Release from, String purpose) {
    return new Need(name, EVERYWHERE, from, purpose);
  }

  /** All there are, for the documentation. */
  static List<Need> all() {
    return NEEDS;
  }

  /** What an account lacks, one by one. */
  static List<Complaint> lacking(Patient patient) {
    Facts facts = patient.facts();
    Grants grants = new Grants(facts.grants());
    List<Complaint> complaints = new ArrayList<>();
    for (Need need : NEEDS) {
      if (need.at(facts.release()) && !held(need, grants, facts.release())) {
        complaints.add(
            new Complaint(
                facts.user()
                    + " lacks "
                    + need.name()
                    + " on "
                    + need.place()
                    + ", to "
                    + need.purpose(),
                new Mend.Grant(
                    List.of(
                        "GRANT "
                            + need.name()
                            + " ON "
                            + need.place()
                            + " TO "
                            + account(facts.user())))));
      }
    }
    return complaints;
  }

  private static boolean held(Need need, Grants grants, Release release) {
    boolean bySuper =
        release.compareTo(SUPER_ALONE) < 0
            && IN_SUPER.contains(need.name())
            && grants.has("SUPER", EVERYWHERE);
    return bySuper || grants.has(need.name(), need.database());
  }

  /** What replicas log in with. */
  static List<Complaint> replication(Patient patient) {
    String user = patient.ward().replicationUser();
    if (patient.facts().replicationPrivileges().isEmpty()) {
      return WELL;
    }
    List<String> held = patient.facts().replicationPrivileges().get();
    String grant = "GRANT REPLICATION SLAVE ON *.* TO " + Quoted.text(user) + "@'%'";
    if (held.isEmpty()) {
      return ill(
          true,
          "there is no account " + user,
          new Mend.Advice(
              "CREATE USER "
                  + Quoted.text(user)
                  + "@'%' IDENTIFIED BY '...'; "
                  + grant
                  + "; with SET SESSION sql_log_bin=0 before, on every server"));
    }
    boolean may = held.stream().map(Grants::canonical).anyMatch("REPLICATION SLAVE"::equals);
    return ill(!may, user + " may not replicate", new Mend.Grant(List.of(grant)));
  }

  private static String account(String user) {
    int at = user.lastIndexOf('@');
    return at < 0
        ? Quoted.text(user)
        : Quoted.text(user.substring(0, at)) + "@" + Quoted.text(user.substring(at + 1));
  }

  /**
   * The statements that make both accounts on a server of this release; each must be run on every
   * server, since nothing of it may enter the binary log.
   */
  public static List<String> statements(Release release, String admin, String replication) {
    Map<String, List<String>> byPlace = new LinkedHashMap<>();
    NEEDS.stream()
        .filter(n -> n.at(release))
        .forEach(n -> byPlace.computeIfAbsent(n.place(), _ -> new ArrayList<>()).add(n.name()));
    String who = Quoted.text(admin) + "@'%'";
    String replica = Quoted.text(replication) + "@'%'";
    List<String> sql = new ArrayList<>();
    sql.add("SET SESSION sql_log_bin=0");
    sql.add("CREATE USER IF NOT EXISTS " + who + " IDENTIFIED BY '...'");
    byPlace.forEach((place, names) ->
        sql.add("GRANT " + String.join(", ", names) + " ON " + place + " TO " + who));
    sql.add("CREATE USER IF NOT EXISTS " + replica + " IDENTIFIED BY '...'");
    sql.add("GRANT REPLICATION SLAVE ON *.* TO " + replica);
    return sql;
  }
}
