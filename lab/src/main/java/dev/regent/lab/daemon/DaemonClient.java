package dev.regent.lab.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Speaks to a daemon over its socket, as {@code regent}'s client commands do. */
public final class DaemonClient {
  private final Path socket;

  public DaemonClient(Path socket) {
    this.socket = socket;
  }

  /**
   * What a command answered.
   *
   * @param exit its exit code; -1 if the daemon went away before it said one
   */
  public record Answer(int exit, List<String> out, List<String> err) {
    public Answer {
      out = List.copyOf(out);
      err = List.copyOf(err);
    }

    public String text() {
      return String.join("\n", out) + (err.isEmpty() ? "" : "\n" + String.join("\n", err));
    }
  }

  /**
   * Runs one command and waits for its end.
   *
   * @param arguments JSON members, e.g. {@code "force":true}; empty for none
   */
  public Answer run(String command, String arguments) throws IOException {
    List<String> out = new ArrayList<>();
    List<String> err = new ArrayList<>();
    int exit = -1;
    try (SocketChannel channel = open();
        BufferedReader lines = ask(channel, command, arguments)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("out:")) {
          out.add(line.substring(4));
        } else if (line.startsWith("err:")) {
          err.add(line.substring(4));
        } else if (line.startsWith("exit:")) {
          exit = Integer.parseInt(line.substring(5));
        }
      }
    }
    return new Answer(exit, out, err);
  }

  SocketChannel open() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  static BufferedReader ask(SocketChannel channel, String command, String arguments)
      throws IOException {
    String request =
        "{\"command\":\"" + command + "\",\"args\":{" + arguments + "},\"user\":\"lab\"}\n";
    ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    return new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
  }
}
