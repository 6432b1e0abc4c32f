package dev.regent.proxy.seen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.regent.proxy.wire.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GistTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "SELECT 1 | SELECT ?",
        "SELECT  a1,b FROM t WHERE c='it''s' | SELECT a1,b FROM t WHERE c=??",
        "INSERT INTO `t 1` VALUES (-1.5e3, 0x1F, \"x\") | INSERT INTO `t 1` VALUES (-?, ?, ?)",
        "SELECT 'a\\'secret' | SELECT ?",
        "SELECT /* secret */ 1 -- secret | SELECT ?",
        "SELECT 'secret never closed | SELECT ?",
        "SET PASSWORD = PASSWORD('secret') | SET PASSWORD = PASSWORD(?)"
      })
  void valuesAreNotTold(String text, String gist) {
    assertThat(gist(text)).isEqualTo(gist).doesNotContain("secret");
  }

  @Test
  void longTextIsCut() {
    assertThat(gist("SELECT a" + ",a".repeat(1000))).hasSizeLessThan(520).endsWith(" ...");
  }

  private static String gist(String text) {
    return Gist.of(Bytes.of(text.getBytes(StandardCharsets.UTF_8)), 0);
  }
}
