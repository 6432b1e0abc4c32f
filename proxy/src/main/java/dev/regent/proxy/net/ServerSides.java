package dev.regent.proxy.net;

import dev.regent.core.model.Endpoint;
import dev.regent.proxy.seen.Counters;
import dev.regent.proxy.session.Effect;
import dev.regent.proxy.session.Input;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The servers of one session, on its event loop. */
final class ServerSides {
  private final Connection owner;
  private final Proxy proxy;
  private final List<ServerSide> all = new ArrayList<>(2);

  ServerSides(Connection owner) {
    this.owner = owner;
    this.proxy = owner.proxy();
  }

  boolean has(ServerSide server) {
    return all.contains(server);
  }

  /** False if it was forgotten before. */
  boolean forget(ServerSide server) {
    return all.remove(server);
  }

  /** Null for a link that was left. */
  @Nullable ServerSide find(int link) {
    for (ServerSide server : all) {
      if (server.number() == link) {
        return server;
      }
    }
    return null;
  }

  void write(int link, ByteBuf bytes) {
    ServerSide server = find(link);
    if (server == null) {
      bytes.release();
    } else {
      server.write(bytes);
    }
  }

  void flush() {
    // By index: what cannot be flushed may be gone by it.
    for (int i = all.size() - 1; i >= 0; i--) {
      all.get(i).flush();
    }
  }

  void read(boolean wanted) {
    for (ServerSide server : all) {
      server.read(wanted);
    }
  }

  void connect(Effect.Link wanted) {
    Endpoint address = proxy.servers().address(wanted.server());
    ServerSide server = new ServerSide(owner, wanted, address);
    all.add(server);
    Lot lot = owner.listener().parking().lot(owner.loop());
    Optional<Parked> parked = wanted.reuse().flatMap(terms -> lot.take(wanted.server(), terms));
    if (parked.isPresent()) {
      server.takes(parked.get());
      owner.step(new Input.Reused(wanted.number(), parked.get().thread()));
      return;
    }
    // One more there is one less that waits: no more than sessions ever had at one time.
    lot.makeRoom(wanted.server());
    proxy.counters().count(Counters.Name.LINKS, wanted.server().name());
    Optional<InetSocketAddress> literal = proxy.servers().literal(wanted.server());
    if (literal.isPresent()) {
      connect(server, literal.get());
      return;
    }
    // Names may take their time, and an event loop has none.
    Thread.ofVirtual()
        .name("proxy-resolve-" + wanted.server())
        .start(() -> {
          var resolved = new InetSocketAddress(address.host(), address.port());
          owner.loop().execute(() -> connect(server, resolved));
        });
  }

  private void connect(ServerSide server, InetSocketAddress address) {
    if (address.isUnresolved() || !has(server)) {
      server.lost();
      return;
    }
    proxy
        .connector(owner.loop())
        .handler(server)
        .connect(address)
        .addListener(future -> {
          if (!future.isSuccess()) {
            server.lost();
          }
        });
  }

  void disconnect(int link) {
    ServerSide server = find(link);
    if (server != null) {
      all.remove(server);
      server.leave();
    }
  }

  void park(Effect.Park left) {
    ServerSide server = find(left.number());
    if (server != null && owner.listener().draining()) {
      disconnect(left.number());
    } else if (server != null) {
      all.remove(server);
      server.park(left, owner.listener().parking().lot(owner.loop()));
    }
  }

  void disconnectAll() {
    List.copyOf(all).forEach(server -> disconnect(server.number()));
  }
}
