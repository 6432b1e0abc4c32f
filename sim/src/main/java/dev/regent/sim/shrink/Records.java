package dev.regent.sim.shrink;

import java.util.ArrayList;
import java.util.List;

/**
 * Copies of records that differ in one component, found by reflection: so an option that is new is
 * shrunk as the others are.
 */
final class Records {
  private Records() {}

  static <R extends Record> R with(R record, String component, Object value) {
    return with(record, names(record).indexOf(component), value);
  }

  /** For each component in which they differ, this one with the other one's. */
  static <R extends Record> List<R> towards(R record, R other) {
    List<R> copies = new ArrayList<>();
    for (int i = 0; i < names(record).size(); i++) {
      Object plain = value(other, i);
      if (!plain.equals(value(record, i))) {
        copies.add(with(record, i, plain));
      }
    }
    return copies;
  }

  private static List<String> names(Record record) {
    List<String> names = new ArrayList<>();
    for (var component : record.getClass().getRecordComponents()) {
      names.add(component.getName());
    }
    return names;
  }

  private static Object value(Record record, int index) {
    try {
      return record.getClass().getRecordComponents()[index].getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked") // A constructor of the record's own class.
  private static <R extends Record> R with(R record, int index, Object value) {
    var components = record.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = i == index ? value : value(record, i);
    }
    try {
      return (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
