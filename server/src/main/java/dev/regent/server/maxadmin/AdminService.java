package dev.regent.server.maxadmin;

import dev.regent.server.publish.Request;
import dev.regent.server.publish.Service;
import java.io.IOException;
import java.util.OptionalInt;

/** Takes the command {@code maxadmin} of the daemon's own socket; passes all others on. */
public final class AdminService implements Service {
  private final AdminDesk desk;
  private final Service others;

  public AdminService(AdminDesk desk, Service others) {
    this.desk = desk;
    this.others = others;
  }

  @Override
  public OptionalInt serve(Request request, Answer answer) throws IOException, Request.Mistake {
    if (!request.command().equals("maxadmin")) {
      return others.serve(request, answer);
    }
    String line = request.only("line").text("line").orElse("");
    AdminDesk.Answer said = desk.answer(line, request.user());
    for (String one : said.text().lines().toList()) {
      answer.out(one);
    }
    return OptionalInt.of(said.exit());
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
