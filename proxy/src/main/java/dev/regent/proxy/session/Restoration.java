package dev.regent.proxy.session;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a server must hear before it can stand for the one that the session had. */
final class Restoration {
  private final State state;
  private final Tokens tokens;

  Restoration(State state, Tokens tokens) {
    this.state = state;
    this.tokens = tokens;
  }

  /** On a fresh connection. */
  List<Errand> all() {
    List<Errand> errands = new ArrayList<>();
    errands.add(new Errand.Say(Memory.TELL_ALL));
    Memory mine = state.mine();
    errands.addAll(
        said(
            state.repeats.isPresent()
                ? mine.restoringBefore(state.insertIdBefore)
                : mine.restoring()));
    errands.addAll(state.inDoubt.isPresent() ? tokens.questions() : repetition());
    return errands;
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
