package dev.regent.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where namespaces cannot be made, a test that needs them fails and says why. Whoever knows that
 * and wants to go on sets REGENT_SKIP_NAMESPACES=yes: then it is skipped, and counted as skipped.
 */
public final class NeedsNamespaces implements BeforeAllCallback {
  private static final String SKIP = "REGENT_SKIP_NAMESPACES";

  @Override
  public void beforeAll(ExtensionContext context) {
    Optional<String> missing = Namespaces.missing();
    if ("yes".equals(System.getenv(SKIP))) {
      Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    }
    assertThat(missing).as("set %s=yes to skip what needs them", SKIP).isEmpty();
  }
}
