package dev.regent.lab.cluster;

import java.io.IOException;

/** A program for tests: starts a cluster, says so, and waits to be ended. */
final class ClusterHolder {
  private ClusterHolder() {}

  public static void main(String[] args) throws IOException {
    LabCluster cluster = LabCluster.start(LabOptions.of(2).withName("holder"));
    System.out.println(cluster.folder());
    while (System.in.read() >= 0) {
      // Until whoever started us closes our input; tests end us before that.
    }
  }
}
