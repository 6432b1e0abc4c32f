package dev.regent.lab.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.sim.contract.ContractCase;
import dev.regent.sim.facts.Contract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract, told to real servers. Each version has two clusters, one with semi-sync, and all of
 * them tell their stories at the same time: most of it is waiting.
 *
 * <p>{@code -Dregent.contract.servers=11.4,/a/path/to/mariadbd} takes other servers than the two
 * that the build has.
 */
@Tag("real")
class ContractTest {
  private static final String SERVERS = "regent.contract.servers";
  private static final String DATA = "regent.lab.data";

  private static final List<ContractCase> STORIES = Contract.all();
  private static final List<Seat> SEATS = new ArrayList<>();
  private static boolean chose;

  /**
   * Where the lab puts data otherwise, in the shared memory of the machine, InnoDB maps its log
   * into memory, and what it has not flushed outlives its process: not so on a disk.
   */
  @BeforeAll
  static void begin() {
    chose = System.getProperty(DATA, "").isEmpty();
    if (chose) {
      System.setProperty(DATA, System.getProperty("java.io.tmpdir"));
    }
    for (String wanted : System.getProperty(SERVERS, "11.4,10.11").split(",", -1)) {
      for (boolean semiSync : new boolean[] {true, false}) {
        SEATS.add(new Seat(wanted, withSemiSync(semiSync)));
      }
    }
    SEATS.forEach(Seat::begin);
  }

  private static List<ContractCase> withSemiSync(boolean semiSync) {
    return STORIES.stream().filter(story -> story.setting().semiSync() == semiSync).toList();
  }

  static List<ContractCase> stories() {
    return STORIES;
  }

  @AfterAll
  static void end() throws InterruptedException {
    for (Seat seat : SEATS) {
      seat.end();
      System.out.println("contract: " + seat.summary());
    }
    if (chose) {
      System.clearProperty(DATA);
    }
  }

  @ParameterizedTest
  @MethodSource("stories")
  void realServersDoAs(ContractCase story) throws Exception {
    List<String> complaints = new ArrayList<>();
    for (Seat seat : SEATS) {
      complaints.addAll(seat.result(story));
    }
    assertThat(complaints).as(story.source()).isEmpty();
  }
}
