package dev.regent.server.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TopicTest {
  private final Topic<String> topic = new Topic<>(2);

  @Test
  void remembersTheLastValues() {
    publish("a", "b", "c");
    assertThat(topic.latest(10)).containsExactly("b", "c");
    assertThat(topic.latest(1)).containsExactly("c");
    assertThat(topic.latest(0)).isEmpty();
  }

  @Test
  void newcomerGetsWhatItAskedForAndThenEveryChange() {
    publish("a", "b");
    Listener listener = new Listener(10);
    topic.subscribe(1, listener);
    publish("c");
    assertThat(listener.heard).containsExactly("b", "c");
  }

  @Test
  void backlogIsHandedOnAtLeisureAndNothingAfterItIsMissed() {
    publish("a", "b");
    Topic.Backlog<String> backlog = topic.backlog(10);
    publish("c");
    Listener listener = new Listener(2);
    topic.subscribeAfter(backlog, listener);
    publish("d");
    assertThat(backlog.values()).containsExactly("a", "b");
    assertThat(listener.heard).containsExactly("c", "d");
    assertThat(listener.closed).isZero();
  }

  @Test
  void slowListenerIsDroppedAndTheOthersMissNothing() {
    Listener slow = new Listener(1);
    Listener quick = new Listener(10);
    topic.subscribe(0, slow);
    topic.subscribe(0, quick);
    publish("a", "b", "c");
    assertThat(slow.heard).containsExactly("a");
    assertThat(slow.closed).isEqualTo(1);
    assertThat(quick.heard).containsExactly("a", "b", "c");
  }

  @Test
  void sweepFindsThoseWhoHungUp() {
    Listener gone = new Listener(10);
    Listener here = new Listener(10);
    topic.subscribe(0, gone);
    topic.subscribe(0, here);
    gone.listens = false;
    topic.sweep();
    publish("a");
    assertThat(gone.closed).isEqualTo(1);
    assertThat(gone.heard).isEmpty();
    assertThat(here.heard).containsExactly("a");
  }

  private void publish(String... values) {
    for (String value : values) {
      topic.publish(value);
    }
  }

  private static final class Listener implements Topic.Sink<String> {
    private final int room;
    private final List<String> heard = new ArrayList<>();
    private boolean listens = true;
    private int closed;

    Listener(int room) {
      this.room = room;
    }

    @Override
    public boolean offer(String value) {
      return heard.size() < room && heard.add(value);
    }

    @Override
    public boolean alive() {
      return listens;
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
