package dev.regent.sim.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.sim.contract.ContractCase;
import org.junit.jupiter.api.Test;

class ContractListTest {
  @Test
  void everyCaseHasANameOfItsOwnAndSaysWhereItsFactComesFrom() {
    assertThat(Contract.all()).extracting(ContractCase::name).doesNotHaveDuplicates();
    assertThat(Contract.all()).allSatisfy(story -> assertThat(story.source()).isNotBlank());
  }
}
