package dev.regent.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Finds the methods of a source with the compiler's own parser. */
final class Methods {
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  private Methods() {}

  /**
   * A method or constructor.
   *
   * @param ofRecord stands directly in a record
   * @param parameterTypes as they are written
   */
  record Method(
      String name, int firstLine, int lastLine, boolean ofRecord, List<String> parameterTypes) {
    boolean isConstructor() {
      return name.equals("<init>");
    }
  }

  static List<Method> of(Source source) {
    var task =
        (JavacTask)
            COMPILER.getTask(
                null,
                null,
                ignored -> {},
                List.of("-proc:none"),
                null,
                List.of(new InMemory(source)));
    try {
      var scanner = new Scanner(Trees.instance(task).getSourcePositions());
      for (CompilationUnitTree unit : task.parse()) {
        scanner.scan(unit, unit);
      }
      return scanner.methods;
    } catch (IOException e) {
      throw new UncheckedIOException(source.path(), e);
    }
  }

  private static final class Scanner extends TreeScanner<Void, CompilationUnitTree> {
    private final SourcePositions positions;
    private final List<Method> methods = new ArrayList<>();
    private boolean inRecord;

    private Scanner(SourcePositions positions) {
      this.positions = positions;
    }

    @Override
    public Void visitClass(ClassTree tree, CompilationUnitTree unit) {
      boolean outer = inRecord;
      inRecord = tree.getKind() == Tree.Kind.RECORD;
      super.visitClass(tree, unit);
      inRecord = outer;
      return null;
    }

    @Override
    public Void visitMethod(MethodTree tree, CompilationUnitTree unit) {
      methods.add(
          new Method(
              tree.getName().toString(),
              lineAt(unit, positions.getStartPosition(unit, tree)),
              lineAt(unit, positions.getEndPosition(unit, tree)),
              inRecord,
              tree.getParameters().stream().map(p -> String.valueOf(p.getType())).toList()));
      return super.visitMethod(tree, unit);
    }

    private static int lineAt(CompilationUnitTree unit, long position) {
      return (int) unit.getLineMap().getLineNumber(position);
    }
  }

  private static final class InMemory extends SimpleJavaFileObject {
    private final String text;

    private InMemory(Source source) {
      super(URI.create("string:///" + source.path()), Kind.SOURCE);
      this.text = source.text();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
