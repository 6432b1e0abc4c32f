package dev.regent.lab.net;

import dev.regent.lab.machine.Tools;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;

/**
 * A party on a lab's network: a server, the manager, the clients. It lives in a network namespace
 * of its own; enough to find it again from another process.
 *
 * @param name what it is, e.g. "server1"; its port at the router has the same name
 * @param namespace the name of its namespace, unique on this machine
 * @param number from 1; the last part of its address
 */
public record Host(String name, String namespace, int number) {
  /**
   * From the block that RFC 2544 sets aside for tests of networks. It exists inside the namespaces
   * only, so that every lab has the same addresses.
   */
  static final String BLOCK = "198.18.0.";

  static final int NUMBER_MAX = 250;

  /** The kernel's limit for the name of a network interface. */
  private static final int NAME_LENGTH_MAX = 15;

  public Host {
    if (!name.matches("[a-z][a-z0-9-]*") || name.length() > NAME_LENGTH_MAX) {
      throw new IllegalArgumentException("not a name for a host: \"" + name + "\"");
    }
    if (number < 1 || number > NUMBER_MAX) {
      throw new IllegalArgumentException(
          "number of %s is %d, not 1 to %d".formatted(name, number, NUMBER_MAX));
    }
  }

  /** Where the others reach it. */
  public String address() {
    return BLOCK + number;
  }

  /** The words to put before a command that is to run there; the process keeps its number. */
  public List<String> enter() {
    return List.of(Tools.path("nsenter"), "--net=" + file());
  }

  /** A new socket of this host, not connected, for use by this process. */
  public Socket socket() throws IOException {
    return Sockets.socket(file());
  }

  Path file() {
    return Namespaces.FOLDER.resolve(namespace);
  }

  @Override
  public String toString() {
    return name;
  }
}
