package dev.regent.server.store;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one JSON form of core's values, in the journal, the audit trail and the API alike.
 *
 * <ul>
 *   <li>A case of a sealed type carries its simple name as {@code "type"}.
 *   <li>Server names, GTIDs, positions and binlog states are strings as MariaDB and people write
 *       them, durations are ISO 8601, absent values are null.
 *   <li>Components come in the order of their declaration, so equal values have equal text.
 *   <li>Whatever can say itself in a {@code sentence()} has it in its JSON; reading ignores it.
 * </ul>
 *
 * Reading is strict: a missing, unknown or null component is an error, because the journal must
 * never be half understood. A {@link dev.regent.core.plan.Run} is written as its kind and purpose
 * and cannot be read back.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .annotationIntrospector(
              AnnotationIntrospector.pair(new CoreTypes(), new JacksonAnnotationIntrospector()))
          .addModule(CoreValues.module())
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
          .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final ObjectWriter PRETTY = MAPPER.writerWithDefaultPrettyPrinter();

  private Json() {}

  /** One line, without a line end. */
  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** As {@link #write}, in UTF-8. */
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /** On several lines, for people. */
  public static String pretty(Object value) {
    return PRETTY.writeValueAsString(value);
  }

  /** For callers that add their own members to an object. */
  public static ObjectNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Throws {@link JacksonException} if the text is not exactly one value of the type. */
  public static <T> T read(String text, Class<T> type) {
    return MAPPER.readValue(text, type);
  }

  /** Throws {@link JacksonException} if the text is not exactly one value of the type. */
  public static <T> T read(byte[] utf8, Class<T> type) {
    return MAPPER.readValue(utf8, type);
  }
}
