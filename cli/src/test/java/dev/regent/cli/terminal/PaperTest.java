package dev.regent.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class PaperTest {
  private final ByteArrayOutputStream beneath = new ByteArrayOutputStream();

  @Test
  void terminalIsGivenBackThoughTheLibraryClosedItFirst() throws IOException {
    LineDisciplineTerminal terminal = terminal(new ByteArrayOutputStream());
    Paper paper = new Paper(terminal, false, beneath);
    terminal.close();
    paper.abandon();
    assertLeft();
  }

  @Test
  @Timeout(30)
  void terminalThatTakesNothingIsNotWaitedFor() throws Exception {
    Stuck stuck = new Stuck();
    Paper paper = new Paper(terminal(stuck), false, beneath);
    stuck.now = true;
    Thread drawing =
        Thread.ofVirtual()
            .start(() -> paper.draw(List.of(new AttributedString("x")), Size.of(80, 24), true));
    stuck.reached.await();
    paper.abandon();
    assertLeft();
    stuck.released.countDown();
    drawing.join();
  }

  @Test
  void givenBackOnceIsEnough() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LineDisciplineTerminal terminal = terminal(out)) {
      Paper paper = new Paper(terminal, false, beneath);
      paper.close();
      assertThat(out.toString(StandardCharsets.UTF_8)).contains("\033[?25h", "\033[?1049l");
      paper.abandon();
      assertThat(beneath.size()).isZero();
    }
  }

  private void assertLeft() {
    assertThat(beneath.toString(StandardCharsets.UTF_8)).contains("\033[?25h", "\033[?1049l");
  }

  private static LineDisciplineTerminal terminal(OutputStream out) throws IOException {
    return new LineDisciplineTerminal("test", "xterm", out, StandardCharsets.UTF_8);
  }

  /** Takes everything, and from some moment on nothing. */
  private static final class Stuck extends OutputStream {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean now;

    @Override
    public void write(int b) throws IOException {
      if (now) {
        reached.countDown();
        try {
          released.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException();
        }
      }
    }
  }
}
