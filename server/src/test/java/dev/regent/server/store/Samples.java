package dev.regent.server.store;

import dev.regent.core.model.Endpoint;
import dev.regent.core.model.Gtid;
import dev.regent.core.model.GtidPosition;
import dev.regent.core.model.GtidState;
import dev.regent.core.model.ServerId;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes a value of any record of core, every component different and none of them empty. */
final class Samples {
  private int counter;

  /** A value of each case of a sealed interface. */
  static List<Object> ofEach(Class<?> sealed) {
    return CoreTypes.leaves(sealed).stream().map(leaf -> new Samples().of(leaf)).toList();
  }

  Object of(Type type) {
    counter++;
    return type instanceof ParameterizedType generic ? ofGeneric(generic) : of((Class<?>) type);
  }

  private Object ofGeneric(ParameterizedType type) {
    Type[] arguments = type.getActualTypeArguments();
    return switch (((Class<?>) type.getRawType()).getSimpleName()) {
      case "Optional" -> Optional.of(of(arguments[0]));
      case "List" -> List.of(of(arguments[0]), of(arguments[0]));
      case "SortedSet" -> new TreeSet<>(List.of(of(arguments[0]), of(arguments[0])));
      case "SortedMap" -> {
        TreeMap<Object, Object> map = new TreeMap<>();
        map.put(of(arguments[0]), of(arguments[1]));
        map.put(of(arguments[0]), of(arguments[1]));
        yield map;
      }
      default -> throw new AssertionError("no sample for " + type);
    };
  }

  private Object of(Class<?> type) {
    if (type == long.class) {
      return 1_000_000_000_000L + counter;
    } else if (type == int.class) {
      return counter;
    } else if (type == boolean.class) {
      return true;
    } else if (type == String.class) {
      return "text \"" + counter + "\" ü\n";
    } else if (type == Duration.class) {
      return Duration.ofMillis(250L * counter);
    } else if (type == OptionalLong.class) {
      return OptionalLong.of(counter);
    } else if (type == ServerId.class) {
      return new ServerId("db" + counter);
    } else if (type == Endpoint.class) {
      return new Endpoint("fd00::" + counter, 3306);
    } else if (type == Gtid.class) {
      return new Gtid(1, counter, 1000L + counter);
    } else if (type == GtidPosition.class) {
      return GtidPosition.parse("0-1-" + counter + ",5-2-" + counter);
    } else if (type == GtidState.class) {
      return GtidState.parse("0-1-" + counter + ",0-2-" + (counter + 1));
    } else if (type.isEnum()) {
      return type.getEnumConstants()[counter % type.getEnumConstants().length];
    } else if (type.isSealed()) {
      return of(CoreTypes.leaves(type).getFirst());
    } else if (type.isRecord()) {
      return record(type);
    }
    throw new AssertionError("no sample for " + type);
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values =
        Arrays.stream(components).map(c -> of(c.getGenericType())).toArray(Object[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no sample for " + type, e);
    }
  }
}
