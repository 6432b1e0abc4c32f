package dev.regent.lab.cluster;

import dev.regent.lab.net.Net;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A program for tests: starts a cluster, says so, and waits to be ended. With any argument the
 * cluster lives in namespaces, on disks of its own, and something else runs on a host of it.
 */
final class ClusterHolder {
  private ClusterHolder() {}

  public static void main(String[] args) throws IOException {
    LabOptions plain = LabOptions.of(2).withName("holder");
    LabCluster cluster =
        LabCluster.start(args.length == 0 ? plain : plain.inNamespaces().withDisk(64));
    if (cluster.net().isPresent()) {
      runSomethingIn(cluster.net().get());
    }
    System.out.println(cluster.folder());
    while (System.in.read() >= 0) {
      // Until whoever started us closes our input; tests end us before that.
    }
  }

  private static void runSomethingIn(Net net) throws IOException {
    List<String> command = new ArrayList<>(net.manager().enter());
    command.addAll(List.of("sleep", "600"));
    System.out.println(new ProcessBuilder(command).start().pid());
  }
}
