package dev.regent.cli;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.seen.SessionView;
import dev.regent.proxy.seen.SessionView.Activity;
import dev.regent.server.front.Counter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Two clients, of which one may be killed, and one listener at port 3307. */
final class TestingCounter implements Counter {
  @Override
  public List<SessionView> sessions() {
    return List.of(
        new SessionView(
            2147483648L,
            "10.0.0.9:5000",
            "127.0.0.1:3307",
            "app",
            "shop",
            Optional.of(new ServerId("db1")),
            77,
            Activity.EXECUTING,
            Duration.ofMillis(300),
            Optional.of(Duration.ofSeconds(61)),
            Optional.of("named locks")),
        new SessionView(
            2147483649L,
            "10.0.0.9:5001",
            "127.0.0.1:3307",
            "app",
            "",
            Optional.empty(),
            0,
            Activity.WAITING,
            Duration.ofSeconds(2),
            Optional.empty(),
            Optional.empty()));
  }

  @Override
  public Said kill(long number, boolean query) {
    if (number == 2147483648L) {
      return new Said.Done(query ? "stopped" : "ended");
    }
    return number == 2147483649L
        ? new Said.Held("it executes nothing")
        : new Said.Unknown("there is no session " + number);
  }

  @Override
  public Said drain(String name, boolean undo) throws IOException {
    if (name.equals("taken")) {
      throw new IOException("cannot listen at 127.0.0.1:3307");
    }
    return new Said.Done(name + (undo ? " takes clients again" : " takes no more clients"));
  }
}
