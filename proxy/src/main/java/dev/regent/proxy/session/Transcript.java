package dev.regent.proxy.session;

import dev.regent.proxy.text.Statement;
import dev.regent.proxy.wire.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a client did in its open transaction, and what it learned, so that the transaction can be
 * repeated on another server and the client need not know; or why that cannot be.
 */
final class Transcript {
  /** Why a transaction cannot be repeated. Counted, and told with the transaction's loss. */
  enum Refusal {
    TOO_BIG("it is longer than continuity.replay_max"),
    MEMORY("all open transactions together are longer than the proxy keeps"),
    LONG_STATEMENT("one of its statements was too long to be kept"),
    PERSISTED("it changed something that no rollback takes back, as tables without transactions"),
    LATE("it began inside a statement that does more than to begin it"),
    UNCLEAR("one of its statements may have done more than change rows"),
    DIFFERENT("the new server answered it otherwise"),
    TOO_OFTEN("its server was lost each time that it was repeated"),
    HOLD_OVER("no server took writes for as long as continuity.hold");

    private final String words;

    Refusal(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * @param packet framed; of a prepared statement's execution with the client's number, and types
   * @param digest of what the client learned
   */
  record Entry(Command command, Packet packet, Optional<Prepared.One> prepared, long digest) {
    /** As the link's server understands it. */
    byte[] outgoing(Link link) {
      return prepared
          .map(one -> Execution.renumbered(packet.bytes(), link.numberOf(one)))
          .orElseGet(packet::bytes);
    }
  }

  /** Bytes of a small object beside its packet. */
  private static final int OVERHEAD = 64;

  private final Replaying settings;
  private final List<Entry> entries = new ArrayList<>();
  private Optional<Refusal> refusal = Optional.empty();
  private long size;
  private int attempts;
  private boolean writes;

  Transcript(Replaying settings) {
    this.settings = settings;
  }

  /**
   * A command of the client's was answered.
   *
   * @param open whether the transaction is open now
   */
  void landed(Flight flight, boolean open) {
    if (flight.leavesTransactionsAlone()) {
      return;
    }
    writes |= flight.statement().kind() != Statement.Kind.READ && !flight.begins();
    if (!open && flight.statement().kind() == Statement.Kind.NEXT_TRANSACTION) {
      // A part of the next one, as far as repeating goes.
      add(flight);
    } else if (!open) {
      clear();
    } else if (flight.begins()) {
      if (flight.inTransaction()) {
        // That one is committed.
        clear();
      }
      add(flight);
    } else {
      switch (flight.statement().kind()) {
        case READ, CHANGE, ROLLBACK -> add(flight);
        // A commit, and a new beginning, may have been among it.
        case BEGIN, BEGIN_READ_ONLY, COMMIT, NEXT_TRANSACTION, SETTING, UNLOCK, OTHER ->
            refuse(flight.inTransaction() ? Refusal.UNCLEAR : Refusal.LATE);
      }
    }
  }

  /**
   * A command failed, and what the server said then of its transaction.
   *
   * @param open whether one is open now
   */
  void failed(boolean open) {
    if (!open) {
      clear();
    } else if (isEmpty()) {
      refuse(Refusal.LATE);
    }
  }

  private void add(Flight flight) {
    if (flight.packet().isEmpty()) {
      refuse(Refusal.LONG_STATEMENT);
    } else {
      flight
          .digest()
          .ifPresentOrElse(
              digest ->
                  add(
                      new Entry(
                          flight.command(),
                          new Packet(flight.packet().get()),
                          flight.prepared(),
                          digest.value())),
              () -> refuse(Refusal.LATE));
    }
  }

  private void add(Entry entry) {
    if (refusal.isPresent()) {
      return;
    }
    int more = entry.packet().bytes().length + OVERHEAD;
    if (size + more > settings.bytesMax()) {
      refuse(Refusal.TOO_BIG);
    } else if (!settings.budget().take(more)) {
      refuse(Refusal.MEMORY);
    } else {
      size += more;
      entries.add(entry);
    }
  }

  /** The statements that its entries execute, each once. */
  List<Prepared.One> prepared() {
    return entries.stream().flatMap(e -> e.prepared().stream()).distinct().toList();
  }

  /** What was kept is of no use any more. */
  void refuse(Refusal why) {
    if (refusal.isEmpty()) {
      refusal = Optional.of(why);
    }
    forget();
  }

  /** The transaction is over. */
  void clear() {
    refusal = Optional.empty();
    attempts = 0;
    writes = false;
    forget();
  }

  /** Nothing happened, and nothing is agreed for the next transaction. */
  boolean isEmpty() {
    return entries.isEmpty() && refusal.isEmpty();
  }

  /** Something in it may be more than a read. */
  boolean writes() {
    return writes;
  }

  Optional<Refusal> refusal() {
    return refusal;
  }

  /** The server was lost while the transaction was repeated; false if that is once too often. */
  boolean attempt() {
    return ++attempts < settings.attemptsMax();
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  private void forget() {
    entries.clear();
    settings.budget().give(size);
    size = 0;
  }
}
