package dev.regent.proxy.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** A password itself, where nothing less will do. It shows itself in no text and no log. */
public final class Secret {
  private final byte[] bytes;

  public Secret(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  public static Secret of(String password) {
    return new Secret(password.getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes() {
    return bytes.clone();
  }

  char[] chars() {
    return new String(bytes, StandardCharsets.UTF_8).toCharArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(Digests.digest("SHA-256", bytes));
  }

  @Override
  public String toString() {
    return "***";
  }
}
