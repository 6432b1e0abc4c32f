package dev.regent.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.proxy.wire.Command.Shape;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where responses end: each is played as one chunk, and again byte by byte. */
class ResponseStreamTest {
  private static final long OLD = Capability.PROTOCOL_41;
  private static final long NEW =
      OLD | Capability.DEPRECATE_EOF | Capability.SESSION_TRACK | Capability.PROGRESS;
  private static final String COLUMN =
      "03 646566 00 00 00 01 61 00 0c 3f00 0b000000 03 0000 00 0000";
  private static final String OK = "00 01 00 0200 0000";
  private static final String OLD_END = "fe 0000 0200";
  private static final String NEW_END = "fe 00 00 0200 0000";
  private static final String ERROR = "ff 1504 23 3238303030 4e6f";

  @Test
  void okIsAWholeResponse() throws MalformedPacketException {
    assertThat(endsExactly(Shape.RESULTS, OLD, OK)).hasOnlyElementsOfType(Heard.Done.class);
    assertThat(endsExactly(Shape.OK, OLD, OK)).hasSize(1);
  }

  @Test
  void errorEndsEveryShape() throws MalformedPacketException {
    for (Shape shape : List.of(Shape.OK, Shape.RESULTS, Shape.ROWS, Shape.PREPARED)) {
      assertThat(endsExactly(shape, NEW, ERROR))
          .containsExactly(new Heard.Failed(new Err(1045, "28000", "No")));
    }
    assertThat(endsExactly(Shape.RESULTS, OLD, "01", COLUMN, OLD_END, "0131", ERROR)).hasSize(3);
    assertThat(endsExactly(Shape.RESULTS, OLD, "01", ERROR)).hasSize(2);
  }

  @Test
  void rowsEndWithTheSecondOldEnd() throws MalformedPacketException {
    assertThat(endsExactly(Shape.RESULTS, OLD, "01", COLUMN, OLD_END, "0131", "fb", OLD_END))
        .containsExactly(
            new Heard.Passing(),
            new Heard.End(Status.AUTOCOMMIT),
            new Heard.End(Status.AUTOCOMMIT));
  }

  @Test
  void rowsEndWithTheOnlyNewEnd() throws MalformedPacketException {
    assertThat(endsExactly(Shape.RESULTS, NEW, "02", COLUMN, COLUMN, "01310132", NEW_END))
        .hasSize(2)
        .last()
        .isInstanceOf(Heard.Done.class);
    assertThat(endsExactly(Shape.RESULTS, NEW, "01", COLUMN, NEW_END)).hasSize(2);
  }

  @Test
  void columnsThatTheClientHasAreNotSentAgain() throws MalformedPacketException {
    long cached = NEW | Capability.CACHE_METADATA;
    endsExactly(Shape.RESULTS, cached, "01 00", "00 00 31", NEW_END);
    endsExactly(Shape.RESULTS, cached, "01 01", COLUMN, "00 00 31", NEW_END);
    endsExactly(
        Shape.RESULTS, OLD | Capability.CACHE_METADATA, "01 00", OLD_END, "00 00 31", OLD_END);
  }

  @Test
  void moreResultsFollow() throws MalformedPacketException {
    String okAndMore = "00 01 00 0a00 0000";
    String endAndMore = "fe 0000 0a00";
    endsExactly(
        Shape.RESULTS, OLD, okAndMore, "01", COLUMN, OLD_END, "0131", endAndMore, okAndMore, OK);
    endsExactly(Shape.RESULTS, OLD, okAndMore, ERROR);
    endsExactly(Shape.RESULTS, NEW, "01", COLUMN, "fe 00 00 0a00 0000", OK);
  }

  @Test
  void cursorKeepsItsRows() throws MalformedPacketException {
    endsExactly(Shape.RESULTS, OLD, "01", COLUMN, "fe 0000 4200");
    endsExactly(Shape.RESULTS, NEW, "01", COLUMN, "fe 00 00 4200 0000");
    endsExactly(Shape.ROWS, OLD, "00 00 31", "fe 0000 c200");
  }

  @Test
  void preparedStatementHasParametersAndColumns() throws MalformedPacketException {
    endsExactly(Shape.PREPARED, NEW, "00 07000000 0000 0000 00 0000");
    endsExactly(Shape.PREPARED, NEW, "00 07000000 0100 0000 00 0000", COLUMN);
    endsExactly(Shape.PREPARED, NEW, "00 07000000 0100 0200 00 0000", COLUMN, COLUMN, COLUMN);
    endsExactly(Shape.PREPARED, OLD, "00 07000000 0000 0100 00 0000", COLUMN, OLD_END);
    assertThat(
            endsExactly(
                Shape.PREPARED,
                OLD,
                "00 07000000 0100 0200 00 0000",
                COLUMN,
                COLUMN,
                OLD_END,
                COLUMN,
                OLD_END))
        .startsWith(new Heard.Prepared(7, 2));
  }

  @Test
  void progressIsNoError() throws MalformedPacketException {
    endsExactly(Shape.RESULTS, NEW, "ff ffff 01 01 02 000000 00", OK);
  }

  @Test
  void fileIsWantedAndThenAnswered() throws MalformedPacketException {
    assertThat(endsExactly(Shape.RESULTS, OLD, "fb 2f74", OK))
        .containsExactly(new Heard.FileWanted(), new Heard.Done(new Ok(1, 0, 2, 0, List.of(), 7)));
  }

  @Test
  void statisticsAreText() throws MalformedPacketException {
    endsExactly(Shape.TEXT, OLD, "557074696d65");
    endsExactly(Shape.TEXT, OLD, "ff");
  }

  @Test
  void rowsMayLookLikeEndsAndErrors() throws MalformedPacketException {
    String longRow = "fe 0300000000000000 616263";
    endsExactly(Shape.RESULTS, OLD, "01", COLUMN, OLD_END, longRow, "00", OLD_END);
  }

  @Test
  void rowLongerThanAPacketIsNotLookedAt() throws MalformedPacketException {
    byte[] row = new byte[PacketWriter.PACKET_MAX + 10];
    row[0] = (byte) 0xfe;
    // Continuations that begin like an end and like an error.
    row[PacketWriter.PACKET_MAX] = (byte) 0xff;
    byte[] all =
        new Script(1).hex("01").hex(COLUMN).packet(row).packet(new byte[1]).hex(NEW_END).bytes();
    Recorder recorder = new Recorder();

    assertThat(recorder.play(Shape.RESULTS, NEW, all, 1 << 16)).isTrue();
    assertThat(recorder.passed.toByteArray()).isEqualTo(all);
  }

  @Test
  void rowPassesBeforeItIsComplete() throws MalformedPacketException {
    byte[] all = new Script(1).hex("01").hex(COLUMN).hex("04 61626364").bytes();
    Recorder recorder = new Recorder();
    recorder.play(Shape.RESULTS, NEW, Arrays.copyOf(all, all.length - 2), all.length);

    assertThat(recorder.passed.size()).isEqualTo(all.length - 2);
    assertThat(recorder.stream.insidePacket()).isTrue();
    assertThat(recorder.stream.sequence()).isEqualTo(3);
  }

  @Test
  void strangePacketsAreMalformed() {
    for (String first : List.of("", "00", "fe 0000 0200", "00 01", "fd ffffff", "fc 0000")) {
      assertThatThrownBy(() -> endsExactly(Shape.RESULTS, OLD, first))
          .as(first)
          .isInstanceOf(MalformedPacketException.class);
    }
    assertThatThrownBy(() -> endsExactly(Shape.RESULTS, OLD, "01", COLUMN, "0131"))
        .isInstanceOf(MalformedPacketException.class);
    assertThatThrownBy(() -> endsExactly(Shape.OK, OLD, "01"))
        .isInstanceOf(MalformedPacketException.class);
  }

  /** Plays it in pieces of every size; what is behind the response must be left alone. */
  private static List<Heard> endsExactly(Shape shape, long capabilities, String... packets)
      throws MalformedPacketException {
    Script script = new Script(1);
    List.of(packets).forEach(script::hex);
    byte[] response = script.bytes();
    byte[] all = Arrays.copyOf(response, response.length + 5);
    List<Heard> heard = List.of();
    for (int piece = 1; piece <= all.length; piece++) {
      Recorder recorder = new Recorder();
      assertThat(recorder.play(shape, capabilities, all, piece)).as("over").isTrue();
      assertThat(recorder.passed.toByteArray()).as("pieces of %d", piece).isEqualTo(response);
      heard = List.copyOf(recorder.heard);
    }
    return heard;
  }

  private static final class Recorder implements ResponseStream.Sink {
    final ResponseStream stream = new ResponseStream();
    final List<Heard> heard = new ArrayList<>();
    final ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private Bytes shown = Bytes.of();

    /** Whether the response is over. */
    boolean play(Shape shape, long capabilities, byte[] all, int piece)
        throws MalformedPacketException {
      Response response = new Response(shape, capabilities);
      int used = 0;
      for (int to = Math.min(all.length, piece); ; to = Math.min(all.length, to + piece)) {
        shown = Bytes.of(Arrays.copyOfRange(all, used, to));
        used += stream.read(shown, response, this);
        if (to == all.length || (response.over() && !stream.insidePacket())) {
          return response.over() && !stream.insidePacket();
        }
      }
    }

    @Override
    public void pass(int from, int to) {
      passed.writeBytes(shown.copy(from, to));
    }

    @Override
    public void heard(Heard what, Bytes packet, int from, int to) {
      heard.add(what);
      passed.writeBytes(shown.copy(from, to));
    }
  }
}
