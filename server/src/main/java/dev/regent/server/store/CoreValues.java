package dev.regent.server.store;

import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import dev.regent.core.plan.Run;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.std.FromStringDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** The values of core that are one word in JSON, and the one that cannot be read back. */
final class CoreValues {
  private CoreValues() {}

  static JacksonModule module() {
    SimpleModule module = new SimpleModule("regent-core");
    text(module, ServerId.class, ServerId::new);
    text(module, Gtid.class, Gtid::parse);
    text(module, GtidPosition.class, GtidPosition::parse);
    text(module, GtidState.class, GtidState::parse);
    module.addKeyDeserializer(ServerId.class, new ServerKey());
    module.addSerializer(Run.class, new RunWriter());
    return module;
  }

  private static <T> void text(SimpleModule module, Class<T> type, Function<String, T> parse) {
    module.addSerializer(type, new ToStringSerializer(type));
    module.addDeserializer(type, new TextReader<>(type, parse));
  }

  private static final class TextReader<T> extends FromStringDeserializer<T> {
    private final Function<String, T> parse;

    TextReader(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    protected T _deserialize(String text, DeserializationContext context) {
      return parse.apply(text);
    }

    /** The empty text is a value of its own: the empty position, the empty state. */
    @Override
    protected Object _deserializeFromEmptyString(DeserializationContext context) {
      return parse.apply("");
    }
  }

  private static final class ServerKey extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return new ServerId(key);
    }
  }

  private static final class RunWriter extends ValueSerializer<Run> {
    @Override
    public void serialize(Run run, JsonGenerator out, SerializationContext context) {
      out.writeStartObject();
      out.writeStringProperty("kind", run.kind().words());
      out.writeStringProperty("purpose", run.purpose());
      out.writeEndObject();
    }
  }
}
