package dev.regent.server.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A password. It shows itself only to who asks for it by name, and never in a text or a log. */
public final class Secret {
  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  /** The password itself. Pass it on, do not keep or print it. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
  }

  @Override
  public int hashCode() {
    return 0;
  }

  private byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "***";
  }
}
