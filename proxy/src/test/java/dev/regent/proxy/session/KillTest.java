package dev.regent.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.seen.Kill;
import dev.regent.proxy.seen.Neighbours;
import dev.regent.proxy.seen.SessionView.Activity;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions seen, killed and sent home from outside. */
class KillTest {
  private static final long OTHER = 0x8000_0005L;

  /** One neighbour, number {@link #OTHER}, thread 42 of db1. */
  private static final class Street implements Neighbours {
    final List<Long> ended = new ArrayList<>();

    @Override
    public Optional<Place> find(long number) {
      return number == OTHER ? Optional.of(new Place(Played.DB1, 42)) : Optional.empty();
    }

    @Override
    public void end(long number) {
      ended.add(number);
    }
  }

  private final Street street = new Street();
  private final Played played = Played.among(street);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "KILL 2147483653 | KILL 42",
        "kill query 2147483653; | kill query 42;",
        "KILL HARD CONNECTION 2147483653 | KILL HARD CONNECTION 42",
        "/* mine */ KILL SOFT QUERY -2147483643 | /* mine */ KILL SOFT QUERY 42",
        "KILL QUERY 7 | KILL QUERY 7",
        "KILL QUERY ID 2147483653 | KILL QUERY ID 2147483653",
        "KILL USER app | KILL USER app",
        "SELECT 2147483653 | SELECT 2147483653"
      })
  void numberOfNeighbourLeavesAsThatOfItsThread(String said, String told) {
    played.query(said);
    assertThat(played.toldText()).isEqualTo(told);
  }

  @Test
  void binaryKillIsTranslatedToo() {
    played.client(Played.framed(0, new PacketWriter().int1(0x0c).int4(OTHER).payload()));
    assertThat(played.told())
        .isEqualTo(Played.framed(0, new PacketWriter().int1(0x0c).int4(42).payload()));
  }

  @Test
  void killedNeighbourEndsOnceItsServerSaysSo() {
    played.query("KILL " + OTHER);
    assertThat(street.ended).isEmpty();
    played.ok(Played.AUTOCOMMIT);
    assertThat(street.ended).containsExactly(OTHER);
  }

  @Test
  void neighbourGoesOnIfTheServerRefusesOrOnlyItsQueryIsKilled() {
    played.query("KILL " + OTHER);
    played.server(Played.framed(1, Trouble.killed().encode()));
    played.query("KILL QUERY " + OTHER);
    played.ok(Played.AUTOCOMMIT);
    assertThat(street.ended).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL 99999999999999999999", "KILL -0", "KILL", "KILL QUERY x", "K"})
  void strangeNumbersAreTheServersBusiness(String said) {
    played.query(said);
    assertThat(played.toldText()).isEqualTo(said);
  }

  @Test
  void longTextIsNotSearched() {
    String text = "KILL " + " ".repeat(300) + OTHER;
    byte[] packet = new PacketWriter().int1(3).text(text).payload();
    assertThat(Kill.in(Command.QUERY, Bytes.of(packet))).isEmpty();
  }

  // --- from outside

  @Test
  void viewTellsWhatTheSessionDoes() {
    assertThat(view().activity()).isEqualTo(Activity.IDLE);
    assertThat(view().server()).contains(Played.DB1);
    assertThat(view().thread()).isEqualTo(7);
    assertThat(view().user()).isEqualTo("app");
    assertThat(view().transaction()).isEmpty();

    played.query("BEGIN");
    played.pass(Duration.ofSeconds(1));
    assertThat(view().activity()).isEqualTo(Activity.EXECUTING);
    assertThat(view().since()).isEqualTo(Duration.ofSeconds(1));
    played.ok(Played.IN_TRANSACTION);
    played.pass(Duration.ofSeconds(2));
    assertThat(view().transaction()).contains(Duration.ofSeconds(2));

    played.query("SET @x=1");
    played.ok(Played.AUTOCOMMIT);
    assertThat(view().pinned()).contains("user variables");
    assertThat(view().transaction()).isEmpty();
  }

  @Test
  void viewTellsOfAWait() {
    played.route(Played.held(1, Played.DB1));
    played.query("SELECT 1");
    played.pass(Duration.ofSeconds(3));
    assertThat(view().activity()).isEqualTo(Activity.WAITING);
    assertThat(view().since()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void idleSessionLeavesAtOnce() {
    played.step(new Input.Leave(false));
    assertThat(played.hungUp).isTrue();
    assertThat(played.said()).isEmpty();
  }

  @Test
  void busySessionLeavesAfterItsTransaction() {
    played.query("BEGIN");
    played.step(new Input.Leave(false));
    assertThat(played.hungUp).isFalse();
    played.ok(Played.IN_TRANSACTION);
    assertThat(played.hungUp).isFalse();
    played.query("COMMIT");
    played.ok(Played.AUTOCOMMIT);
    assertThat(played.said()).endsWith(Played.framed(1, dev.regent.proxy.wire.Ok.encode(2)));
    assertThat(played.hungUp).isTrue();
  }

  @Test
  void killedSessionIsToldIfItWaits() throws MalformedPacketException {
    played.query("SELECT SLEEP(100)");
    played.step(new Input.Leave(true));
    assertThat(played.error().message()).isEqualTo("Connection was killed");
    assertThat(played.hungUp).isTrue();
    assertThat(played.isLinked()).isFalse();
    assertThat(view().activity()).isEqualTo(Activity.ENDED);
  }

  private dev.regent.proxy.seen.SessionView view() {
    return played.session.view("10.1.2.3:5", "0.0.0.0:3307", played.now);
  }
}
