package dev.regent.proxy.auth;

import dev.regent.proxy.wire.Bytes;
import dev.regent.proxy.wire.MalformedPacketException;
import dev.regent.proxy.wire.PacketReader;
import dev.regent.proxy.wire.Seed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/**
 * How a server whose certificate no authority signed shows that it is no stranger in between (from
 * MariaDB 11.4 on): it knows the user's stored password, and puts a digest of it and of its
 * certificate's fingerprint into the answer to the login.
 */
public final class ServerProof {
  private static final int FIRST_BYTE = 1;

  private final byte[] fingerprint;

  /**
   * @param fingerprint SHA-256 of the certificate that the server showed
   */
  public ServerProof(byte[] fingerprint) {
    this.fingerprint = fingerprint.clone();
  }

  /**
   * @param ok the packet that let us in
   * @param stored what the server keeps of the password
   * @param seed of the greeting, or of a native proof that was asked for after it
   */
  public boolean isIn(Bytes ok, byte[] stored, Seed seed) throws MalformedPacketException {
    PacketReader in = new PacketReader(ok);
    in.skip(1);
    in.lengthEncoded();
    in.lengthEncoded();
    in.skip(4);
    byte[] said = in.remaining() > 0 ? in.lengthEncodedBytes() : new byte[0];
    if (said.length == 0 || said[0] != FIRST_BYTE) {
      return false;
    }
    byte[] wanted = Digests.digest("SHA-256", stored, seed.bytes(), fingerprint);
    String hex = new String(said, 1, said.length - 1, StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(
        hex.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII),
        HexFormat.of().formatHex(wanted).getBytes(StandardCharsets.US_ASCII));
  }
}
