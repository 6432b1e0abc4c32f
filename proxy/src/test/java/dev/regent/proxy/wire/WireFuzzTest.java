package dev.regent.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.wire.Command.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Mutated streams, 100,000 of them from one seed: each is read to its end or refused as malformed,
 * and never more is used than is there.
 */
class WireFuzzTest {
  private static final int STREAMS = 100_000;
  private static final String COLUMN =
      "03 646566 00 00 00 01 61 00 0c 3f00 0b000000 03 0000 00 0000";
  private static final List<String[]> RESPONSES =
      List.of(
          new String[] {"00 01 00 0200 0000"},
          new String[] {"00 01 00 0240 0000 00 0f 00 0d 0a 6175746f636f6d6d6974 01 31"},
          new String[] {"01", COLUMN, "fe 0000 0200", "0131", "fe 0000 0a00", "00 00 00 0200 0000"},
          new String[] {"02", COLUMN, COLUMN, "01310132", "fe 00 00 0200 0000"},
          new String[] {"00 07000000 0100 0200 00 0000", COLUMN, COLUMN, COLUMN},
          new String[] {"fb 2f74", "00 01 00 0200 0000"},
          new String[] {"ff 1504 23 3238303030 4e6f"});

  @Test
  void everyStreamEndsOrIsRefused() {
    Random random = new Random(20261130);
    int ended = 0;
    int refused = 0;
    for (int i = 0; i < STREAMS; i++) {
      Script script = new Script(1);
      List.of(RESPONSES.get(random.nextInt(RESPONSES.size()))).forEach(script::hex);
      try {
        ended += play(mutate(script.bytes(), random), random) ? 1 : 0;
      } catch (MalformedPacketException e) {
        refused++;
      }
    }
    // Both happen often, else the mutations are too mild or too wild.
    assertThat(ended).isGreaterThan(STREAMS / 20);
    assertThat(refused).isGreaterThan(STREAMS / 20);
  }

  @Test
  void everyLoginIsReadOrRefused() {
    Random random = new Random(20261131);
    byte[] login =
        Script.bytes(
            "84a2bf01 00000001 2d 00000000000000000000000000000000000000 05000000 61707000"
                + "14 0102030405060708090a0b0c0d0e0f1011121314 6d7973716c00 06 02 6162 02 6364");
    int read = 0;
    for (int i = 0; i < STREAMS; i++) {
      Bytes packet = Bytes.of(mutate(login, random));
      try {
        LoginRequest.decode(packet, -1L);
        ChangeUser.decode(packet, -1L, 1);
        Greeting.decode(packet);
        read++;
      } catch (MalformedPacketException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(read).isLessThan(STREAMS);
  }

  private static boolean play(byte[] all, Random random) throws MalformedPacketException {
    Shape[] shapes = {Shape.OK, Shape.RESULTS, Shape.ROWS, Shape.PREPARED, Shape.TEXT};
    Response response = new Response(shapes[random.nextInt(shapes.length)], random.nextLong());
    ResponseStream stream = new ResponseStream();
    int used = 0;
    int to = 0;
    while (to < all.length) {
      to = Math.min(all.length, to + 1 + random.nextInt(all.length));
      Bytes shown = Bytes.of(all).part(used, to);
      int[] passed = new int[1];
      int now =
          stream.read(
              shown,
              response,
              new ResponseStream.Sink() {
                @Override
                public void pass(int from, int end) {
                  assertThat(from).isEqualTo(passed[0]);
                  passed[0] = end;
                }

                @Override
                public void heard(Heard heard, Bytes packet, int from, int end) {
                  pass(from, end);
                }
              });
      // Everything that was used was shown to the sink, in order, once.
      assertThat(now).isEqualTo(passed[0]).isLessThanOrEqualTo(shown.length());
      used += now;
    }
    return response.over();
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) 0xff;
        default -> bytes = Bytes.of(bytes).copy(0, Math.max(1, at));
      }
    }
    return bytes;
  }
}
