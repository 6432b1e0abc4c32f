package dev.regent.house;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One text file of the repository.
 *
 * @param path from the repository's root, with slashes
 * @param text as it is on disk
 * @param code the text with comments and literals blanked, so that a rule sees only what is
 *     compiled; line numbers stay
 */
record Source(String path, String text, String code) {
  private static final Pattern COMMENT_OR_LITERAL =
      Pattern.compile(
          "\"\"\"[\\s\\S]*?(?<!\\\\)\"\"\"" // text block
              + "|\"(?:[^\"\\\\\n]++|\\\\.)*+\"" // string
              + "|'(?:[^'\\\\\n]++|\\\\.)*+'" // character
              + "|//[^\n]*"
              + "|/\\*[\\s\\S]*?\\*/");
  private static final Pattern VISIBLE = Pattern.compile("\\S");
  private static final List<String> SKIPPED_FOLDERS =
      List.of("target", ".git", ".idea", ".vscode", "node_modules");
  private static final Pattern READ =
      Pattern.compile(".*\\.(java|md|xml|sh|sql|toml|properties|js|css|html)|regent|test|run");

  static Source of(String path, String text) {
    return new Source(path, text, path.endsWith(".java") ? blanked(text) : text);
  }

  /** Every text file of the repository around the working folder. */
  static List<Source> ofRepository() throws IOException {
    Path root = root();
    var sources = new ArrayList<Source>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return SKIPPED_FOLDERS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()
                && READ.matcher(file.getFileName().toString()).matches()) {
              String path = root.relativize(file).toString().replace('\\', '/');
              sources.add(of(path, Files.readString(file)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  boolean isJava() {
    return path.endsWith(".java");
  }

  boolean isMain() {
    return isJava() && path.contains("/src/main/");
  }

  /** The first folder of the path. */
  String module() {
    return path.substring(0, Math.max(0, path.indexOf('/')));
  }

  /** The folders below {@code java}, with dots; empty where there are none. */
  String packageName() {
    int java = path.indexOf("/java/");
    int name = path.lastIndexOf('/');
    return java < 0 || name < java + 6 ? "" : path.substring(java + 6, name).replace('/', '.');
  }

  String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  int lines() {
    return (int) text.lines().count();
  }

  int lineAt(int offset) {
    return (int) text.substring(0, offset).chars().filter(c -> c == '\n').count() + 1;
  }

  /** Does this line, or the one above it, say "// tidy: NAME because ..."? */
  boolean excuses(String rule, int line) {
    var excuse = Pattern.compile("// tidy: " + Pattern.quote(rule) + " because \\S.{9,}");
    return text.lines()
        .skip(Math.max(0, line - 2))
        .limit(line == 1 ? 1 : 2)
        .anyMatch(written -> excuse.matcher(written).find());
  }

  private static String blanked(String text) {
    return COMMENT_OR_LITERAL
        .matcher(text)
        .replaceAll(found -> VISIBLE.matcher(found.group()).replaceAll(" "));
  }

  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException(
            "no mvnw in any folder above " + Path.of("").toAbsolutePath());
      }
      folder = parent;
    }
    return folder;
  }
}
