package dev.regent.sim.proxied;

import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Greeting;
import dev.regent.proxy.wire.LoginRequest;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.Ok;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.PacketWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** What a client reads from its connection: packets, put together to answers. */
final class Answers {
  /** A number of eight bytes. */
  private static final int LONGLONG = 8;

  private final long capabilities;
  private byte[] received = new byte[0];
  private boolean greeted;
  private int next;
  private Part part = Part.FIRST;
  private String value = "";

  private boolean preparing;
  private long prepared;
  private int left;

  private enum Part {
    FIRST,
    PARAMETERS,
    COLUMN,
    END_OF_COLUMNS,
    ROWS
  }

  /** One answer. */
  sealed interface Answer {
    record Greeted(Greeting greeting) implements Answer {}

    record Done(int status) implements Answer {}

    record Prepared(long statement) implements Answer {}

    record Failed(Err err) implements Answer {}

    /**
     * @param value of the only row; empty if there was none
     */
    record Result(String value) implements Answer {}
  }

  Answers(long capabilities) {
    this.capabilities = capabilities | Capability.PROTOCOL_41 | Capability.SECURE_CONNECTION;
  }

  /** A command's bytes; its answer begins with packet 1. */
  byte[] query(String sql) {
    begin(false);
    return new PacketWriter().int1(Command.QUERY.code()).text(sql).packet(0);
  }

  private void begin(boolean prepares) {
    next = 1;
    part = Part.FIRST;
    value = "";
    preparing = prepares;
  }

  byte[] prepare(String sql) {
    begin(true);
    return new PacketWriter().int1(Command.PREPARE.code()).text(sql).packet(0);
  }

  /**
   * With two numbers.
   *
   * @param types whether their types are told; if not, those of the last time hold
   */
  byte[] execute(long statement, boolean types, long first, long second) {
    begin(false);
    PacketWriter out =
        new PacketWriter().int1(Command.EXECUTE.code()).int4(statement).int1(0).int4(1).int1(0);
    out.int1(types ? 1 : 0);
    if (types) {
      out.int2(LONGLONG).int2(LONGLONG);
    }
    return out.int8(first).int8(second).packet(0);
  }

  /** Nobody answers it. */
  static byte[] close(long statement) {
    return new PacketWriter().int1(Command.CLOSE.code()).int4(statement).packet(0);
  }

  /** The next answer, if it is whole now. */
  Optional<Answer> hear(byte[] bytes) throws MalformedPacketException {
    received = joined(received, bytes);
    while (received.length >= PacketWriter.HEADER) {
      PacketReader reader = new PacketReader(Bytes.of(received));
      int end = PacketWriter.HEADER + reader.int3();
      int number = reader.int1();
      if (received.length < end) {
        break;
      }
      if (number != next) {
        throw new MalformedPacketException("packet " + number + " where " + next + " is due");
      }
      next++;
      Bytes packet = Bytes.of(Bytes.of(received).copy(PacketWriter.HEADER, end));
      received = Bytes.of(received).copy(end, received.length);
      Optional<Answer> answer = take(packet);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  private Optional<Answer> take(Bytes packet) throws MalformedPacketException {
    if (packet.at(0) == Err.FIRST_BYTE) {
      return Optional.of(new Answer.Failed(Err.decode(packet)));
    }
    if (!greeted) {
      greeted = true;
      next++;
      return Optional.of(new Answer.Greeted(Greeting.decode(packet)));
    }
    boolean end = packet.at(0) == 0xfe && packet.length() < 9;
    switch (part) {
      case FIRST -> {
        if (packet.at(0) == 0 && preparing) {
          return parameters(packet);
        }
        if (packet.at(0) == 0) {
          return Optional.of(new Answer.Done(Ok.decode(packet, capabilities).status()));
        }
        part = Part.COLUMN;
      }
      case PARAMETERS -> {
        left--;
        if (left == 0) {
          return Optional.of(new Answer.Prepared(prepared));
        }
      }
      case COLUMN ->
          part =
              Capability.has(capabilities, Capability.DEPRECATE_EOF)
                  ? Part.ROWS
                  : Part.END_OF_COLUMNS;
      case END_OF_COLUMNS -> part = Part.ROWS;
      case ROWS -> {
        if (end) {
          return Optional.of(new Answer.Result(value));
        }
        value = new PacketReader(packet).lengthEncodedText();
      }
    }
    return Optional.empty();
  }

  private Optional<Answer> parameters(Bytes packet) throws MalformedPacketException {
    PacketReader in = new PacketReader(packet);
    in.skip(1);
    prepared = in.int4();
    in.skip(2);
    left = in.int2() + (Capability.has(capabilities, Capability.DEPRECATE_EOF) ? 0 : 1);
    part = Part.PARAMETERS;
    return Optional.empty();
  }

  /** What a client says to a greeting. */
  byte[] login(Greeting greeting) {
    byte[] proof =
        NativePassword.proof(
            NativePassword.once("secret".getBytes(StandardCharsets.UTF_8)), greeting.seed());
    LoginRequest login =
        new LoginRequest(capabilities, 1 << 24, 45, "app", Bytes.of(proof), "", "", Map.of());
    return PacketWriter.frame(login.encode(), 1);
  }

  private static byte[] joined(byte[] a, byte[] b) {
    return new PacketWriter().bytes(a).bytes(b).payload();
  }
}
