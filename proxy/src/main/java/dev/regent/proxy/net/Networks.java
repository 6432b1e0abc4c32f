package dev.regent.proxy.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Some networks, as {@code 10.0.0.0/8}, {@code 2001:db8::/32} or one address each. */
public record Networks(List<Network> all) {
  public static final Networks NONE = new Networks(List.of());

  /** Only what looks like an address, so that no name service is asked. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F]*:[0-9a-fA-F:.]*");

  private static final Pattern BITS = Pattern.compile("\\d{1,3}");

  public Networks {
    all = List.copyOf(all);
  }

  /**
   * @param prefix how many bits are the same for all addresses in it
   */
  public record Network(InetAddress address, int prefix) {
    /** Empty if it is none. */
    public static Optional<Network> parse(String text) {
      int slash = text.indexOf('/');
      String address = slash < 0 ? text : text.substring(0, slash);
      String bits = slash < 0 ? "" : text.substring(slash + 1);
      boolean four = address.matches("\\d{1,3}(\\.\\d{1,3}){3}");
      if (!ADDRESS.matcher(address).matches() || (!four && !address.contains(":"))) {
        return Optional.empty();
      }
      try {
        InetAddress parsed = InetAddress.getByName(address);
        int length = Byte.SIZE * parsed.getAddress().length;
        if (slash < 0) {
          return Optional.of(new Network(parsed, length));
        }
        return Optional.of(bits)
            .filter(b -> BITS.matcher(b).matches())
            .map(Integer::parseInt)
            .filter(b -> b <= length)
            .map(b -> new Network(parsed, b));
      } catch (UnknownHostException e) {
        return Optional.empty();
      }
    }

    boolean has(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] its = other.getAddress();
      if (mine.length != its.length) {
        return false;
      }
      int whole = prefix / Byte.SIZE;
      int rest = prefix % Byte.SIZE;
      int mask = 0xff << (Byte.SIZE - rest) & 0xff;
      return Arrays.equals(mine, 0, whole, its, 0, whole)
          && (rest == 0 || (mine[whole] & mask) == (its[whole] & mask));
    }
  }

  boolean has(InetAddress address) {
    return all.stream().anyMatch(network -> network.has(address));
  }
}
