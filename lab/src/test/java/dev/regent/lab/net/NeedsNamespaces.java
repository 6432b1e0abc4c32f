package dev.regent.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where namespaces cannot be made, a test that needs them fails and says why. Whoever knows that
 * and wants to go on sets REGENT_SKIP_NAMESPACES=yes: then it is skipped, and counted as skipped.
 */
public final class NeedsNamespaces implements ExecutionCondition, BeforeAllCallback {
  private static final String SKIP = "REGENT_SKIP_NAMESPACES";

  /** Asked once: it makes a namespace to see. */
  private static final Optional<String> MISSING = Namespaces.missing();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean skip = MISSING.isPresent() && "yes".equals(System.getenv(SKIP));
    return skip
        ? ConditionEvaluationResult.disabled(MISSING.get())
        : ConditionEvaluationResult.enabled("");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    assertThat(MISSING).as("set %s=yes to skip what needs them", SKIP).isEmpty();
  }
}
