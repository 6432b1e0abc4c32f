package dev.regent.core.toy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails the run in which every story was told and some case of a sealed type was not reached.
 *
 * <p>JUnit finds it by itself (META-INF/services), notes each class that begins, and closes its
 * store after the last one, whatever their order. A run of a few classes proves nothing and is left
 * alone.
 */
public final class AllReached implements BeforeAllCallback {
  private static final String STORIES = "dev.regent.core.story";

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(Namespace.create(AllReached.class))
        .computeIfAbsent(Told.class, type -> new Told(), Told.class)
        .add(context.getRequiredTestClass());
  }

  private static final class Told implements AutoCloseable {
    private final SortedSet<String> told = new TreeSet<>();

    void add(Class<?> story) {
      told.add(story.getName());
    }

    @Override
    public void close() throws IOException, URISyntaxException {
      if (told.containsAll(stories())) {
        assertThat(Reached.missing()).as("reached by no story").isEmpty();
      }
    }
  }

  private static List<String> stories() throws IOException, URISyntaxException {
    Path classes =
        Path.of(AllReached.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.list(classes.resolve(STORIES.replace('.', '/')))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith("Test.class"))
          .map(f -> STORIES + "." + f.substring(0, f.length() - ".class".length()))
          .toList();
    }
  }
}
