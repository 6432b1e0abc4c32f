package dev.regent.bench.proxied;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What clients wait for, call by call.
 *
 * <p>A role change is the longest time in which no write of any client is acknowledged. Its pause
 * is the longest call of any client that it can have kept waiting: one that was under way in that
 * time, or the client's first one after it, when it may still have to wait for the new primary's
 * first acknowledgements. The longest call of all is told beside it; where clients keep the machine
 * busy, that one may have nothing to do with the change.
 */
final class Pauses {
  private final List<Call> calls;

  /**
   * What a driver was asked for.
   *
   * @param client its number
   * @param what in one word
   * @param began by the clock that never goes back, in nanoseconds
   * @param acknowledges whether it ended well and was a write, or the commit of one
   */
  record Call(int client, String what, long began, long ended, boolean acknowledges) {
    double millis() {
      return (ended - began) / 1e6;
    }
  }

  /** A time, by the same clock. */
  record Span(long began, long ended) {
    double millis() {
      return (ended - began) / 1e6;
    }

    boolean overlaps(Call call) {
      return call.ended() - began >= 0 && call.began() - ended <= 0;
    }

    /** As much time, just before this. */
    Span before() {
      return new Span(began - (ended - began), began);
    }
  }

  Pauses(List<Call> calls) {
    this.calls = List.copyOf(calls);
  }

  /**
   * The longest time without an acknowledged write that this span touches; empty if there is none.
   */
  Optional<Span> standstill(Span in) {
    List<Long> acknowledged =
        calls.stream().filter(Call::acknowledges).map(Call::ended).sorted().toList();
    List<Span> gaps = new ArrayList<>();
    for (int i = 1; i < acknowledged.size(); i++) {
      Span gap = new Span(acknowledged.get(i - 1), acknowledged.get(i));
      if (gap.ended() - in.began() >= 0 && gap.began() - in.ended() <= 0) {
        gaps.add(gap);
      }
    }
    return gaps.stream().max(Comparator.comparingDouble(Span::millis));
  }

  /** The longest call that a standstill can have kept waiting. */
  Optional<Call> keptWaiting(Span standstill) {
    Map<Integer, List<Call>> byClient = calls.stream().collect(Collectors.groupingBy(Call::client));
    List<Call> touched = new ArrayList<>();
    for (List<Call> one : byClient.values()) {
      one.stream().filter(standstill::overlaps).forEach(touched::add);
      one.stream()
          .filter(call -> call.began() - standstill.ended() > 0)
          .min(Comparator.comparingLong(Call::began))
          .ifPresent(touched::add);
    }
    return touched.stream().max(Comparator.comparingDouble(Call::millis));
  }

  /** How long the longest call in this span took, in milliseconds, whatever it waited for. */
  double longest(Span in) {
    return calls.stream().filter(in::overlaps).mapToDouble(Call::millis).max().orElse(0);
  }
}
