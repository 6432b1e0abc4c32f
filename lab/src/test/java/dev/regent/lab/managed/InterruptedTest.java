package dev.regent.lab.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.lab.daemon.Subscription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon is killed when it says that a step was sent or has ended, and started again. */
@Tag("real")
class InterruptedTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stop receiving on",
        "stop replication on",
        "write the reign row",
        "open server",
        "let server"
      })
  void failoverIsFinished(String step) throws InterruptedException {
    try (Managed managed = Managed.start(3, "available")) {
      CountDownLatch killed = killAt(managed, step);
      managed.server(1).kill();
      managed.eventually("the step is seen", () -> killed.getCount() == 0);
      assertThat(managed.writableServers()).hasSizeLessThanOrEqualTo(1);
      managed.restartDaemon();
      managed.eventually(
          "one new primary",
          () ->
              managed.feed().epoch() > 1
                  && managed.feed().get().isPresent()
                  && managed.writableServers().size() == 1);
      int winner = managed.writableServers().getFirst();
      managed.follows(5 - winner, winner);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"freeze writes on", "check that server1", "write the reign row", "open server2"})
  void switchoverIsFinishedOrUndone(String step) throws InterruptedException {
    switchOver("available", step);
  }

  /** Here the other member follows the candidate before the freeze. */
  @ParameterizedTest
  @ValueSource(strings = {"stop receiving on server3", "let server3 follow server2", "freeze"})
  void switchoverInSafeIsFinishedOrUndone(String step) throws InterruptedException {
    switchOver("safe", step);
  }

  private static void switchOver(String profile, String step) throws InterruptedException {
    try (Managed managed = Managed.start(3, profile)) {
      managed.follows(2, 1);
      if (profile.equals("safe")) {
        managed.safeNow();
      }
      CountDownLatch killed = killAt(managed, step);
      Thread order =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  managed.daemon().client().run("switchover", "\"to\":\"server2\"");
                } catch (IOException e) {
                  // The daemon is killed under the order: that is the test.
                }
              });
      managed.eventually("the step is seen", () -> killed.getCount() == 0);
      order.join();
      assertThat(managed.writableServers()).hasSizeLessThanOrEqualTo(1);
      managed.restartDaemon();
      managed.eventually("one primary", () -> managed.writableServers().size() == 1);
      int primary = managed.writableServers().getFirst();
      managed.primaryIs(primary);
      managed.follows(3, primary);
      managed.follows(3 - primary, primary);
    }
  }

  /** Who follows events hears only of those that come; so one is made until it is heard. */
  private static void awaitFollowed(Managed managed, AtomicBoolean heard) {
    managed.eventually(
        "the events are followed",
        () -> {
          try {
            managed.daemon().client().run("pause", "\"reason\":\"to be heard\"");
            managed.daemon().client().run("resume", "");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return heard.get();
        });
  }

  private static CountDownLatch killAt(Managed managed, String sentence) {
    CountDownLatch killed = new CountDownLatch(1);
    AtomicBoolean subscribed = new AtomicBoolean();
    Subscription events =
        Subscription.to(
            managed.daemon().socket(),
            "events",
            line -> {
              subscribed.set(true);
              if (line.contains("plan ") && line.contains(sentence) && killed.getCount() > 0) {
                managed.daemon().kill();
                killed.countDown();
              }
            });
    awaitFollowed(managed, subscribed);
    Thread.ofVirtual()
        .start(() -> {
          try {
            killed.await();
            events.close();
          } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
          }
        });
    return killed;
  }
}
