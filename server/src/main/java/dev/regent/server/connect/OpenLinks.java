package dev.regent.server.connect;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The server's numbers of our own open connections, so that we never kill ourselves. */
final class OpenLinks {
  private final Set<Long> ids = ConcurrentHashMap.newKeySet();

  void add(long id) {
    ids.add(id);
  }

  void remove(long id) {
    ids.remove(id);
  }

  List<Long> list() {
    return ids.stream().sorted().toList();
  }
}
