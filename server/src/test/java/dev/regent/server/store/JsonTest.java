package dev.regent.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.core.analyze.Diagnosis;
import dev.regent.core.control.Command;
import dev.regent.core.control.Entry;
import dev.regent.core.control.Event;
import dev.regent.core.control.Ledger;
import dev.regent.core.control.Reply;
import dev.regent.core.model.ClusterRecord;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.Observation;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Decision;
import dev.regent.core.plan.Evidence;
import dev.regent.core.plan.Note;
import dev.regent.core.plan.Outcome;
import dev.regent.core.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;

final class JsonTest {

  static Stream<Class<?>> sealedTypes() {
    return Stream.of(
        Entry.class,
        Event.class,
        Command.class,
        Diagnosis.class,
        Observation.class,
        Step.class,
        Evidence.class,
        Outcome.class,
        Note.class);
  }

  @ParameterizedTest
  @MethodSource("sealedTypes")
  void everyCaseReadsBackAsItWasWritten(Class<?> sealed) {
    for (Object value : Samples.ofEach(sealed)) {
      String json = Json.write(value);
      assertThat(json).contains("\"type\":\"" + value.getClass().getSimpleName() + "\"");
      assertThat(json).doesNotContain("\n");
      assertThat(Json.<Object>read(json, erased(sealed))).as(json).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @MethodSource("sealedTypes")
  void noTwoCasesOfOneTypeShareTheirName(Class<?> sealed) {
    assertThat(CoreTypes.leaves(sealed).stream().map(Class::getSimpleName)).doesNotHaveDuplicates();
  }

  @SuppressWarnings("unchecked")
  private static Class<Object> erased(Class<?> type) {
    return (Class<Object>) type;
  }

  @Test
  void aWholeRecordReadsBack() {
    List<Entry> entries = new ArrayList<>();
    Samples.ofEach(Entry.class).forEach(e -> entries.add((Entry) e));
    ClusterRecord record = Ledger.apply(ClusterRecord.blank(), entries);
    assertThat(Json.read(Json.bytes(record), ClusterRecord.class)).isEqualTo(record);
    assertThat(Json.read(Json.write(ClusterRecord.blank()), ClusterRecord.class))
        .isEqualTo(ClusterRecord.blank());
  }

  @Test
  void valuesLookAsPeopleWriteThem() {
    TreeSet<ServerId> members = new TreeSet<>(List.of(new ServerId("db2"), new ServerId("db1")));
    assertThat(Json.write(new Entry.SyncSet(members)))
        .isEqualTo("{\"type\":\"SyncSet\",\"members\":[\"db1\",\"db2\"]}");
    assertThat(
            Json.write(
                new ClusterRecord.Reign(7, new ServerId("db1"), GtidPosition.parse("0-1-14"), 5)))
        .isEqualTo("{\"epoch\":7,\"primary\":\"db1\",\"before\":\"0-1-14\",\"sinceMillis\":5}");
    assertThat(Json.write(new Reply(Reply.Result.HELD, "no witness", List.of())))
        .isEqualTo("{\"result\":\"HELD\",\"message\":\"no witness\",\"lines\":[]}");
  }

  @Test
  void aDiagnosisSaysItselfInItsJson() {
    assertThat(Json.write(new Diagnosis.PrimaryWell(new ServerId("db1"), 3)))
        .isEqualTo(
            "{\"type\":\"PrimaryWell\",\"server\":\"db1\",\"epoch\":3,"
                + "\"sentence\":\"db1 is primary (epoch 3) and answers\",\"severity\":\"OK\"}");
  }

  @Test
  void aHoldKeepsItsOwnSentence() {
    Decision.Hold hold =
        new Decision.Hold(
            new Diagnosis.PrimaryReadOnly(new ServerId("db1")),
            Decision.Reason.OPERATOR_DECIDES,
            "an operator closed it");
    assertThat(Json.read(Json.write(hold), Decision.class)).isEqualTo(hold);
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    for (String wrong :
        List.of(
            "{\"type\":\"Attached\"}",
            "{\"type\":\"Attached\",\"server\":null}",
            "{\"type\":\"Attached\",\"server\":\"db1\",\"since\":3}",
            "{\"type\":\"Crowned\",\"server\":\"db1\"}",
            "{\"server\":\"db1\"}",
            "{\"type\":\"Attached\",\"server\":\"db1\"} {}",
            "{\"type\":\"TookOffice\",\"atMillis\":null}")) {
      assertThatThrownBy(() -> Json.read(wrong, Entry.class))
          .as(wrong)
          .isInstanceOf(JacksonException.class);
    }
  }
}
