package dev.regent.server.publish;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client: reads its request, lets the service answer, and closes. Runs on its own thread. */
final class Connection implements Runnable, Service.Answer {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** No command of ours comes near it. */
  private static final int REQUEST_BYTES_MAX = 64 * 1024;

  /** A client sends its request as soon as it is connected. */
  private static final Duration REQUEST_DEADLINE = Duration.ofSeconds(5);

  /** A reader that takes nothing for so long (a stopped pager) is given up. */
  private static final Duration WRITE_DEADLINE = Duration.ofSeconds(30);

  private static final int FLUSH_BYTES = 8 * 1024;

  private final SocketChannel channel;
  private final Service service;
  private final ScheduledExecutorService deadlines;
  private final Consumer<Connection> ended;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  /**
   * @param deadlines closes the channel of a connection that waits for too long
   * @param ended told when the channel is closed, perhaps more than once
   */
  Connection(
      SocketChannel channel,
      Service service,
      ScheduledExecutorService deadlines,
      Consumer<Connection> ended) {
    this.channel = channel;
    this.service = service;
    this.deadlines = deadlines;
    this.ended = ended;
  }

  @Override
  public void run() {
    boolean streaming = false;
    try {
      OptionalInt exit = answer();
      streaming = exit.isEmpty();
      if (exit.isPresent()) {
        exit(exit.getAsInt());
      }
    } catch (IOException e) {
      LOG.debug("a client of the command socket is gone: {}", e.toString());
    } finally {
      if (!streaming) {
        close();
      }
    }
  }

  private OptionalInt answer() throws IOException {
    try {
      String peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
      return service.serve(Request.parse(readLine(), peer), this);
    } catch (Request.Mistake e) {
      err("regent: " + e.getMessage());
      return OptionalInt.of(2);
    } catch (RuntimeException e) {
      LOG.error("a request on the command socket failed", e);
      err("regent: internal error in the daemon: " + e + "; its log has the details");
      return OptionalInt.of(1);
    }
  }

  /** Turns a client away. */
  void refuse(String why) {
    try {
      err("regent: " + why);
      exit(1);
    } catch (IOException e) {
      LOG.debug("a client left before it was turned away: {}", e.toString());
    } finally {
      close();
    }
  }

  private String readLine() throws IOException, Request.Mistake {
    ByteBuffer buffer = ByteBuffer.allocate(REQUEST_BYTES_MAX);
    try (Deadline _ = new Deadline(REQUEST_DEADLINE)) {
      while (buffer.hasRemaining()) {
        int start = buffer.position();
        if (channel.read(buffer) < 0) {
          throw new IOException("end of stream before the end of the request");
        }
        for (int i = start; i < buffer.position(); i++) {
          if (buffer.get(i) == '\n') {
            return new String(buffer.array(), 0, i, StandardCharsets.UTF_8);
          }
        }
      }
    }
    throw new Request.Mistake("the request is longer than " + REQUEST_BYTES_MAX + " bytes");
  }

  @Override
  public void out(String line) throws IOException {
    write(new Frame(Frame.Kind.OUT, line));
  }

  @Override
  public void err(String line) throws IOException {
    write(new Frame(Frame.Kind.ERR, line));
  }

  private void exit(int code) throws IOException {
    write(new Frame(Frame.Kind.EXIT, Integer.toString(code)));
    flush();
  }

  private void write(Frame frame) throws IOException {
    pending.writeBytes(frame.bytes());
    if (pending.size() >= FLUSH_BYTES) {
      flush();
    }
  }

  @Override
  public void flush() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
    pending.reset();
    try (Deadline _ = new Deadline(WRITE_DEADLINE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  @Override
  public Topic.Sink<String> stream() throws IOException {
    flush();
    channel.configureBlocking(false);
    return new Stream();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a command connection: {}", e.toString());
    } finally {
      ended.accept(this);
    }
  }

  /** Closes the channel, and so ends every wait on it, unless it is over in time. */
  private final class Deadline implements AutoCloseable {
    private final Future<?> alarm;

    Deadline(Duration time) {
      alarm =
          deadlines.schedule(
              () -> {
                channel.close();
                return null;
              },
              time.toMillis(),
              TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
      alarm.cancel(false);
    }
  }

  /** Writes whole lines without waiting; the socket's own buffer is the only queue. */
  private final class Stream implements Topic.Sink<String> {
    private final ByteBuffer ignored = ByteBuffer.allocate(1024);

    @Override
    public boolean offer(String value) {
      ByteBuffer bytes = ByteBuffer.wrap(new Frame(Frame.Kind.OUT, value).bytes());
      try {
        channel.write(bytes);
        return !bytes.hasRemaining();
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public boolean alive() {
      try {
        return channel.read(ignored.clear()) >= 0;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void close() {
      Connection.this.close();
    }
  }
}
