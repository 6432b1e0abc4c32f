package dev.regent.cli.client;

import dev.regent.server.publish.Frame;
import dev.regent.server.publish.RunFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Predicate;
import picocli.CommandLine.Option;

/** How every command that asks the daemon finds and asks it. */
public final class DaemonOptions {
  private final Surroundings surroundings;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "the daemon's socket; also from REGENT_SOCKET")
  private String socket = "";

  @Option(names = "--cluster", paramLabel = "NAME", description = "which daemon, where several run")
  private String cluster = "";

  @Option(
      names = "--no-color",
      description = "no colours; also by NO_COLOR, and where the output is no terminal")
  private boolean plain;

  public DaemonOptions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  /** The daemon at this socket, whatever the options say. */
  public void at(String path) {
    socket = path;
  }

  /** Whether the user wants no colours. */
  public boolean plain() {
    return plain;
  }

  /** Asks, copies the answer as it comes, and returns its exit code. */
  public int ask(Ask ask) throws CommandException {
    return answer(ask, this::copied);
  }

  /** Asks, hands over each line of the answer as it comes, and returns its exit code. */
  public int ask(Ask ask, Consumer<Frame> reader) throws CommandException {
    return answer(
        ask,
        frame -> {
          reader.accept(frame);
          return true;
        });
  }

  /** Until the answer ends, or the reader wants no more. */
  private int answer(Ask ask, Predicate<Frame> reader) throws CommandException {
    Path path = find();
    try (SocketChannel channel = connect(path)) {
      send(channel, ask.line(surroundings, !plain) + "\n");
      return read(path, channel, reader);
    } catch (IOException e) {
      throw cutOff(path, e.toString());
    }
  }

  /** Whether a daemon listens where the options lead, to whoever runs this. */
  public boolean reachable() {
    try (SocketChannel channel = connect(find())) {
      return channel.isConnected();
    } catch (CommandException | IOException e) {
      return false;
    }
  }

  private Path find() throws CommandException {
    String named =
        socket.isEmpty() ? surroundings.environment().getOrDefault("REGENT_SOCKET", "") : socket;
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    RunFolder folder =
        RunFolder.standard(surroundings.environment(), surroundings.user(), surroundings.home());
    return DaemonPlace.in(folder, cluster);
  }

  private static SocketChannel connect(Path path) throws CommandException {
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      throw DaemonPlace.unreachable(path, e);
    }
  }

  private static void send(SocketChannel channel, String line) {
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      // A daemon that turns us away may close before it has read; its reason is there to be read.
      return;
    }
  }

  private static int read(Path path, SocketChannel channel, Predicate<Frame> reader)
      throws IOException, CommandException {
    BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    String line;
    while ((line = lines.readLine()) != null) {
      Frame frame = Frame.parse(line);
      if (frame.kind() == Frame.Kind.EXIT) {
        return Integer.parseInt(frame.text());
      }
      if (!reader.test(frame)) {
        return ExitCode.DONE;
      }
    }
    throw cutOff(path, "it closed the connection");
  }

  /** False once whoever reads our output has seen enough. */
  private boolean copied(Frame frame) {
    (frame.kind() == Frame.Kind.ERR ? surroundings.err() : surroundings.out())
        .println(frame.text());
    return !surroundings.out().checkError();
  }

  private static CommandException cutOff(Path path, String why) {
    return new CommandException(
        ExitCode.UNREACHABLE,
        "the daemon at "
            + path
            + " went away before it had answered ("
            + why
            + "). If this was an order, 'regent status' and 'regent events' show what became of"
            + " it.");
  }
}
