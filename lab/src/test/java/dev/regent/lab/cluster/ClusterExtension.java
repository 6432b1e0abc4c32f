package dev.regent.lab.cluster;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real cluster for a test: register it in a static field to share one cluster among all tests of
 * the class, in an instance field to get a new one for each. It is removed whatever the test does;
 * when a test fails, the end of each server's log is printed.
 *
 * <pre>{@code
 * @RegisterExtension
 * final ClusterExtension lab = ClusterExtension.with(LabOptions.of(3).withSemiSync());
 * }</pre>
 */
public final class ClusterExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final int LOG_LINES = 40;

  private final LabOptions options;
  private @Nullable LabCluster cluster;
  private boolean shared;

  private ClusterExtension(LabOptions options) {
    this.options = options;
  }

  public static ClusterExtension with(LabOptions options) {
    return new ClusterExtension(options);
  }

  public LabCluster cluster() {
    if (cluster == null) {
      throw new IllegalStateException("the cluster runs only while a test runs");
    }
    return cluster;
  }

  /** By number, from 1; server 1 starts as the primary. */
  public LabServer server(int number) {
    return cluster().server(number);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    shared = true;
    cluster = LabCluster.start(options);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (!shared) {
      cluster = LabCluster.start(options);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      printLogs(context.getDisplayName());
    }
    if (!shared) {
      close();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  private void close() {
    if (cluster != null) {
      cluster.close();
      cluster = null;
    }
  }

  private void printLogs(String test) {
    for (LabServer server : cluster().servers()) {
      System.err.printf(
          "--- %s failed: %s at %s is %s; its log ends:%n%s%n",
          test, server.name(), server.address(), server.state().text(), server.logTail(LOG_LINES));
    }
  }
}
