package dev.regent.proxy.session;

import dev.regent.core.model.ServerId;
import java.io.ByteArrayOutputStream;

/** One end of a connection: what came, and what is not yet used of what it says. */
final class PlayedServer {
  final int number;
  final ServerId id;
  final ByteArrayOutputStream told = new ByteArrayOutputStream();
  byte[] behind = new byte[0];

  PlayedServer(int number, ServerId id) {
    this.number = number;
    this.id = id;
  }
}
