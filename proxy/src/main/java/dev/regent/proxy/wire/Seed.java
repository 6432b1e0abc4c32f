package dev.regent.proxy.wire;

import dev.regent.core.model.Check;
import java.util.Arrays;

/** The 20 bytes of chance that a proof of a password is made with. */
public final class Seed {
  public static final int LENGTH = 20;

  private final byte[] bytes;

  public Seed(byte[] bytes) {
    Check.argument(bytes.length == LENGTH, "a seed has " + LENGTH + " bytes");
    this.bytes = bytes.clone();
  }

  /** From bytes of chance; a zero would end the seed early on the wire, so there is none. */
  public static Seed fromChance(byte[] chance) {
    byte[] printable = chance.clone();
    for (int i = 0; i < printable.length; i++) {
      printable[i] = (byte) (33 + (printable[i] & 0xff) % 94);
    }
    return new Seed(printable);
  }

  /** The first bytes of what may be longer, or lacks some. */
  public static Seed in(byte[] challenge) {
    return new Seed(Arrays.copyOf(challenge, LENGTH));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Seed seed && Arrays.equals(bytes, seed.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "a seed";
  }
}
