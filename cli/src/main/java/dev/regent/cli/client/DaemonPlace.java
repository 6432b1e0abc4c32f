package dev.regent.cli.client;

import dev.regent.server.publish.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the socket of the daemon that the operator means. */
final class DaemonPlace {
  private static final String HOW =
      "Start one with 'regent run -c regent.toml', or name its socket with --socket or"
          + " REGENT_SOCKET.";

  private DaemonPlace() {}

  /** The socket in a run folder: that of the cluster, or the only one if none is named. */
  static Path in(RunFolder folder, String cluster) throws CommandException {
    List<Path> sockets = sockets(folder);
    if (!cluster.isEmpty()) {
      Path socket = folder.socket(cluster);
      if (!sockets.contains(socket)) {
        throw new CommandException(
            ExitCode.UNREACHABLE,
            "no daemon of cluster "
                + cluster
                + " has its socket in "
                + folder.path()
                + "; "
                + (sockets.isEmpty()
                    ? "there is no other. "
                    : "there are: " + names(sockets) + ". ")
                + HOW);
      }
      return socket;
    }
    return switch (sockets.size()) {
      case 0 ->
          throw new CommandException(
              ExitCode.UNREACHABLE,
              "no daemon has its socket in "
                  + folder.path()
                  + ". "
                  + HOW
                  + " A daemon of another user needs that user's rights.");
      case 1 -> sockets.getFirst();
      default ->
          throw new CommandException(
              ExitCode.MISTAKE,
              "several daemons have their sockets in "
                  + folder.path()
                  + "; say which one with --cluster: "
                  + names(sockets));
    };
  }

  private static List<Path> sockets(RunFolder folder) throws CommandException {
    try {
      return folder.sockets();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "cannot look for a daemon in " + folder.path() + ": " + e + "; run as its owner");
    }
  }

  private static String names(List<Path> sockets) {
    return sockets.stream().map(RunFolder::cluster).collect(Collectors.joining(", "));
  }

  /** Why nobody can be reached at this socket. */
  static CommandException unreachable(Path socket, IOException cause) {
    String why;
    if (!Files.exists(socket)) {
      why = "there is no such file. " + HOW;
    } else if (!Files.isReadable(socket) || !Files.isWritable(socket)) {
      why = "you may not use it: run as its owner.";
    } else {
      why =
          "nobody listens ("
              + cause.getMessage()
              + "): the daemon has died, or is not up yet. "
              + HOW;
    }
    return new CommandException(
        ExitCode.UNREACHABLE, "no daemon answers at " + socket + ": " + why);
  }
}
