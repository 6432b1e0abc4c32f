package dev.regent.cli;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.analyze.Guarantee;
import dev.regent.core.control.Command;
import dev.regent.core.control.Picture;
import dev.regent.core.control.Reply;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Moment;
import dev.regent.core.model.Policy;
import dev.regent.core.model.RoutingTable;
import dev.regent.core.model.ServerId;
import dev.regent.core.model.Snapshot;
import dev.regent.server.front.Counter;
import dev.regent.server.front.FrontService;
import dev.regent.server.maxadmin.AdminDesk;
import dev.regent.server.maxadmin.AdminService;
import dev.regent.server.maxadmin.AdminSessions;
import dev.regent.server.publish.Clerk;
import dev.regent.server.publish.CommandSocket;
import dev.regent.server.publish.Desk;
import dev.regent.server.publish.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A daemon of cluster {@code shop} with server db1, in this process: the real socket, and orders
 * that are only written down. Its cluster is not healthy.
 */
final class TestingDaemon implements AutoCloseable {
  private static final Moment NOW = new Moment(0, 1_795_435_200_000L);

  final Desk desk;
  final List<Command> ordered = new CopyOnWriteArrayList<>();
  private final CommandSocket socket;
  private volatile Reply reply = new Reply(Reply.Result.DONE, "done", List.of());

  TestingDaemon(RunFolder folder, String cluster) throws IOException {
    this(folder, cluster, Optional.empty());
  }

  TestingDaemon(RunFolder folder, String cluster, Optional<Counter> counter) throws IOException {
    Endpoint address = new Endpoint("127.0.0.1", 3306);
    ClusterSpec spec =
        new ClusterSpec(
            cluster,
            List.of(
                new ClusterSpec.Server(
                    new ServerId("db1"),
                    address,
                    address,
                    ClusterSpec.Preference.NEUTRAL,
                    0,
                    "",
                    true)),
            Policy.of(Policy.Profile.ASYNC),
            ClusterSpec.Hooks.NONE);
    desk = new Desk(spec);
    desk.show(
        new Picture(
            new Snapshot(spec, NOW, ClusterRecord.blank(), List.of()),
            List.of(new Diagnosis.NoPrimaryKnown("no server was probed yet")),
            List.of(),
            new Guarantee(false, List.of("no primary is known")),
            RoutingTable.closed(),
            Optional.empty()));
    Clerk clerk = new Clerk(desk, this::order, () -> NOW, ZoneOffset.UTC);
    AdminDesk admin = new AdminDesk(desk, this::order, new AdminSessions(), false);
    socket =
        CommandSocket.open(
            folder, cluster, new AdminService(admin, new FrontService(counter, clerk)));
  }

  private CompletableFuture<Reply> order(Command command) {
    ordered.add(command);
    return CompletableFuture.completedFuture(reply);
  }

  /** From now on every order is answered so. */
  void answer(Reply.Result result, String message) {
    reply = new Reply(result, message, List.of());
  }

  Path path() {
    return socket.path();
  }

  @Override
  public void close() {
    socket.close();
  }
}
