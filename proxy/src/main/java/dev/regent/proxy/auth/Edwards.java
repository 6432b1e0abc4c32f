package dev.regent.proxy.auth;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Arithmetic of the curve edwards25519 (RFC 8032, sections 5.1.3 to 5.1.5), as far as signing needs
 * it: multiples of the base point, in their encoded form.
 *
 * <p>The same additions are made for every number, so that the time they take tells little of it.
 */
final class Edwards {
  private static final int LENGTH = 32;

  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /** How many multiples of the base point there are. */
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final BigInteger D2 =
      BigInteger.valueOf(-121665)
          .multiply(BigInteger.valueOf(121666).modInverse(P))
          .shiftLeft(1)
          .mod(P);

  private static final Point BASE = base();

  /** The base point times 1, 2, 4 and so on. */
  private static final List<Point> POWERS = powers();

  private Edwards() {}

  /** Extended homogeneous coordinates: x = X/Z, y = Y/Z, x * y = T/Z. */
  private record Point(BigInteger x, BigInteger y, BigInteger z, BigInteger t) {
    static final Point ZERO =
        new Point(BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);

    Point plus(Point other) {
      BigInteger a = y.subtract(x).multiply(other.y.subtract(other.x)).mod(P);
      BigInteger b = y.add(x).multiply(other.y.add(other.x)).mod(P);
      BigInteger c = t.multiply(D2).mod(P).multiply(other.t).mod(P);
      BigInteger d = z.shiftLeft(1).multiply(other.z).mod(P);
      BigInteger e = b.subtract(a);
      BigInteger f = d.subtract(c);
      BigInteger g = d.add(c);
      BigInteger h = b.add(a);
      return new Point(
          e.multiply(f).mod(P), g.multiply(h).mod(P), f.multiply(g).mod(P), e.multiply(h).mod(P));
    }

    byte[] encoded() {
      BigInteger inverse = z.modInverse(P);
      byte[] bytes = little(y.multiply(inverse).mod(P));
      if (x.multiply(inverse).mod(P).testBit(0)) {
        bytes[LENGTH - 1] |= (byte) 0x80;
      }
      return bytes;
    }
  }

  /** y = 4/5, and the even x of the two. */
  private static Point base() {
    BigInteger y = BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P);
    BigInteger x =
        new BigInteger(
            "15112221349535400772501151409588531511454012693041857206046113283949847762202");
    return new Point(x, y, BigInteger.ONE, x.multiply(y).mod(P));
  }

  private static List<Point> powers() {
    List<Point> all = new ArrayList<>();
    Point power = BASE;
    for (int i = 0; i < ORDER.bitLength(); i++) {
      all.add(power);
      power = power.plus(power);
    }
    return all;
  }

  /** The number that bytes are, the lowest one first. */
  static BigInteger number(byte[] little) {
    byte[] big = new byte[little.length];
    for (int i = 0; i < little.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    return new BigInteger(1, big);
  }

  /** The number, less whole orders of the base point, as 32 bytes, the lowest one first. */
  static byte[] bytes(BigInteger number) {
    return little(number.mod(ORDER));
  }

  private static byte[] little(BigInteger number) {
    byte[] big = number.toByteArray();
    byte[] little = new byte[LENGTH];
    for (int i = 0; i < Math.min(big.length, LENGTH); i++) {
      little[i] = big[big.length - 1 - i];
    }
    return little;
  }

  /** So many times the base point, encoded. */
  static byte[] multiplyBase(BigInteger number) {
    BigInteger times = number.mod(ORDER);
    Point sum = Point.ZERO;
    for (int i = 0; i < ORDER.bitLength(); i++) {
      Point more = sum.plus(POWERS.get(i));
      sum = times.testBit(i) ? more : sum;
    }
    return sum.encoded();
  }
}
