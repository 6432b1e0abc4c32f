package dev.regent.sim.mutate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles changed sources of the core, the proxy or the simulator in memory, and loads all anew:
 * so a deliberate bug is in the real code, and in no build of it.
 *
 * <p>Everything below {@code dev.regent} is defined by the mutant's own loader; what crosses to the
 * other side are classes of the JDK.
 */
final class MutantLoader extends ClassLoader {
  private static final String OURS = "dev.regent.";

  static {
    registerAsParallelCapable();
  }

  private final Map<String, byte[]> compiled = new TreeMap<>();

  private MutantLoader(ClassLoader parent) {
    super(parent);
  }

  /** A run of one seed with this bug: tells the broken promise, or nothing. */
  static LongFunction<String> trial(Mutation mutation) {
    return trial(mutation, mutation.trial());
  }

  /** Something else to be done with a seed, in the classes of the mutant. */
  static LongFunction<String> trial(Mutation mutation, Class<? extends LongFunction<String>> what) {
    MutantLoader loader = new MutantLoader(MutantLoader.class.getClassLoader());
    Map<String, String> changed = mutation.changed(MutantLoader::source);
    if (!changed.isEmpty()) {
      loader.compile(changed);
    }
    return loader.made(what);
  }

  // --- sources

  private static Path root() {
    String home = System.getProperty("regent.home");
    if (home == null) {
      throw new IllegalStateException("the property regent.home does not name the project");
    }
    return Path.of(home);
  }

  private static Path path(String file) {
    String module = file.substring(0, file.indexOf('/'));
    return root().resolve(module).resolve("src/main/java/dev/regent").resolve(file + ".java");
  }

  private static String source(String file) {
    try {
      return Files.readString(path(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compile(Map<String, String> changed) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    List<Text> texts = new ArrayList<>();
    changed.forEach((file, text) -> texts.add(new Text(path(file), text)));
    List<String> options =
        List.of("-proc:none", "-nowarn", "-Xlint:none", "-cp", classPath(), "-g:none");
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean done =
          compiler.getTask(complaints, new InMemory(files), null, options, null, texts).call();
      if (!done) {
        throw new IllegalStateException("a mutant does not compile: " + complaints);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Surefire hides the class path in a manifest, so each class is asked where it comes from. */
  private static String classPath() {
    return Stream.of(
            dev.regent.core.control.Controller.class,
            dev.regent.proxy.session.Session.class,
            dev.regent.sim.world.World.class,
            org.jspecify.annotations.NullMarked.class)
        .map(MutantLoader::place)
        .collect(Collectors.joining(java.io.File.pathSeparator));
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  // --- classes

  @SuppressWarnings("unchecked") // The same class, loaded anew, implements the same.
  private LongFunction<String> made(Class<? extends LongFunction<String>> what) {
    try {
      return (LongFunction<String>)
          loadClass(what.getName()).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : findClass(name);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] changed = compiled.get(name);
    byte[] bytes = changed != null ? changed : original(name);
    return defineClass(name, bytes, 0, bytes.length);
  }

  private byte[] original(String name) throws ClassNotFoundException {
    try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(Path file, String text) {
      super(file.toUri(), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    InMemory(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/')), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new ByteArrayOutputStream() {
            @Override
            public void close() {
              compiled.put(name, toByteArray());
            }
          };
        }
      };
    }
  }
}
