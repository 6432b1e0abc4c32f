package dev.regent.proxy.net;

import dev.regent.proxy.session.Settings;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How connections at one address are taken.
 *
 * @param tls holds the certificate that clients are shown; present if the door is not plain
 */
public record Reception(Settings settings, Optional<SSLContext> tls) {
  public Reception(Settings settings) {
    this(settings, Optional.empty());
  }
}
