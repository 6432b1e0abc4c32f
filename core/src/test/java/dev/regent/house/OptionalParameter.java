package dev.regent.house;

import java.util.List;

/** {@code Optional} is a return or a record's component. */
record OptionalParameter() implements Rule {
  private static final String SOMEWHERE = "server/src/main/java/dev/regent/server/Some.java";

  @Override
  public String name() {
    return "optional-parameter";
  }

  @Override
  public List<Finding> check(Source source) {
    if (!source.isMain() || !source.code().contains("Optional")) {
      return List.of();
    }
    return Methods.of(source).stream()
        .filter(method -> !(method.ofRecord() && method.isConstructor()))
        .filter(method -> method.parameterTypes().stream().anyMatch(OptionalParameter::isOptional))
        .map(method ->
            new Finding(
                method.firstLine(),
                method.name() + " takes an Optional: write two methods, or a sealed type"))
        .toList();
  }

  @Override
  public List<Source> bad() {
    return List.of(
        Source.of(SOMEWHERE, "class A { void m(int i, Optional<String> name) {} }"),
        Source.of(SOMEWHERE, "interface A { void m(OptionalLong size); }"),
        Source.of(SOMEWHERE, "record A(int i) { static A of(Optional<Integer> i) { return x; } }"));
  }

  @Override
  public List<Source> good() {
    return List.of(
        Source.of(SOMEWHERE, "record A(Optional<String> name) { A { check(name); } }"),
        Source.of(SOMEWHERE, "class A { Optional<String> m() { return f(Optional.of(x)); } }"));
  }

  @Override
  public String toString() {
    return name();
  }

  private static boolean isOptional(String type) {
    return type.matches("(java\\.util\\.)?Optional(Int|Long|Double)?(<.*>)?");
  }
}
