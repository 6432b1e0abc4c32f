package dev.regent.sim.facts;

import dev.regent.sim.contract.ContractCase;
import java.util.List;
import java.util.stream.Stream;

/** All cases. A new group of stories has its line here. */
public final class Contract {
  private Contract() {}

  public static List<ContractCase> all() {
    return Stream.of(
            Acknowledging.cases(),
            FalseAcknowledging.cases(),
            SyncMembers.cases(),
            Receipts.cases(),
            Recovery.cases(),
            OwnEvents.cases(),
            RelayLogs.cases(),
            Gtids.cases(),
            Diverged.cases(),
            Receivers.cases(),
            Sources.cases(),
            ReadOnly.cases(),
            Connections.cases())
        .flatMap(List::stream)
        .toList();
  }
}
