package dev.regent.sim.contract;

import dev.regent.sim.contract.Facts.Fact;
import java.util.List;

/**
 * A story about servers, and the facts that it establishes.
 *
 * @param name what it tells, unique
 * @param source where the fact was measured or read first: a chapter of our notes
 * @param setting how the cluster stands when the story begins
 */
public record ContractCase(String name, String source, Setting setting, Story story) {

  /**
   * How a cluster stands at the beginning. Server 1 is the primary and writable, the others are
   * read-only and follow it by GTID, connected and caught up; logs, positions and the table are
   * empty, strict mode is on, logs are durable, and a server that is started again follows nobody
   * until told.
   *
   * @param servers one to three
   * @param semiSync commits wait without end for one acknowledgement, AFTER_SYNC; every replica
   *     acknowledges
   */
  public record Setting(int servers, boolean semiSync) {
    public static Setting async(int servers) {
      return new Setting(servers, false);
    }

    public static Setting safe(int servers) {
      return new Setting(servers, true);
    }
  }

  /** Does things to a cluster that stands as the setting says, and notes what it saw. */
  @FunctionalInterface
  public interface Story {
    void tell(Subject subject, Facts facts);
  }

  /** Tells the story to this subject, which stands as the setting says. */
  public List<Fact> tell(Subject subject) {
    Facts facts = new Facts();
    story.tell(subject, facts);
    if (facts.all().isEmpty()) {
      throw new CaseBroken(name + " establishes nothing");
    }
    return facts.all();
  }

  @Override
  public String toString() {
    return name;
  }
}
