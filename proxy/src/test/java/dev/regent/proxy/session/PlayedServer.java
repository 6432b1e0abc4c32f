package dev.regent.proxy.session;

import dev.regent.core.model.ServerId;
import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.wire.Greeting;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

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

  static byte[] greeting(long offered) {
    Greeting greeting =
        new Greeting(
            "11.4.5-MariaDB",
            7,
            new Seed("tsrqponmlkjihgfedcba".getBytes(StandardCharsets.UTF_8)),
            offered,
            45,
            2,
            NativePassword.PLUGIN);
    return PacketWriter.frame(greeting.encode(), 0);
  }
}
