package dev.regent.proxy.session;

import static dev.regent.proxy.session.Played.AUTOCOMMIT;
import static dev.regent.proxy.session.Played.DB1;
import static dev.regent.proxy.session.Played.DB2;
import static dev.regent.proxy.session.Played.DB3;
import static dev.regent.proxy.session.Played.IN_TRANSACTION;
import static dev.regent.proxy.session.Played.framed;
import static dev.regent.proxy.session.Played.table;
import static dev.regent.proxy.session.Played.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.wire.Capability;
import dev.regent.proxy.wire.Ok;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A replica that freezes while something is under way there: its connection seems to live. */
class SilentServerTest {
  @Test
  void readOfWhichNothingCameIsReadElsewhere() {
    Played played = SplitTest.loggedIn();
    SplitTest.read(played, "SELECT 1");
    played.query("SELECT 2");
    assertThat(played.at(DB2).toldText()).isEqualTo("SELECT 2");
    played.silent(DB2);
    played.at(DB3).serverLetsIn();
    played.ok(AUTOCOMMIT);

    assertThat(played.said()).isEqualTo(framed(1, Ok.encode(AUTOCOMMIT)));
    assertThat(played.servers()).containsExactly(DB1, DB3);
  }

  @Test
  void answerThatHasBegunIsWaitedFor() {
    Played played = SplitTest.loggedIn();
    SplitTest.read(played, "SELECT 1");
    played.query("SELECT 2");
    played.at(DB2).server("01");
    played.silent(DB2);

    assertThat(played.servers()).containsExactly(DB1, DB2);
  }

  @Test
  void othersStayWhereTheyAre() {
    Played played = SplitTest.loggedIn();
    SplitTest.read(played, "SELECT 1");
    played.silent(DB2);
    played.query("SELECT 2");
    played.silent(DB3);
    played.silent(DB1);

    assertThat(played.servers()).containsExactly(DB1, DB2);
  }

  /** It may be the read itself that keeps its servers too busy to answer anybody. */
  @Test
  void readIsTakenAwayOnce() {
    Played played = SplitTest.loggedIn();
    SplitTest.read(played, "SELECT 1");
    played.query("SELECT 2");
    played.silent(DB2);
    played.at(DB3).serverLetsIn();
    played.silent(DB3);
    assertThat(played.servers()).containsExactly(DB1, DB3);
    played.pass(Losses.BUSY_READS);
    played.silent(DB3);

    assertThat(played.servers()).doesNotContain(DB3);
  }

  @Test
  void transactionThatOnlyReadsIsRepeatedElsewhere() {
    Played played = SplitTest.loggedIn();
    played.query("START TRANSACTION READ ONLY");
    played.at(DB2).serverLetsIn();
    played.ok(IN_TRANSACTION);
    played.query("SELECT 1");
    played.said();
    played.silent(DB2);

    byte[] next = played.at(DB3).serverLetsInUpTo();
    assertThat(text(next)).isEqualTo("START TRANSACTION READ ONLY");
    played.ok(IN_TRANSACTION);
    assertThat(played.toldText()).isEqualTo("SELECT 1");
    assertThat(played.said()).isEmpty();
  }

  /** Nobody knows what it does there. */
  @Test
  void whatMayChangeSomethingIsWaitedFor() {
    Played played =
        new Played(
            Capability.DEPRECATE_EOF,
            Settings.Kind.REPLICA,
            Settings.Reads.USUAL,
            table(1, DB1, DB2, DB3));
    played.login("secret");
    played.serverLetsIn();
    played.query("CALL p()");
    played.silent(DB2);
    assertThat(played.servers()).isEqualTo(List.of(DB2));
    played.ok(AUTOCOMMIT);
    played.query("SELECT 1");
    played.silent(DB2);

    assertThat(played.servers()).isEqualTo(List.of(DB3));
  }
}
