package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.DB3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.session.Settings.Kind;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.PacketWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Streams of packets that somebody damaged, of clients and now and then of servers, on listeners of
 * each kind. Each stream is a seed: nothing is thrown, no whole packet lies about unheeded while
 * every server is silent, and who has gone leaves nothing behind: no link, no count, no byte.
 */
class MalformedStreamTest {
  private static final int STREAMS = 100_000;
  private static final int COMMANDS_MAX = 8;
  private static final int ANSWERS_MAX = 60;
  private static final int MUTATIONS_MAX = 3;

  /** Longer than what the proxy waits for in vain, in all. */
  private static final int PAUSES = 80;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final List<Kind> KINDS =
      List.of(Kind.READ_WRITE_SPLIT, Kind.PRIMARY, Kind.REPLICA);

  private static final List<String> TEXTS =
      List.of(
          "SELECT a FROM t",
          "INSERT INTO t VALUES (1)",
          "BEGIN",
          "COMMIT",
          "START TRANSACTION READ ONLY",
          "SET sql_mode=''",
          "LOAD DATA LOCAL INFILE 'rows' INTO TABLE t",
          "KILL QUERY 2147483648",
          "SELECT LAST_INSERT_ID()",
          "USE shop");

  private int ended;
  private int served;
  private int severalLinks;

  @Test
  void damagedStreamsHarmTheirSessionAlone() {
    for (int seed = 0; seed < STREAMS; seed++) {
      try {
        new Stream(seed).play();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("stream " + seed, e);
      }
    }
    // Streams that are all refused at once, or all understood, would prove little.
    assertThat(ended).isBetween(STREAMS / 10, STREAMS);
    assertThat(served).isGreaterThan(STREAMS);
    assertThat(severalLinks).isGreaterThan(STREAMS / 20);
  }

  private final class Stream {
    private final Random random;
    private final Played played;
    private final Map<Integer, AutoServer> servers = new TreeMap<>();

    Stream(int seed) {
      random = new Random(seed * 7919L);
      long capabilities = Capability.DEPRECATE_EOF | Capability.SESSION_TRACK;
      Kind kind = KINDS.get(seed % KINDS.size());
      played = new Played(capabilities, kind, Settings.Reads.USUAL, Played.table(1, DB1, DB2, DB3));
    }

    void play() {
      played.said();
      byte[] login = played.framedRequest("secret");
      boolean early = random.nextInt(10) == 0;
      send(early ? damaged(login) : login);
      byte[] stream = commands();
      send(early ? stream : damaged(stream));
      for (int i = 0; i < PAUSES && played.wholePacketWaits() && !played.hungUp; i++) {
        played.pass(PAUSE);
        serversAnswer();
      }
      if (played.hungUp) {
        ended++;
        must(played.session.over(), "who hangs up is over");
      } else {
        must(!played.wholePacketWaits(), "a whole packet lies about");
      }
      severalLinks += played.linked.size() > 1 ? 1 : 0;
      played.clientLeaves();
      nothingIsLeft();
    }

    private void nothingIsLeft() {
      must(played.session.over(), "who has gone is over");
      must(played.numbers().isEmpty(), "no link is left");
      must(played.budget.taken() == 0, "no byte is left");
      for (ServerId server : List.of(DB1, DB2, DB3)) {
        must(played.fleet.sessions(server) == 0, "no session is counted");
        must(played.fleet.statements(server) == 0, "no statement is counted");
      }
    }

    /** AssertJ would cost more than all the rest. */
    private static void must(boolean held, String what) {
      if (!held) {
        throw new AssertionError("not so: " + what);
      }
    }

    /** In pieces, as a network does. */
    private void send(byte[] stream) {
      int at = 0;
      while (at < stream.length && !played.hungUp) {
        int end = Math.min(stream.length, at + 1 + random.nextInt(2 * stream.length));
        played.client(Arrays.copyOfRange(stream, at, end));
        at = end;
        serversAnswer();
      }
    }

    private byte[] commands() {
      PacketWriter all = new PacketWriter();
      for (int i = 1 + random.nextInt(COMMANDS_MAX); i > 0; i--) {
        all.bytes(command());
      }
      return all.payload();
    }

    private byte[] command() {
      PacketWriter packet = new PacketWriter();
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> packet.int1(0x03).text(TEXTS.get(random.nextInt(TEXTS.size())));
        case 4 -> packet.int1(0x16).text("INSERT INTO t VALUES (?)");
        case 5 -> packet.int1(0x16).text("SELECT a FROM t WHERE a=?");
        case 6, 7 -> execution(packet.int1(0x17));
        case 8 -> packet.int1(0x18).int4(1 + random.nextInt(2)).int2(0).text("long");
        case 9 -> packet.int1(random.nextBoolean() ? 0x19 : 0x1a).int4(1 + random.nextInt(2));
        case 10 -> execution(packet.int1(0xfa));
        default -> packet.int1(random.nextInt(256)).int4(random.nextInt());
      }
      return packet.packet(0);
    }

    private void execution(PacketWriter packet) {
      packet.int4(random.nextInt(4) == 0 ? -1 : 1 + random.nextInt(2));
      packet.int1(random.nextInt(8) == 0 ? 1 : 0).int4(1).int1(0).int1(1).int1(3).int1(0).int4(5);
    }

    private byte[] damaged(byte[] stream) {
      byte[] worse = stream.clone();
      for (int i = 1 + random.nextInt(MUTATIONS_MAX); i > 0 && worse.length > 1; i--) {
        int at = random.nextInt(worse.length);
        int to = at + random.nextInt(Math.min(16, worse.length - at));
        switch (random.nextInt(5)) {
          case 0, 1 -> worse[at] = (byte) random.nextInt(256);
          case 2 -> worse[at] ^= (byte) (1 << random.nextInt(8));
          case 3 -> worse = spliced(worse, at, to, new byte[0]);
          default -> worse = spliced(worse, at, at, Arrays.copyOfRange(worse, at, to));
        }
      }
      return worse;
    }

    private static byte[] spliced(byte[] all, int from, int to, byte[] instead) {
      return new PacketWriter()
          .bytes(Arrays.copyOf(all, from))
          .bytes(instead)
          .bytes(Arrays.copyOfRange(all, to, all.length))
          .payload();
    }

    /** Until they have nothing to say any more; now and then one breaks, or talks nonsense. */
    private void serversAnswer() {
      int answers = 0;
      for (boolean again = true; again && answers < ANSWERS_MAX; ) {
        again = played.refreshes;
        if (again) {
          played.refreshes = false;
          played.refreshed();
        }
        for (int number : List.copyOf(played.numbers())) {
          Optional<byte[]> answer = answer(number);
          if (answer.isPresent()) {
            again = true;
            answers++;
            served++;
            speak(number, answer.get());
          }
        }
      }
      must(answers < ANSWERS_MAX, "the talk has an end");
    }

    private Optional<byte[]> answer(int number) {
      return played.numbers().contains(number)
          ? servers.computeIfAbsent(number, n -> new AutoServer()).says(played.told(number))
          : Optional.empty();
    }

    private void speak(int number, byte[] answer) {
      switch (random.nextInt(100)) {
        case 0 -> played.loseServer(number);
        case 1 -> {
          played.server(number, damaged(answer));
          // It cannot be believed after that, nor need it ever say more.
          if (played.numbers().contains(number)) {
            played.loseServer(number);
          }
        }
        default -> played.server(number, answer);
      }
    }
  }
}
