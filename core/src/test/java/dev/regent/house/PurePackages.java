package dev.regent.house;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pure code knows no socket, SQL, file, thread, logger or clock: it uses these packages only. */
record PurePackages(Predicate<Source> where) implements Rule {
  private static final List<String> ALLOWED =
      List.of(
          "java.lang",
          "java.math",
          "java.nio.charset",
          "java.time",
          "java.time.format",
          "java.time.temporal",
          "java.util",
          "java.util.function",
          "java.util.regex",
          "java.util.stream",
          "org.jspecify.annotations");

  /**
   * A digest, a key made of a password, and whether a signature is right are functions, though
   * their packages have chance, or streams, in them as well.
   */
  private static final List<String> ALLOWED_CLASSES =
      List.of(
          "java.security.GeneralSecurityException",
          "java.security.KeyFactory",
          "java.security.MessageDigest",
          "java.security.NoSuchAlgorithmException",
          "java.security.Signature",
          "java.security.spec.X509EncodedKeySpec",
          "java.util.zip.CRC32",
          "java.util.zip.CRC32C",
          "javax.crypto.SecretKeyFactory",
          "javax.crypto.spec.PBEKeySpec");

  private static final Pattern CLASS_OF_OTHERS =
      Pattern.compile(
          "\\b((?:javax?|jdk|sun|org|com|io|tools|net)(?:\\.[a-z]\\w*)+)\\.([A-Z]\\w*)");
  private static final String SOMEWHERE = "core/src/main/java/dev/regent/core/plan/Some.java";

  @Override
  public String name() {
    return "pure";
  }

  @Override
  public List<Finding> check(Source source) {
    var findings = new ArrayList<Finding>();
    if (where.test(source)) {
      Matcher matcher = CLASS_OF_OTHERS.matcher(source.code());
      while (matcher.find()) {
        if (!ALLOWED.contains(matcher.group(1))
            && !ALLOWED_CLASSES.contains(matcher.group(1) + "." + matcher.group(2))) {
          findings.add(
              new Finding(
                  source.lineAt(matcher.start()),
                  matcher.group(1)
                      + ": pure code takes values; do this in server, behind a port of core.control"));
        }
      }
    }
    return findings;
  }

  @Override
  public List<Source> bad() {
    return List.of(
        Source.of(SOMEWHERE, "import java.io.File;"),
        Source.of(SOMEWHERE, "import java.util.concurrent.locks.Lock;"),
        Source.of(SOMEWHERE, "import static java.nio.file.Files.exists;"),
        Source.of(SOMEWHERE, "import org.slf4j.Logger;"),
        Source.of(SOMEWHERE, "import java.security.SecureRandom;"),
        Source.of(SOMEWHERE, "Object x = new java.sql.Timestamp(0);"));
  }

  @Override
  public List<Source> good() {
    return List.of(
        Source.of(SOMEWHERE, "import java.util.Map.Entry;"),
        Source.of(SOMEWHERE, "import java.security.MessageDigest;"),
        Source.of(SOMEWHERE, "import org.jspecify.annotations.Nullable;"),
        Source.of("server/src/main/java/dev/regent/server/Some.java", "import java.io.File;"));
  }

  @Override
  public String toString() {
    return name();
  }
}
