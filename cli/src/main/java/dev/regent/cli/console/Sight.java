package dev.regent.cli.console;

import dev.regent.core.analyze.Diagnosis.Severity;
import dev.regent.core.model.GtidPosition;
import dev.regent.server.render.Page.Tone;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One look at the cluster, whoever took it.
 *
 * @param title whose console it is, as its user called it
 * @param mode profile, who fails over, epoch: a few words each
 * @param epoch how often the role has moved, as far as that is known
 * @param atMillis when it was taken, by this machine's clock
 * @param guarantee what a failover now would lose
 * @param writes where writes go, where that is known
 * @param paused by whom and why
 * @param plan what is being done now
 */
public record Sight(
    String title,
    String cluster,
    List<String> mode,
    long epoch,
    long atMillis,
    boolean healthy,
    Note guarantee,
    String writes,
    Optional<String> paused,
    Optional<String> plan,
    List<Server> servers,
    List<Note> notes) {

  /** A sentence, how grave it is, and why nothing is done about it, if so. */
  public record Note(Severity severity, String sentence, Optional<String> hold) {
    public static Note of(Severity severity, String sentence) {
      return new Note(severity, sentence, Optional.empty());
    }
  }

  /**
   * One server.
   *
   * @param role {@code primary}, {@code relay}, {@code replica} or {@code -}
   * @param state what it does now; {@code tone} is how good that is
   * @param marks what else is to be known, a few words each
   * @param writable empty if nobody knows
   * @param applied of the last answer, however old
   * @param received empty if unknown, as after a restart
   * @param semiSync {@code sync}: allowed to acknowledge; {@code on}: it does all the same
   * @param errant how many ranges of transactions only it has; empty if unknown
   * @param acknowledging of a primary: who acknowledges, and what waits for that
   */
  public record Server(
      String name,
      String address,
      String role,
      String source,
      String state,
      Tone tone,
      List<String> marks,
      Optional<Boolean> writable,
      String version,
      Optional<GtidPosition> applied,
      Optional<GtidPosition> received,
      OptionalLong lagSeconds,
      String semiSync,
      Optional<List<String>> errant,
      String acknowledging,
      boolean maintenance) {
    public Server {
      marks = List.copyOf(marks);
      errant = errant.map(List::copyOf);
    }

    public boolean primary() {
      return role.equals("primary");
    }
  }

  /**
   * Who leads, and for the how-manieth time somebody does. A plan holds for one reign.
   *
   * @param primary a server's name; empty: nobody is known
   */
  public record Reign(String primary, long epoch) {}

  public Sight {
    mode = List.copyOf(mode);
    servers = List.copyOf(servers);
    notes = List.copyOf(notes);
  }

  Reign reign() {
    return new Reign(primary().map(Server::name).orElse(""), epoch);
  }

  public Optional<Server> primary() {
    return servers.stream().filter(Server::primary).findFirst();
  }

  public Optional<Server> server(String name) {
    return servers.stream().filter(s -> s.name().equals(name)).findFirst();
  }
}
