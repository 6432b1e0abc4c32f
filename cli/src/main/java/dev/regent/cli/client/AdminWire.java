package dev.regent.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * The client's side of the protocol of MaxScale 1.2: {@code USER}, {@code PASSWORD}, then one
 * command after the other, each answered with text and {@code OK} on a line of its own.
 */
public final class AdminWire implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration LOG_IN = Duration.ofSeconds(10);

  /** A role change is answered when it has ended. */
  private static final Duration ANSWER = Duration.ofMinutes(16);

  private static final int ANSWER_BYTES_MAX = 16 << 20;

  private final Socket socket;
  private final String where;

  private AdminWire(Socket socket, String where) {
    this.socket = socket;
    this.where = where;
  }

  public static AdminWire connect(String host, int port) throws CommandException {
    String where = host + ":" + port;
    try {
      return new AdminWire(reach(host, port), where);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "nobody answers maxadmin at "
              + where
              + " ("
              + e.getMessage()
              + "): is [maxadmin] port set in regent.toml, and the daemon running?");
    }
  }

  /** At whichever of its addresses answers: localhost is two, and the port may be on one. */
  private static Socket reach(String host, int port) throws IOException {
    IOException last = new IOException("it has no address");
    for (InetAddress address : InetAddress.getAllByName(host)) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(address, port), (int) CONNECT.toMillis());
        return socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw last;
  }

  public void logIn(String user, String password) throws CommandException {
    try {
      socket.setSoTimeout((int) LOG_IN.toMillis());
      expect("USER");
      send(user);
      expect("PASSWORD");
      send(password);
      if (read(6).equals("FAILED")) {
        throw new CommandException(
            ExitCode.HELD,
            where + " refuses user '" + user + "' or the password: see [maxadmin] in regent.toml");
      }
      socket.setSoTimeout((int) ANSWER.toMillis());
    } catch (IOException e) {
      throw cut(e.toString());
    }
  }

  private void expect(String word) throws IOException {
    String said = read(word.length());
    if (!said.equals(word)) {
      throw new IOException("it says '" + said + "' where maxadmin's protocol says " + word);
    }
  }

  private String read(int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), UTF_8);
  }

  private void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  /** The answer's text, with its line ends. */
  public String ask(String command) throws CommandException {
    try {
      send(command);
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      while (answer.size() < ANSWER_BYTES_MAX) {
        int length = in.read(buffer);
        if (length < 0) {
          throw cut("it closed the connection");
        }
        answer.write(buffer, 0, length);
        String text = answer.toString(UTF_8);
        if (text.equals("OK") || text.endsWith("\nOK")) {
          return text.substring(0, text.length() - 2);
        }
      }
      throw cut("its answer does not end");
    } catch (IOException e) {
      throw cut(e.toString());
    }
  }

  private CommandException cut(String why) {
    return new CommandException(
        ExitCode.UNREACHABLE,
        "the session with "
            + where
            + " broke ("
            + why
            + "). If this was an order, 'regent status' and 'regent events' show what became of"
            + " it.");
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more either way.
      return;
    }
  }
}
