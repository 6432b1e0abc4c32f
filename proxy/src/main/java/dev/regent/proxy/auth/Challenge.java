package dev.regent.proxy.auth;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.PacketWriter;
import dev.regent.proxy.wire.Seed;
import java.util.Arrays;

/** What proofs are made with, beside the greeting's seed. */
public final class Challenge {
  private static final int LENGTH_MAX = 32;

  private Challenge() {}

  /**
   * As much chance as the seed has, which is fresh for each connection.
   *
   * @param number another one each time, so that a connection sees no challenge twice
   */
  public static Bytes of(Seed seed, int number, int length) {
    byte[] all = Digests.digest("SHA-256", seed.bytes(), new PacketWriter().int4(number).payload());
    return Bytes.of(Arrays.copyOf(all, Math.min(length, LENGTH_MAX)));
  }
}
