package dev.regent.proxy.session;

import dev.regent.proxy.auth.NativePassword;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import java.nio.charset.StandardCharsets;

/** What a client of a played session says. */
final class ClientWords {
  private ClientWords() {}

  static byte[] changeUser(Seed seed, String password) {
    byte[] proof =
        NativePassword.proof(NativePassword.once(password.getBytes(StandardCharsets.UTF_8)), seed);
    return new PacketWriter()
        .int1(0x11)
        .textToZero("app")
        .int1(proof.length)
        .bytes(proof)
        .textToZero("shop")
        .int2(45)
        .payload();
  }
}
