package dev.regent.server.publish;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One connection to a command socket, as any program could make it. */
public final class TestingClient implements AutoCloseable {
  private final SocketChannel channel;
  private final BufferedReader lines;

  public TestingClient(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
  }

  /** Sends one line. A daemon that turns us away may close before it has read it, and says why. */
  public TestingClient send(String request) {
    try {
      channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      // What it said is there to be read.
      return this;
    }
    return this;
  }

  /** The next line; the empty text at the end. */
  public String line() throws IOException {
    String line = lines.readLine();
    return line == null ? "" : line;
  }

  /** All lines up to the exit code, or to the end if there is none. */
  public List<String> rest() throws IOException {
    List<String> all = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      all.add(line);
      if (line.startsWith("exit:")) {
        break;
      }
    }
    return all;
  }

  /** What a daemon answers to one request. */
  public static List<String> ask(Path socket, String request) throws IOException {
    try (TestingClient client = new TestingClient(socket)) {
      return client.send(request).rest();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
