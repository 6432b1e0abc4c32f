package dev.regent.server.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.regent.core.model.Check;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The commented example, {@code regent.example.toml}, for {@code regent config example}. */
public final class ExampleConfig {
  private static final String NAME = "/regent.example.toml";

  private ExampleConfig() {}

  public static String text() {
    try (InputStream in = ExampleConfig.class.getResourceAsStream(NAME)) {
      Check.that(in != null, NAME + " is not on the class path");
      return in == null ? "" : new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(NAME + " cannot be read", e);
    }
  }
}
