package dev.regent.proxy.session;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.Err;
import dev.regent.proxy.wire.Heard;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Response;
import dev.regent.proxy.wire.ResponseStream;
import dev.regent.proxy.wire.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the proxy says to a server in its own name, one thing after the other: variables, statements
 * to be prepared, a transaction once more. The client hears nothing of the answers.
 */
final class Errands {
  /** What comes of some bytes of the server's. */
  sealed interface Result {
    record Incomplete() implements Result {}

    /** Say this. */
    record Next(Packet packet) implements Result {}

    record Done(int status) implements Result {}

    record Failed(Err err) implements Result {}

    /** The server was to have the role, and takes no writes. */
    record Closed() implements Result {}

    /** A transaction that was repeated was answered otherwise than before. */
    record Differs() implements Result {}

    /** The server may have taken back the transaction that it was in. */
    record Broken() implements Result {}
  }

  private final Deque<Errand> queue;
  private final Link link;
  private final Memory memory;
  private final long capabilities;
  private Optional<Talk> talk = Optional.empty();
  private int status;
  private int used;
  private boolean anyDone;
  private boolean reused;

  /** A token was refused: the transaction may have gone with it. */
  private boolean marking;

  Errands(List<Errand> all, Link link, Memory memory, long capabilities) {
    this.queue = new ArrayDeque<>(all);
    this.link = link;
    this.memory = memory;
    this.capabilities = capabilities;
  }

  /**
   * What to say next, or that nothing is left.
   *
   * @param before the server's status until now
   */
  Result begin(int before) {
    status = before;
    Errand errand = queue.poll();
    if (errand == null) {
      return new Result.Done(status);
    }
    talk = Optional.of(new Talk(errand));
    return new Result.Next(new Packet(packet(errand)));
  }

  /** The link was another session's. */
  void reused() {
    reused = true;
  }

  boolean anyDone() {
    return anyDone;
  }

  /** Whether the session goes on elsewhere meanwhile. */
  boolean ahead() {
    return link.ahead;
  }

  /** How many of the bytes the last {@link #read} used. */
  int used() {
    return used;
  }

  Result read(Bytes in) throws MalformedPacketException {
    Talk current = talk.orElseThrow();
    used = current.stream.read(in, current.response, current);
    if (!current.response.over() || current.stream.insidePacket()) {
      return new Result.Incomplete();
    }
    return switch (current.errand) {
      case Errand.Begin begin -> {
        if (begin.leads() && current.failed.filter(Trouble::isNoValue).isPresent()) {
          yield new Result.Closed();
        }
        yield current.failed.<Result>map(Result.Failed::new).orElseGet(this::next);
      }
      case Errand.Say say -> current.failed.<Result>map(Result.Failed::new).orElseGet(this::next);
      case Errand.Ping ping -> {
        if (current.failed.isPresent()) {
          yield new Result.Failed(current.failed.get());
        }
        yield marking && !Status.has(status, Status.IN_TRANSACTION) ? new Result.Broken() : next();
      }
      case Errand.Prepare prepare -> {
        if (current.failed.isPresent() || current.number.isEmpty()) {
          yield new Result.Failed(current.failed.orElseThrow());
        }
        link.prepared.put(prepare.statement().number(), current.number.getAsLong());
        yield next();
      }
      case Errand.Mark mark -> marked(mark, current);
      case Errand.Ask ask -> {
        if (current.failed.isPresent()) {
          yield new Result.Failed(current.failed.get());
        }
        yield learn(ask.topic(), current.firstColumn());
      }
      case Errand.Repeat repeat -> {
        if (current.failed.filter(Trouble::isReadOnly).isPresent()) {
          yield new Result.Failed(current.failed.get());
        }
        yield current.digest.value() == repeat.entry().digest() ? next() : new Result.Differs();
      }
    };
  }

  /** Without its token the transaction goes on, if it is still there. */
  private Result marked(Errand.Mark mark, Talk talk) {
    if (talk.failed.isPresent()) {
      link.unmarkable = true;
      marking = true;
      queue.add(new Errand.Ping());
    } else if (talk.persisted) {
      // In the binary log already, whatever becomes of the transaction: its table has none.
      link.unmarkable = true;
    } else {
      link.token = OptionalLong.of(mark.number());
    }
    return next();
  }

  private Result learn(Errand.Topic topic, String text) {
    switch (topic) {
      case TOKENS -> link.found = Optional.of(!text.equals("0"));
      case POSITIONS -> memory.learned(text);
    }
    return next();
  }

  private Result next() {
    anyDone = true;
    return begin(status);
  }

  private byte[] packet(Errand errand) {
    return switch (errand) {
      case Errand.Begin begin -> query(Memory.tellAll(begin.leads(), reused, capabilities));
      case Errand.Say say -> query(say.sql());
      case Errand.Mark mark -> query(mark.sql());
      case Errand.Ask ask -> query(ask.sql());
      case Errand.Ping ping -> new PacketWriter().int1(Command.PING.code()).packet(0);
      case Errand.Prepare prepare -> prepare.statement().packet().bytes();
      case Errand.Repeat repeat -> {
        link.repeating = true;
        yield repeat.entry().outgoing(link);
      }
    };
  }

  private static byte[] query(String sql) {
    return new PacketWriter()
        .int1(Command.QUERY.code())
        .bytes(sql.getBytes(StandardCharsets.UTF_8))
        .packet(0);
  }

  /** One errand and its answer. */
  private final class Talk implements ResponseStream.Sink {
    private final Errand errand;
    private final Response response;
    private final ResponseStream stream = new ResponseStream();
    private final Digest digest = new Digest();
    private byte[] row = new byte[0];
    private boolean persisted;
    private Optional<Err> failed = Optional.empty();
    private OptionalLong number = OptionalLong.empty();

    Talk(Errand errand) {
      this.errand = errand;
      Command command =
          switch (errand) {
            case Errand.Begin begin -> Command.QUERY;
            case Errand.Say say -> Command.QUERY;
            case Errand.Mark mark -> Command.QUERY;
            case Errand.Ask ask -> Command.QUERY;
            case Errand.Ping ping -> Command.PING;
            case Errand.Prepare prepare -> Command.PREPARE;
            case Errand.Repeat repeat -> repeat.entry().command();
          };
      this.response = new Response(command.shape(), capabilities);
    }

    @Override
    public void pass(int from, int to) {}

    @Override
    public boolean sums() {
      return true;
    }

    @Override
    public void row(byte[] bytes, int from, int to) {
      digest.row(bytes, from, to);
      if (errand instanceof Errand.Ask) {
        int length = row.length;
        row = Arrays.copyOf(row, length + to - from);
        System.arraycopy(bytes, from, row, length, to - from);
      }
    }

    String firstColumn() throws MalformedPacketException {
      return new PacketReader(Bytes.of(row)).lengthEncodedText();
    }

    @Override
    public void heard(Heard heard, Bytes packet, int from, int to) throws MalformedPacketException {
      digest.heard(heard);
      switch (heard) {
        case Heard.Done done -> {
          status = done.ok().status();
          persisted = Memory.tellsOfTransaction(done.ok());
          boolean sets = errand instanceof Errand.Begin || errand instanceof Errand.Say;
          if (sets && !link.ahead) {
            // It tells of variables: the client's own ones, or the server's to begin with.
            memory.heardFirst(done.ok());
          }
        }
        case Heard.End end -> status = end.status();
        case Heard.Failed why -> failed = Optional.of(why.err());
        case Heard.Prepared prepared -> number = OptionalLong.of(prepared.statement());
        case Heard.FileWanted wanted ->
            throw new MalformedPacketException("a file is wanted that nobody offered");
        case Heard.Passing passing -> {}
        case Heard.Text text -> {}
      }
    }
  }
}
