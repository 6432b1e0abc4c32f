package dev.regent.lab.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.machine.LabException;
import dev.regent.lab.machine.Parallel;
import dev.regent.sim.contract.CaseBroken;
import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.contract.Facts.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract, told to real servers. All versions tell a story at the same time: most of it is
 * waiting.
 *
 * <p>{@code -Dregent.contract.servers=11.4,/a/path/to/mariadbd} takes other servers than the two
 * that the build has.
 */
@Tag("real")
class ContractTest {
  private static final String SERVERS = "regent.contract.servers";
  private static final String DATA = "regent.lab.data";

  private static final List<Seat> SEATS =
      Stream.of(System.getProperty(SERVERS, "11.4,10.11").split(",", -1)).map(Seat::new).toList();

  private static boolean chose;

  /** One version's cluster; a new one after a story that broke. */
  private static final class Seat {
    private final String wanted;
    private @Nullable RealSubject subject;
    private int facts;

    Seat(String wanted) {
      this.wanted = wanted;
    }

    /** What does not hold, or what went wrong. */
    List<String> tell(ContractCase story) {
      RealSubject mine = subject == null ? RealSubject.start(wanted) : subject;
      subject = mine;
      List<String> complaints = new ArrayList<>();
      try {
        mine.prepare(story.setting());
        List<Fact> seen = story.tell(mine);
        facts += seen.size();
        seen.stream().filter(fact -> !fact.holds()).map(Fact::toString).forEach(complaints::add);
        complaints.addAll(mine.casualties());
      } catch (CaseBroken | LabException e) {
        complaints.add(e.getMessage() + "\n" + mine.logs());
        close();
      }
      return complaints.stream().map(complaint -> mine.version() + ": " + complaint).toList();
    }

    void close() {
      if (subject != null) {
        subject.close();
        subject = null;
      }
    }
  }

  /**
   * Where the lab puts data otherwise, in the shared memory of the machine, InnoDB maps its log
   * into memory, and what it has not flushed outlives its process: not so on a disk.
   */
  @BeforeAll
  static void putDataOnADisk() {
    chose = System.getProperty(DATA, "").isEmpty();
    if (chose) {
      System.setProperty(DATA, System.getProperty("java.io.tmpdir"));
    }
  }

  @AfterAll
  static void close() {
    for (Seat seat : SEATS) {
      System.out.printf("contract: %d facts of server %s%n", seat.facts, seat.wanted);
      seat.close();
    }
    if (chose) {
      System.clearProperty(DATA);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.regent.sim.facts.Contract#all")
  void realServersDoAs(ContractCase story) {
    List<String> complaints =
        Parallel.map(SEATS, seat -> seat.tell(story)).stream().flatMap(List::stream).toList();
    assertThat(complaints).as(story.source()).isEmpty();
  }
}
