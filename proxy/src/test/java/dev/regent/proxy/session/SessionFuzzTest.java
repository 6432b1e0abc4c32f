package dev.regent.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Sessions on bad days, drawn from one seed: tables that come, close and go back, servers that are
 * lost, refuse or talk nonsense, clients that send ahead. After every event: no write leaves for a
 * server that is not the open primary of the newest epoch, and no write leaves twice unless its
 * server said that it did nothing, or its transaction was lost before a COMMIT left.
 */
class SessionFuzzTest {
  private static final int DAYS = 3_000;
  private static final int EVENTS = 60;
  private static final byte[] READ_ONLY =
      PacketWriter.frame(new Err(1290, "HY000", "running with the --read-only option").encode(), 1);
  private static final byte[] ROWS =
      new Script(1)
          .hex("01")
          .hex("03 646566 00 00 00 01 61 00 0c 3f00 0b000000 03 0000 00 0000")
          .hex("0131")
          .hex("fe 00 00 0200 0000")
          .bytes();

  private int sent;
  private int answered;
  private int refused;
  private int ended;

  @Test
  void noDayBreaksThePromises() {
    for (int day = 0; day < DAYS; day++) {
      new Day(day).play();
    }
    // Days on which nothing happens would prove nothing.
    assertThat(sent).isGreaterThan(DAYS);
    assertThat(answered).isGreaterThan(DAYS);
    assertThat(refused).isGreaterThan(DAYS / 10);
    assertThat(ended).isBetween(DAYS / 10, DAYS);
  }

  private final class Day {
    private final int number;
    private final Random random;
    private final Played played = Played.loggedIn(Capability.DEPRECATE_EOF);
    private final List<String> written = new ArrayList<>();

    /** Of them, those whose transaction is open. */
    private final List<String> pending = new ArrayList<>();

    private boolean open;
    private Optional<String> underWay = Optional.empty();
    private boolean approaching;
    private RoutingTable table = Played.primary(1, Played.DB1);
    private int statements;
    private int links = 1;

    Day(int number) {
      this.number = number;
      this.random = new Random(number);
    }

    void play() {
      for (int i = 0; i < EVENTS && !played.hungUp; i++) {
        event();
        listen();
      }
      ended += played.hungUp ? 1 : 0;
    }

    private void event() {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> played.query(statement());
        case 3, 4, 5, 6 -> serverSpeaks();
        case 7 -> route();
        case 8 -> played.pass(Duration.ofMillis(random.nextInt(3000)));
        default -> {
          if (played.isLinked() && random.nextInt(3) == 0) {
            lose();
            played.loseServer();
          }
        }
      }
    }

    private String statement() {
      statements++;
      return switch (random.nextInt(5)) {
        case 0 -> "SELECT a FROM t";
        case 1 -> "BEGIN";
        case 2 -> "COMMIT";
        default -> "INSERT INTO t VALUES (" + statements + ")";
      };
    }

    private void serverSpeaks() {
      if (!played.isLinked()) {
        return;
      }
      if (approaching) {
        approaching = false;
        if (random.nextInt(4) == 0) {
          played.server(PacketWriter.frame(new Err(1040, "08004", "Too many").encode(), 0));
        } else {
          played.greet();
          played.told();
          played.server(PacketWriter.frame(Ok.encode(Played.AUTOCOMMIT), 2));
          played.told();
          answerErrands();
        }
      } else if (underWay.isPresent()) {
        answer(underWay.get());
      }
    }

    /** Its own statements, until a client's one comes. */
    private void answerErrands() {
      played.ok(Played.AUTOCOMMIT);
    }

    private void answer(String statement) {
      int kind = random.nextInt(8);
      String mine = statement;
      forget();
      if (kind == 0 && mine.startsWith("INSERT")) {
        refused++;
        written.remove(mine);
        lose();
        played.server(READ_ONLY);
      } else if (kind == 1) {
        underWay = Optional.of(mine);
        lose();
        played.server(new byte[] {5, 0, 0, 1, (byte) 0xfe, 0, 0, 2, 0});
      } else if (mine.startsWith("SELECT")) {
        answered++;
        played.server(ROWS);
      } else {
        answered++;
        switch (mine) {
          case "BEGIN" -> {
            open = true;
            pending.clear();
          }
          case "COMMIT" -> {
            open = false;
            pending.clear();
          }
          default -> {
            if (open) {
              pending.add(mine);
            }
          }
        }
        played.ok(open ? Played.IN_TRANSACTION : Played.AUTOCOMMIT);
      }
    }

    /** What was not committed is not there. */
    private void lose() {
      if (open) {
        written.removeAll(pending);
        underWay.filter(s -> !s.equals("COMMIT")).ifPresent(written::remove);
      }
      open = false;
      pending.clear();
      forget();
    }

    private void route() {
      long epoch = table.epoch() + random.nextInt(2);
      boolean same = epoch == table.epoch();
      ServerId other = random.nextBoolean() ? Played.DB1 : Played.DB2;
      ServerId server = same ? table.primary().orElse(other) : other;
      RoutingTable next =
          switch (random.nextInt(3)) {
            case 0 -> Played.held(epoch, server);
            case 1 -> same ? table : new RoutingTable(epoch, Optional.empty(), true, List.of());
            default -> Played.primary(epoch, server);
          };
      table = next;
      int before = played.linked.size();
      boolean linked = played.isLinked();
      played.route(next);
      if (linked && (!played.isLinked() || played.linked.size() > before)) {
        lose();
      }
      if (random.nextInt(4) == 0) {
        // A late word of an earlier epoch changes nothing.
        played.route(Played.primary(Math.max(0, table.epoch() - 1), other));
      }
    }

    /** Whatever was said to the server since: a client's statement must be allowed out now. */
    private void listen() {
      approaching = approaching || links != played.linked.size();
      links = played.linked.size();
      byte[] told = played.told();
      String text =
          told.length < 5 ? "" : new String(told, 5, told.length - 5, StandardCharsets.UTF_8);
      for (String statement : List.of("INSERT", "SELECT", "BEGIN", "COMMIT")) {
        if (text.startsWith(statement)) {
          left(text);
        }
      }
    }

    private void left(String statement) {
      sent++;
      assertThat(table.writesHeld()).as("day %d: %s while held", number, statement).isFalse();
      assertThat(table.primary())
          .as("day %d: %s goes to the primary", number, statement)
          .contains(played.linked.getLast());
      if (statement.startsWith("INSERT")) {
        assertThat(written).as("day %d: sent once", number).doesNotContain(statement);
        written.add(statement);
      }
      underWay = Optional.of(statement);
    }

    private void forget() {
      underWay = Optional.empty();
    }
  }

  /** Mutations of what a client sends: the session ends or goes on, and always with its effects. */
  @Test
  void noClientBreaksASession() {
    Random random = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      Played played = Played.loggedIn();
      byte[] packet = new PacketWriter().int1(random.nextInt(256)).text("SELECT 1").packet(0);
      for (int m = random.nextInt(4); m > 0; m--) {
        packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
      }
      played.client(Bytes.of(packet).copy(0, 1 + random.nextInt(packet.length)));
      if (played.hungUp) {
        ended++;
        assertThat(played.session.over()).isTrue();
      }
    }
    assertThat(ended).isPositive();
  }
}
