package dev.regent.proxy.session;

import dev.regent.proxy.wire.Command;
import dev.regent.proxy.wire.PacketWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a server must hear before it can stand for the one that the session had. */
final class Restoration {
  private final State state;
  private final Tokens tokens;

  Restoration(State state, Tokens tokens) {
    this.state = state;
    this.tokens = tokens;
  }

  /**
   * On a fresh connection.
   *
   * @param leads it is the primary's
   */
  List<Errand> all(boolean leads) {
    List<Errand> errands = new ArrayList<>(settings(leads));
    errands.addAll(state.inDoubt.isPresent() ? tokens.questions() : repetition());
    return errands;
  }

  /** What the session has set. */
  List<Errand> settings(boolean leads) {
    List<Errand> errands = new ArrayList<>();
    errands.add(new Errand.Begin(leads));
    errands.addAll(said(state.mine().restoring(insertId())));
    return errands;
  }

  /** The number that a row was given last, where the session is to go on. */
  long insertId() {
    return state.repeats.isPresent() ? state.insertIdBefore : state.mine().insertId();
  }

  /** What has changed since the link's server was told. */
  List<String> since(Link link) {
    Memory mine = state.mine();
    boolean other = link.ahead && link.given != insertId();
    if (link.ahead) {
      link.ahead = false;
      closeForgotten(link);
    }
    return other ? mine.changedSince(link.told, insertId()) : mine.changedSince(link.told);
  }

  /** The client may have closed it while the link was being made. */
  private void closeForgotten(Link link) {
    for (Map.Entry<Long, Long> one : List.copyOf(link.prepared.entrySet())) {
      if (!state.mine().prepared().has(one.getKey())) {
        link.prepared.remove(one.getKey());
        byte[] close = new PacketWriter().int1(Command.CLOSE.code()).int4(one.getValue()).packet(0);
        state.effects.add(new Effect.Tell(link.number, new Packet(close)));
      }
    }
  }

  /** The transaction that was interrupted, if one was, and what is prepared for what waits. */
  List<Errand> repetition() {
    List<Errand> errands = new ArrayList<>();
    Set<Prepared.One> needed = new LinkedHashSet<>();
    if (state.repeats.isPresent()) {
      needed.addAll(state.transcript.prepared());
    }
    state.again.flatMap(Flight::prepared).ifPresent(needed::add);
    for (Prepared.One one : needed) {
      if (!state.way.knows(one)) {
        errands.add(new Errand.Prepare(one));
      }
    }
    if (state.repeats.isPresent()) {
      state.transcript.entries().forEach(entry -> errands.add(new Errand.Repeat(entry)));
    }
    return errands;
  }

  static List<Errand> said(List<String> texts) {
    return texts.stream().<Errand>map(Errand.Say::new).toList();
  }
}
