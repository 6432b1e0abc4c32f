package dev.regent.server.checkup;

import dev.regent.core.model.ClusterSpec;
import dev.regent.core.model.Policy;
import dev.regent.core.model.Policy.Profile;

/** One server that answered, and the ward it lies in. */
record Patient(ClusterSpec.Server server, Facts facts, Ward ward) {

  Policy policy() {
    return ward.spec().policy();
  }

  Profile profile() {
    return policy().profile();
  }

  boolean safe() {
    return profile() == Profile.SAFE;
  }

  boolean semiSyncIsOurs() {
    return profile() != Profile.ASYNC && policy().replication().manageSemiSync();
  }

  /** Whether it takes writes and follows nobody: the one that has the role, or thinks so. */
  boolean leads() {
    return !facts.isReplica() && !facts.readOnly();
  }
}
