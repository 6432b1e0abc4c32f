package dev.regent.server.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMethod;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Tells Jackson what annotations on core's types would tell it: every case of a sealed interface
 * has its simple name as type, and what says itself to people is written but not read.
 */
final class CoreTypes extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1L;
  private static final String CORE = "dev.regent.core.";
  private static final List<String> SAID = List.of("sentence", "severity");
  private static final JsonTypeInfo.Value BY_NAME =
      JsonTypeInfo.Value.construct(
          JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, "type", null, false, true, null);

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    return annotated instanceof AnnotatedClass type && isCase(type.getRawType()) ? BY_NAME : null;
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
    if (!(annotated instanceof AnnotatedClass type) || !isCase(type.getRawType())) {
      return null;
    }
    List<NamedType> cases = new ArrayList<>();
    for (Class<?> leaf : leaves(type.getRawType())) {
      cases.add(new NamedType(leaf, leaf.getSimpleName()));
    }
    return cases;
  }

  @Override
  public @Nullable String findTypeName(MapperConfig<?> config, AnnotatedClass type) {
    return isCase(type.getRawType()) ? type.getRawType().getSimpleName() : null;
  }

  @Override
  public @Nullable PropertyName findNameForSerialization(
      MapperConfig<?> config, Annotated annotated) {
    return isSaid(annotated) ? PropertyName.construct(annotated.getName()) : null;
  }

  @Override
  public JsonProperty.@Nullable Access findPropertyAccess(
      MapperConfig<?> config, Annotated annotated) {
    return isSaid(annotated) ? JsonProperty.Access.READ_ONLY : null;
  }

  /** Components as declared, then what is said: reflection promises no order of methods. */
  @Override
  public String @Nullable [] findSerializationPropertyOrder(
      MapperConfig<?> config, AnnotatedClass type) {
    RecordComponent[] components = type.getRawType().getRecordComponents();
    if (components == null) {
      return null;
    }
    return Stream.concat(Arrays.stream(components).map(RecordComponent::getName), SAID.stream())
        .toArray(String[]::new);
  }

  private static boolean isSaid(Annotated annotated) {
    return annotated instanceof AnnotatedMethod method
        && SAID.contains(method.getName())
        && method.getParameterCount() == 0
        && method.getDeclaringClass().getName().startsWith(CORE)
        && !isComponent(method);
  }

  private static boolean isComponent(AnnotatedMethod method) {
    RecordComponent[] components = method.getDeclaringClass().getRecordComponents();
    return components != null
        && Arrays.stream(components).anyMatch(c -> c.getName().equals(method.getName()));
  }

  /** Whether the class is, or implements, a sealed interface of core. */
  private static boolean isCase(Class<?> type) {
    if (!type.getName().startsWith(CORE)) {
      return false;
    }
    if (type.isInterface() && type.isSealed()) {
      return true;
    }
    for (Class<?> parent : type.getInterfaces()) {
      if (isCase(parent)) {
        return true;
      }
    }
    return false;
  }

  /** The records at the ends of a sealed hierarchy, in the order of their declaration. */
  static List<Class<?>> leaves(Class<?> type) {
    List<Class<?>> leaves = new ArrayList<>();
    collect(type, leaves);
    return leaves;
  }

  private static void collect(Class<?> type, List<Class<?>> leaves) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    if (permitted == null) {
      if (!leaves.contains(type)) {
        leaves.add(type);
      }
      return;
    }
    for (Class<?> one : permitted) {
      collect(one, leaves);
    }
  }
}
