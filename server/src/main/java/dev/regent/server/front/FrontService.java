package dev.regent.server.front;

import dev.regent.server.publish.Request;
import dev.regent.server.publish.Service;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** Takes the proxy's commands of the daemon's socket; passes all others on. */
public final class FrontService implements Service {
  private static final int DONE = 0;
  private static final int MISTAKE = 2;
  private static final int HELD = 3;
  private static final int FAILED = 4;

  private final Optional<Counter> counter;
  private final Service others;

  public FrontService(Optional<Counter> counter, Service others) {
    this.counter = counter;
    this.others = others;
  }

  @Override
  public OptionalInt serve(Request request, Answer answer) throws IOException, Request.Mistake {
    return switch (request.command()) {
      case "sessions" -> sessions(request.only("json"), counter(), answer);
      case "kill" -> kill(request.only("id", "query"), counter(), answer);
      case "drain" -> drain(request.only("name", "undo"), counter(), answer);
      default -> others.serve(request, answer);
    };
  }

  private Counter counter() throws Request.Mistake {
    if (counter.isEmpty()) {
      throw new Request.Mistake(
          "this daemon has no proxy: write a [[listener]] with a port into its configuration, and"
              + " start it again");
    }
    return counter.get();
  }

  private static OptionalInt sessions(Request request, Counter counter, Answer answer)
      throws IOException, Request.Mistake {
    var sessions = counter.sessions();
    if (request.flag("json")) {
      answer.out(SessionsPage.json(sessions));
    } else {
      for (String line : SessionsPage.text(sessions)) {
        answer.out(line);
      }
    }
    return OptionalInt.of(DONE);
  }

  private static OptionalInt kill(Request request, Counter counter, Answer answer)
      throws IOException, Request.Mistake {
    String id = request.text("id").orElse("");
    if (!id.matches("\\d{1,18}")) {
      throw new Request.Mistake("'" + id + "' is no session's ID; 'regent sessions' lists them");
    }
    return say(counter.kill(Long.parseLong(id), request.flag("query")), answer);
  }

  private static OptionalInt drain(Request request, Counter counter, Answer answer)
      throws IOException, Request.Mistake {
    String name = request.text("name").orElse("");
    if (name.isBlank()) {
      throw new Request.Mistake("drain which server or listener?");
    }
    try {
      return say(counter.drain(name, request.flag("undo")), answer);
    } catch (IOException e) {
      return say(new Counter.Said.Failed(String.valueOf(e.getMessage())), answer);
    }
  }

  private static OptionalInt say(Counter.Said said, Answer answer) throws IOException {
    if (said instanceof Counter.Said.Done) {
      answer.out(said.words());
      return OptionalInt.of(DONE);
    }
    answer.err("regent: " + said.words());
    return OptionalInt.of(
        switch (said) {
          case Counter.Said.Done done -> DONE;
          case Counter.Said.Unknown unknown -> MISTAKE;
          case Counter.Said.Held held -> HELD;
          case Counter.Said.Failed failed -> FAILED;
        });
  }

  @Override
  public void sweep() {
    others.sweep();
  }

  @Override
  public void close() {
    others.close();
  }
}
